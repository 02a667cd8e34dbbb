#include <filesystem>
#include <nlohmann/json.hpp>

#include "base/files.hpp"
#include "cli/command.hpp"
#include "flow/digital_layers.hpp"
#include "flow/run_flow.hpp"
#include "flow/run_variants.hpp"
#include "report/cost_report.hpp"
#include "report/json_text.hpp"
#include "report/numbers.hpp"
#include "report/sections.hpp"
#include "report/text_table.hpp"

namespace memspice::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* kMapExamples =
    "Lays the network's layers onto crossbars and prices them, before any simulation: devices, "
    "area,\n"
    "power, energy and time, and the convolutions under every mapping scheme. Each tile is one\n"
    "crossbar that holds both bit lines of its differential pairs; sub-images have a copy each.\n"
    "\n"
    "Examples:\n"
    "  memspice map flows/lenet5_fashion.toml\n"
    "  memspice map flows/lenet5_fashion.toml --set mapping.rows=128 --set mapping.columns=128\n"
    "  memspice map flows/lenet5_fashion.toml --set mapping.scheme=subimage --json";

/// A layer's weight matrices: those of its groups, and what they share.
struct Groups {
  int count = 0;
  int each = 1;  ///< on one crossbar, but perhaps of the last
  int inputs = 0, outputs = 0;
};
Groups groups_of(const mapping::LayerPlan& layer) {
  const auto packed = [](const mapping::Block& block) {
    return block.tiles.empty() ? 1 : block.tiles.front().groups;
  };
  Groups groups{.each = packed(layer.blocks.front())};
  groups.inputs = layer.blocks.front().input_count / groups.each;
  groups.outputs = layer.blocks.front().output_count / groups.each;
  for (const mapping::Block& block : layer.blocks) groups.count += packed(block);
  groups.count /= layer.slices;
  return groups;
}

/// "25 x 6", or "8 of 9 x 1" for a grouped convolution; "25 x 6, 3 digits" in slices.
std::string shape_of(const mapping::LayerPlan& layer) {
  const Groups groups = groups_of(layer);
  const std::string shape = std::to_string(groups.inputs) + " x " + std::to_string(groups.outputs);
  const std::string all = groups.count == 1 ? shape : std::to_string(groups.count) + " of " + shape;
  return layer.slices == 1 ? all : all + ", " + std::to_string(layer.slices) + " digits";
}

std::string idle_text(const mapping::TilePlan& plan) {
  const long idle = plan.idle_count();
  return idle == 0 ? ""
                   : "\nBeside them " + report::with_thousands(idle) +
                         " memristors at a weight of 0, where lines of different groups cross\n";
}

std::string to_table(const mapping::TilePlan& plan) {
  using report::with_thousands;
  report::TextTable table({{"layer", report::Align::Left},
                           {"weights"},
                           {"tiles"},
                           {"crossbars"},
                           {"memristors"},
                           {"vectors/image"}});
  long long vectors = 0;
  for (const mapping::LayerPlan& layer : plan.layers) {
    vectors += layer.vectors_per_image;
    table.add({layer.name,
               shape_of(layer),
               with_thousands(layer.tile_count()),
               with_thousands(layer.crossbar_count()),
               with_thousands(layer.memristor_count()),
               with_thousands(layer.vectors_per_image)});
  }
  table.add_rule();
  table.add({"all",
             "",
             with_thousands(plan.tile_count()),
             with_thousands(plan.crossbar_count()),
             with_thousands(plan.memristor_count()),
             with_thousands(vectors)});
  const std::string rows = std::to_string(plan.options.rows);
  const std::string unit = plan.options.scheme == mapping::Scheme::KernelFirst
                               ? "Summers of at most " + rows + " memristor pairs, "
                               : "Tiles of at most " + rows + " word lines x " +
                                     std::to_string(plan.options.columns) + " bit lines, ";
  return unit + std::string(mapping::to_text(plan.options.scheme)) + "\n\n" + table.str() +
         idle_text(plan);
}

using Json = nlohmann::ordered_json;

