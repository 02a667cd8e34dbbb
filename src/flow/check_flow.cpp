#include "flow/forecast.hpp"
#include "flow/map_report.hpp"
#include "flow/open_run.hpp"
#include "flow/run_flow.hpp"
#include "flow/scoring.hpp"

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

}  // namespace

std::vector<std::string> check_flow(const config::FlowOptions& options) {
  const Inputs inputs = open_inputs(options);
  require_scorable(inputs, options.network_file.string(), options.data.test);
  config::FlowOptions resolved = options;
  resolved.path =
      study::resolve_paths(options.path, inputs.graph, inputs.spectral.has_value()).paths;
  study::Mapped mapped = map_inputs(resolved, inputs);
  const std::size_t layers = mapped.plan.layers.size();
  mapped.plan = on_crossbars(resolved.path, mapped.plan);
  const mapping::TilePlan& plan = mapped.plan;
  const std::size_t elsewhere = layers - plan.layers.size();
  // One of many variants is counted alone: looking up its tiles takes longer than all the rest.
  const SpiceForecast spice = options.variant.empty()
                                  ? forecast_spice(resolved, mapped, inputs.graph)
                                  : forecast_spice(resolved, plan);
  return {"network: " + std::to_string(inputs.graph.layer_count()) + " layers, " +
              std::to_string(layers) + " of them with weights, input " +
              network::to_text(inputs.graph.input_shape()) + ", from " +
              options.network_file.string(),
          describe("test data", inputs.test, options.data.test),
          describe("calibration data", inputs.calibration, options.data.calibration),
          "mapping: " + std::to_string(plan.tile_count()) + " tiles, " +
              std::to_string(plan.memristor_count()) + " memristors" +
              (elsewhere == 0 ? "" : "; layers on other paths: " + std::to_string(elsewhere)),
          to_text(spice)};
}

mapping::TilePlan map_flow(const config::FlowOptions& options) {
  const network::Graph graph = load_network(options.network_file, options.input_shape).graph;
  check_layer_names(options, graph);
  return map_without_data(options, graph);
}

}  // namespace memspice::flow
