// What a flow says of itself before any simulation.

#include <algorithm>

#include "base/text.hpp"
#include "flow/activation_memory.hpp"
#include "flow/build_report.hpp"
#include "flow/digital_layers.hpp"
#include "flow/plan.hpp"
#include "flow/run_flow.hpp"
#include "flow/scoring.hpp"
#include "mapping/weight_grid.hpp"
#include "study/kernel_first.hpp"

namespace memspice::flow {
namespace {

std::string describe(const std::string& what,
                     const network::Dataset& data,
                     const network::DatasetOptions& options) {
  return what + ": " + std::to_string(data.count()) + " images " +
         network::to_text(data.images.shape) + ", values " + to_text(input_range(data)) +
         ", from " +
         (options.kind == "image_pairs" ? options.folder / options.images : options.images)
             .string();
}

std::int64_t weighted_layer_count(const network::Graph& graph) {
  return std::ranges::count_if(graph.topological_order(), [&](const network::LayerId id) {
    return graph.layer(id).has_weights();
  });
}

/// The network without its data, checked against the layers that the flow names.
LoadedNetwork load_checked(const config::FlowOptions& options) {
  LoadedNetwork network = load_network(options.network_file, options.network_options);
  check_layer_names(
      options.fidelity, options.path, options.mapping, options.converters, network.graph);
  return network;
}

/// "levels of cells: conv1 8, fc1 32 (...)".
std::string levels_text(const network::Graph& graph, const mapping::TilePlan& plan) {
  std::vector<std::string> words;
  for (const mapping::LayerPlan& layer : plan.layers) {
    const bool is_own = mapping::weight_grid(graph.layer(layer.layer)).has_value();
    words.push_back(layer.name + ' ' + std::to_string(layer.levels) +
                    (is_own ? "" : " (the card's: the file states no grid)"));
  }
  return "levels of cells: " + join(words, ", ");
}

report::LayerReport counted_layer(const mapping::LayerPlan& plan) {
  report::LayerReport layer;
  layer.name = plan.name;
  layer.path = "crossbar";
  layer.tiles = plan.tile_count();
  layer.replicas = plan.replicas;
  layer.memristors = plan.memristor_count();
  layer.vectors_per_image = plan.vectors_per_image;
  return layer;
}

}  // namespace

std::vector<std::string> check_flow(const config::FlowOptions& options) {
  const OpenedRun run = open_run(options, true);
  const network::Graph& graph = run.inputs.graph;
  const mapping::TilePlan& plan = run.mapped.plan;
  const std::int64_t layers = weighted_layer_count(graph);
  const std::int64_t elsewhere = layers - std::ssize(plan.layers);
  const SpicePlan asked = spice_plan(run.options);
  // One of many variants is counted alone: looking up its tiles takes longer than all the rest.
  const SpiceForecast spice = options.variant.empty() ? forecast_spice(asked, run.mapped, graph)
                                                      : forecast_spice(asked, plan);
  std::vector<std::string> lines{
      "network: " + std::to_string(graph.layer_count()) + " layers, " + std::to_string(layers) +
          " of them with weights, input " + network::to_text(graph.input_shape()) + ", from " +
          options.network_file.string(),
      describe("test data", run.inputs.test, options.data.test),
      describe("calibration data", run.inputs.calibration, options.data.calibration),
      "mapping: " + std::to_string(plan.tile_count()) + " tiles, " +
          std::to_string(plan.memristor_count()) + " memristors" +
          (elsewhere == 0 ? "" : "; layers on other paths: " + std::to_string(elsewhere)),
      to_text(spice),
      digital_layers(graph)};
  const std::string kept = kept_text(run.mapped.activations.images, run.inputs.calibration.count());
  if (!kept.empty()) lines.push_back(kept);
  if (const auto work = network::sequence_work(graph)) lines.push_back(sequence_text(*work));
  if (options.mapping.network_levels) lines.push_back(levels_text(graph, plan));
  return lines;
}

mapping::TilePlan map_flow(const config::FlowOptions& options) {
  return mapping::map_network(load_checked(options).graph, mapping_of(options));
}

MapReport report_map(const config::FlowOptions& given) {
  const LoadedNetwork network = load_checked(given);
  const network::Graph& graph = network.graph;
  config::FlowOptions options = given;
  options.path = study::resolve_paths(given.path, graph, network.spectral.has_value()).paths;
  MapReport report{
      .plan = on_crossbars(options.path, mapping::map_network(graph, mapping_of(options))),
      .parameters = 0,
      .schemes = mapping::compare_schemes(graph, options.mapping),
      .cost = {},
      .kernel_first = {},
      .spice = {}};
  report.parameters = mapping::parameter_count(graph, report.plan);
  report.sequences = network::sequence_work(graph);
  report.spice = forecast_spice(spice_plan(options), report.plan);
  report.cost =
      cost::estimate_cost(config::load_technology(options.array.technology),
                          options.array.read_time,
                          {.graph = &graph, .plan = &report.plan, .figures = {}, .read_time = {}});
  if (study::is_kernel_first(report.plan)) {
    report.kernel_first = study::count_kernel_first(graph, report.plan);
  }
  return report;
}

report::RunReport report_hardware(const config::FlowOptions& options) {
  MapReport map = report_map(options);
  report::RunReport report;
  report.flow = title_of(options.name, options.variant);
  report.network = options.network_file.filename().string();
  report.technology = options.array.technology;
  report.seed = options.seed;
  report.tiles = map.plan.tile_count();
  report.memristors = map.plan.memristor_count();
  report.parameters = map.parameters;
  for (const mapping::LayerPlan& plan : map.plan.layers) {
    report.layers.push_back(counted_layer(plan));
  }
  report.schemes = std::move(map.schemes);
  report.cost = std::move(map.cost);
  report.kernel_first = std::move(map.kernel_first);
  return report;
}

PruneReport prune_flow(const config::FlowOptions& options, const std::filesystem::path& file) {
  return prune_network(
      options.network_file, options.network_options, options.prune, mapping_of(options), file);
}

}  // namespace memspice::flow
