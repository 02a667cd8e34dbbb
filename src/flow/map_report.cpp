#include "flow/map_report.hpp"

#include "flow/build_report.hpp"
#include "flow/open_run.hpp"
#include "study/kernel_first.hpp"

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
  config::FlowOptions options = given;
  options.path = study::resolve_paths(given.path, graph, network.spectral.has_value()).paths;
  MapReport report{.plan = on_crossbars(options.path, map_without_data(options, graph)),
                   .parameters = 0,
                   .schemes = mapping::compare_schemes(graph, options.mapping),
                   .cost = {},
                   .kernel_first = {},
                   .spice = {}};
  report.parameters = parameter_count(graph, report.plan);
  report.spice = forecast_spice(options, report.plan);
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