Json to_json(const mapping::LayerPlan& layer) {
  const Groups groups = groups_of(layer);
  return {{"name", layer.name},
          {"groups", groups.count},
          {"groups_per_crossbar", groups.each},
          {"slices", layer.slices},
          {"inputs", groups.inputs},
          {"outputs", groups.outputs},
          {"tiles", layer.tile_count()},
          {"crossbars", layer.crossbar_count()},
          {"memristors", layer.memristor_count()},
          {"memristors_idle", layer.idle_count()},
          {"vectors_per_image", layer.vectors_per_image}};
}

/// A convolution's counts go beside its tiles.
Json layers_of(const flow::MapReport& report, const Json& schemes) {
  Json layers = Json::array();
  for (const mapping::LayerPlan& plan : report.plan.layers) {
    Json layer = to_json(plan);
    for (const Json& convolution : schemes["layers"]) {
      if (convolution["name"] == plan.name) layer.update(convolution);
    }
    layers.push_back(std::move(layer));
  }
  return layers;
}

/// Of a network with sequences, its gates and attention.
Json to_json(const network::DigitalWork& work) {
  return {{"multiplications", work.multiplications},
          {"additions", work.additions},
          {"functions", work.functions},
          {"words", work.words_in + work.words_out}};
}

Json to_json(const flow::MapReport& report) {
  const mapping::TilePlan& plan = report.plan;
  const Json schemes = report::schemes_json(report.schemes);
  Json json{{"rows", plan.options.rows},
            {"columns", plan.options.columns},
            {"scheme", mapping::to_text(plan.options.scheme)},
            {"weight_scale", mapping::to_text(plan.options.weight_scale)},
            {"bias", mapping::to_text(plan.options.bias)},
            {"packing", mapping::to_text(plan.options.packing)},
            {"signed", mapping::to_text(plan.options.signs)},
            {"tiles", plan.tile_count()},
            {"crossbars", plan.crossbar_count()},
            {"memristors", plan.memristor_count()},
            {"memristors_idle", plan.idle_count()},
            {"layers", layers_of(report, schemes)},
            {"schemes", schemes["totals"]},
            {"kernel_first",
             report.kernel_first ? report::kernel_first_json(*report.kernel_first) : Json(nullptr)},
            {"spice_forecast",
             {{"tiles", report.spice.tiles},
              {"vectors", report.spice.vectors},
              {"processor_seconds", report.spice.seconds},
              {"wall_seconds", report.spice.wall_seconds},
              {"workers", report.spice.workers}}},
            {"cost", report.cost ? report::cost_json(*report.cost) : Json(nullptr)}};
  if (report.sequences) json["sequence_digital"] = to_json(*report.sequences);
  return json;
}

std::string map_text(const flow::MapReport& report) {
  const std::string pairs = report::to_terminal(report::sections_of(report.kernel_first));
  return to_table(report.plan) + report::scheme_text(report.schemes) + pairs +
         (report.cost ? report::cost_text(*report.cost)
                      : std::string("\nThe technology card states no [cost] tables: no cost.\n")) +
         (report.sequences ? '\n' + flow::sequence_text(*report.sequences) + '\n' : "") + '\n' +
         flow::to_text(report.spice) + '\n';
}

/// Each variant as the command gives it by itself.
Json to_json(const report::Study& study, const config::VariantFlow& flow) {
  Json json = report::study_json(study);
  for (std::size_t v = 0; v < flow.variants.size(); ++v) {
    json["variants"][v]["results"] = to_json(flow::report_map(flow.variants[v].options));
  }
  return json;
}

void give(const FlowArguments& options, const std::string& text, const Json& result) {
  tell(options.common, text);
  const std::string json = report::json_text(result);
  if (!options.common.out.empty()) write_file(fs::path(options.common.out) / "map.json", json);
  if (options.common.json) print(json);
}

void map(const FlowArguments& options) {
  const config::VariantFlow flow = load_study(options.flow, options.common);
  if (!flow.variants.empty()) {
    const report::Study study = flow::map_variants(flow);
    return give(options, report::study_text(study), to_json(study, flow));
  }
  const auto report = flow::report_map(load_options(options.flow, options.common));
  give(options, map_text(report), to_json(report));
}

}  // namespace

Command map_command() {
  return on_flow({.name = "map",
                  .text = "Count and price crossbars, converters and op-amps per layer",
                  .examples = kMapExamples},
                 "Also write map.json into this folder",
                 map);
}

}  // namespace memspice::cli
