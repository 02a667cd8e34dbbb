#include "flow/map_report.hpp"

#include "flow/build_report.hpp"
#include "flow/kernel_first.hpp"
#include "flow/on_crossbars.hpp"
#include "flow/stages.hpp"

namespace memspice::flow {
namespace {

/// The trained numbers of an operation, biases included.
long parameters_of(const network::Operation& operation) {
  return std::visit(
      [](const auto& op) -> long {
        if constexpr (requires { op.weight; }) {
          return static_cast<long>(op.weight.data.size() + op.bias.data.size());
        } else {
          return 0;
        }
      },
      operation);
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
                              .array_energy = array_energy});
}

mapping::TilePlan map_without_data(const config::FlowOptions& options,
                                   const network::Graph& graph) {
  return mapping::map_network(graph,
                              {.options = options.mapping,
                               .converters = options.converters,
                               .window = options.device.window,
                               .read_voltage = options.array.read_voltage,
                               .input_ranges = {}});
}

MapReport report_map(const config::FlowOptions& given) {
  const LoadedNetwork network = load_network(given.network_file, given.input_shape);
  const network::Graph& graph = network.graph;
  check_layer_names(given, graph);
  const auto options = resolve_paths(given, graph, network.spectral.has_value()).options;
  MapReport report{.plan = on_crossbars(options, map_without_data(options, graph)),
                   .parameters = 0,
                   .schemes = mapping::compare_schemes(graph, options.mapping),
                   .cost = {},
                   .kernel_first = {},
                   .spice = {}};
  report.parameters = parameter_count(graph, report.plan);
  report.spice = forecast_spice(options, report.plan);
  report.cost = cost_of_plan(options, graph, report.plan, {});
  if (is_kernel_first(options)) report.kernel_first = count_kernel_first(graph, report.plan);
  return report;
}

report::RunReport report_hardware(const config::FlowOptions& options) {
  MapReport map = report_map(options);
  report::RunReport report;
  report.flow = title_of(options);
  report.network = options.network_file.filename().string();
  report.technology = options.array.technology;
  report.seed = options.seed;
  report.tiles = map.plan.tile_count();
  report.memristors = map.plan.memristor_count();
  report.parameters = map.parameters;
  for (const mapping::LayerPlan& plan : map.plan.layers) {
    report::LayerReport layer;
    layer.name = plan.name;
    layer.path = "crossbar";
    layer.tiles = plan.tile_count();
    layer.replicas = plan.replicas;
    layer.memristors = plan.memristor_count();
    layer.vectors_per_image = plan.vectors_per_image;
    report.layers.push_back(std::move(layer));
  }
  report.schemes = std::move(map.schemes);
  report.cost = std::move(map.cost);
  report.kernel_first = std::move(map.kernel_first);
  return report;
}

long parameter_count(const network::Graph& graph, const mapping::TilePlan& plan) {
  long count = 0;
  for (const mapping::LayerPlan& layer : plan.layers) {
    count += parameters_of(graph.layer(layer.layer).operation);
  }
  return count;
}

}  // namespace memspice::flow
