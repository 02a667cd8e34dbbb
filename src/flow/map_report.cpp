#include "flow/map_report.hpp"

#include "flow/stages.hpp"

namespace memspice::flow {
namespace {

/// Layers whose path has hardware of its own; one that stays float is priced as if mapped, as the
/// report's tiles are.
std::set<std::string> layers_without_crossbars(const config::FlowOptions& options,
                                               const mapping::TilePlan& plan) {
  std::set<std::string> names;
  for (const mapping::LayerPlan& layer : plan.layers) {
    auto path = options.path.find(layer.name);
    if (path == options.path.end()) path = options.path.find("default");
    if (path == options.path.end()) continue;
    if (path->second != "crossbar" && path->second != "float") names.insert(layer.name);
  }
  return names;
}

}  // namespace

std::optional<cost::NetworkCost> cost_of_plan(const config::FlowOptions& options,
                                              const network::Graph& graph,
                                              const mapping::TilePlan& plan,
                                              const std::vector<double>& array_energy,
                                              const cost::MeasuredPeriphery& measured) {
  const device::Technology technology = config::load_technology(options.array.technology);
  if (!technology.cost) return std::nullopt;
  return cost::estimate_cost({.graph = &graph,
                              .plan = &plan,
                              .figures = *technology.cost,
                              .read_time = {options.array.read_time, technology.read_time.source},
                              .measured = measured,
                              .array_energy = array_energy,
                              .left_out = layers_without_crossbars(options, plan)});
}

MapReport report_map(const config::FlowOptions& options) {
  const network::Graph graph = network::load_onnx(options.network_file);
  check_layer_names(options, graph);
  MapReport report{.plan = mapping::map_network(graph,
                                                {.options = options.mapping,
                                                 .converters = options.converters,
                                                 .window = options.device.window,
                                                 .read_voltage = options.array.read_voltage,
                                                 .input_ranges = {}}),
                   .schemes = mapping::compare_schemes(graph, options.mapping),
                   .cost = {}};
  report.cost = cost_of_plan(options, graph, report.plan, {});
  return report;
}

}  // namespace memspice::flow
