#include "flow/export_cells.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/text.hpp"
#include "study/programming.hpp"
#include "study/variability.hpp"

namespace memspice::flow {
namespace {

double time_of(const device::Drift& drift, const ExportRequest& request) {
  const std::vector<double> times = study::sample_times(drift);
  if (!request.time) return times.front();
  if (std::find(times.begin(), times.end(), *request.time) != times.end()) return *request.time;
  std::string known;
  for (const double t : times) known += (known.empty() ? "" : ", ") + memspice::to_text(t);
  reject("--time",
         memspice::to_text(*request.time),
         "is none of the times at which a run looks at its samples, " + known + " s",
         "choose one, or add it to nonideality.drift.times");
}

void require_chip(const study::VariabilityOptions& variability, int sample) {
  const std::string number = std::to_string(sample);
  if (!variability.effects.any()) {
    reject("--chip",
           number,
           "the flow has no [nonideality]: every chip holds the perfect cells",
           "leave it out, or turn an effect on");
  }
  const int samples = variability.monte_carlo.samples;
  if (sample >= 0 && sample < samples) return;
  reject("--chip",
         number,
         "[monte_carlo] draws " + std::to_string(samples) + " samples, counted from 0",
         "choose one of them, or set monte_carlo.samples");
}

ExportedCells sample_of(const CellSources& sources,
                        const mapping::TilePlan& plan,
                        const ExportRequest& request) {
  const auto& effects = sources.variability.effects;
  require_chip(sources.variability, *request.chip);
  ExportedCells cells{.plan = {},
                      .are = "sample",
                      .sample = static_cast<std::uint64_t>(*request.chip),
                      .time = time_of(effects.drift, request),
                      .notes = {}};
  cells.plan =
      study::sample_cells(sources.variability,
                          plan,
                          {.seed = sources.seed, .number = cells.sample, .time = cells.time});
  if (effects.read_noise.is_on()) {
    cells.notes.push_back("read noise is drawn at each read and is not in the deck");
  }
  return cells;
}

ExportedCells programmed_cells(const CellSources& sources,
                               const tile::Array& array,
                               const mapping::TilePlan& plan,
                               const std::string& layer) {
  if (!sources.programming.is_on) {
    reject("--programmed",
           {},
           "the flow has no [programming] that would write its cells",
           "leave it out, or add the table");
  }
  // Layers off crossbars hold no cells that could be written.
  study::Rung rung = sources.rung;
  for (const mapping::LayerPlan& each : plan.layers) {
    if (sources.paths.on_crossbars(each.name)) continue;
    rung.own_layers.insert_or_assign(each.name, simulate::Fidelity::Float);
  }
  return {.plan = study::written_cells({.options = &sources.programming,
                                        .array = &array,
                                        .seed = sources.seed,
                                        .jobs = sources.jobs},
                                       plan,
                                       rung,
                                       layer),
          .are = "programmed",
          .notes = {}};
}

ExportedCells perfect_cells(const CellSources& sources, const mapping::TilePlan& plan) {
  ExportedCells cells{.plan = plan, .are = "perfect", .notes = {}};
  if (sources.variability.effects.any()) {
    cells.notes.push_back(
        "the cells are the perfect ones, without [nonideality]; --chip K takes those of sample K");
  }
  if (sources.programming.is_on) {
    cells.notes.push_back(
        "the cells are the perfect ones; --programmed takes what [programming] leaves in them");
  }
  return cells;
}

}  // namespace

ExportedCells choose_cells(const ExportPlan& plan,
                           const mapping::TilePlan& mapped,
                           const std::string& layer,
                           const ExportRequest& request) {
  if (request.chip && request.programmed) {
    reject("--programmed", {}, "does not go with --chip", "leave one of them out");
  }
  if (request.time && !request.chip) {
    reject("--time", memspice::to_text(*request.time), "is a sample's", "give --chip as well");
  }
  if (request.chip) return sample_of(plan.cells, mapped, request);
  if (request.programmed) return programmed_cells(plan.cells, plan.array, mapped, layer);
  return perfect_cells(plan.cells, mapped);
}

nlohmann::ordered_json cells_json(const CellSources& sources, const ExportedCells& cells) {
  nlohmann::ordered_json json{{"are", cells.are}, {"seed", sources.seed}};
  if (cells.are == "sample") {
    const bool chips = sources.variability.monte_carlo.vary == study::Vary::Chips;
    json["sample"] = cells.sample;
    json["vary"] = chips ? "chips" : "programmings";
    json["time_second"] = cells.time;
  }
  json["notes"] = cells.notes;
  return json;
}

void require_on_crossbars(const CellSources& sources, const std::string& layer) {
  if (!sources.paths.on_crossbars(layer)) {
    reject("path." + layer,
           in_quotes(study::to_text(sources.paths.of(layer))),
           "computes layer " + layer + " without crossbars, so there is no array to export",
           "set it to \"crossbar\", or export another layer");
  }
  if (sources.rung.of(layer) != simulate::Fidelity::Float) return;
  reject("fidelity." + (sources.rung.own_layers.contains(layer) ? layer : "default"),
         "\"float\"",
         "computes layer " + layer + " without crossbars, so there is no array to export",
         "choose any other fidelity");
}

}  // namespace memspice::flow
