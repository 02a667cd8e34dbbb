#include "flow/export_cells.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/text.hpp"
#include "study/programming.hpp"
#include "study/variability.hpp"

namespace memspice::flow {
namespace {

[[noreturn]] void refuse(std::string place,
                         std::string value,
                         std::string rule,
                         std::string remedy) {
  throw InputError({.place = std::move(place),
                    .value = std::move(value),
                    .rule = std::move(rule),
                    .remedy = std::move(remedy)});
}

double time_of(const config::FlowOptions& options, const ExportRequest& request) {
  const std::vector<double> times = study::sample_times(options.nonideality.drift);
  if (!request.time) return times.front();
  if (std::find(times.begin(), times.end(), *request.time) != times.end()) return *request.time;
  std::string known;
  for (const double t : times) known += (known.empty() ? "" : ", ") + memspice::to_text(t);
  refuse("--time",
         memspice::to_text(*request.time),
         "is none of the times at which a run looks at its samples, " + known + " s",
         "choose one, or add it to nonideality.drift.times");
}

ExportedCells sample_of(const config::FlowOptions& options,
                        const mapping::TilePlan& plan,
                        const ExportRequest& request) {
  const int sample = *request.chip;
  const std::string number = std::to_string(sample);
  if (!options.nonideality.any()) {
    refuse("--chip",
           number,
           "the flow has no [nonideality]: every chip holds the perfect cells",
           "leave it out, or turn an effect on");
  }
  if (sample >= options.monte_carlo.samples) {
    refuse("--chip",
           number,
           "[monte_carlo] draws " + std::to_string(options.monte_carlo.samples) +
               " samples, counted from 0",
           "choose one of them, or set monte_carlo.samples");
  }
  ExportedCells cells{.plan = {},
                      .are = "sample",
                      .sample = static_cast<std::uint64_t>(sample),
                      .time = time_of(options, request),
                      .notes = {}};
  cells.plan =
      study::sample_cells({options.nonideality, options.monte_carlo},
                          plan,
                          {.seed = options.seed, .number = cells.sample, .time = cells.time});
  if (options.nonideality.read_noise.is_on()) {
    cells.notes.push_back("read noise is drawn at each read and is not in the deck");
  }
  return cells;
}

ExportedCells programmed_cells(const config::FlowOptions& options,
                               const mapping::TilePlan& plan,
                               const std::string& layer) {
  if (!options.programming.is_on) {
    refuse("--programmed",
           {},
           "the flow has no [programming] that would write its cells",
           "leave it out, or add the table");
  }
  // Layers off crossbars hold no cells that could be written.
  study::Pass pass = passes_of(options).back();
  for (const mapping::LayerPlan& each : plan.layers) {
    if (options.path.on_crossbars(each.name)) continue;
    pass.own_layers.insert_or_assign(each.name, simulate::Fidelity::Float);
  }
  const tile::Array array = array_of(options);
  return {.plan = study::written_cells({.options = &options.programming,
                                        .array = &array,
                                        .seed = options.seed,
                                        .jobs = options.jobs},
                                       plan,
                                       pass,
                                       layer),
          .are = "programmed",
          .notes = {}};
}

ExportedCells perfect_cells(const config::FlowOptions& options, const mapping::TilePlan& plan) {
  ExportedCells cells{.plan = plan, .are = "perfect", .notes = {}};
  if (options.nonideality.any()) {
    cells.notes.push_back(
        "the cells are the perfect ones, without [nonideality]; --chip K takes those of sample K");
  }
  if (options.programming.is_on) {
    cells.notes.push_back(
        "the cells are the perfect ones; --programmed takes what [programming] leaves in them");
  }
  return cells;
}

}  // namespace

ExportedCells choose_cells(const config::FlowOptions& options,
                           const mapping::TilePlan& plan,
                           const std::string& layer,
                           const ExportRequest& request) {
  if (request.chip && request.programmed) {
    refuse("--programmed", {}, "does not go with --chip", "leave one of them out");
  }
  if (request.time && !request.chip) {
    refuse("--time", memspice::to_text(*request.time), "is a sample's", "give --chip as well");
  }
  if (request.chip) return sample_of(options, plan, request);
  if (request.programmed) return programmed_cells(options, plan, layer);
  return perfect_cells(options, plan);
}

nlohmann::ordered_json cells_json(const config::FlowOptions& options, const ExportedCells& cells) {
  nlohmann::ordered_json json{{"are", cells.are}, {"seed", options.seed}};
  if (cells.are == "sample") {
    const bool chips = options.monte_carlo.vary == study::Vary::Chips;
    json["sample"] = cells.sample;
    json["vary"] = chips ? "chips" : "programmings";
    json["time_second"] = cells.time;
  }
  json["notes"] = cells.notes;
  return json;
}

void require_on_crossbars(const config::FlowOptions& options, const std::string& layer) {
  if (!options.path.on_crossbars(layer)) {
    refuse("path." + layer,
           in_quotes(study::to_text(options.path.of(layer))),
           "computes layer " + layer + " without crossbars, so there is no array to export",
           "set it to \"crossbar\", or export another layer");
  }
  if (passes_of(options).back().of(layer) != simulate::Fidelity::Float) return;
  refuse("fidelity." + (options.fidelity.layers.contains(layer) ? layer : "default"),
         "\"float\"",
         "computes layer " + layer + " without crossbars, so there is no array to export",
         "choose ideal, mesh, calibrated or spice");
}

}  // namespace memspice::flow
