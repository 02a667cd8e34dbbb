#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "base/text.hpp"
#include "flow/activation_memory.hpp"
#include "flow/output_files.hpp"
#include "flow/plan.hpp"
#include "flow/scoring.hpp"
#include "network/image_layout.hpp"
#include "network/ranges.hpp"

namespace memspice::flow {
namespace {

std::vector<std::string> weighted_layers(const network::Graph& graph) {
  std::vector<std::string> names;
  for (const network::LayerId id : graph.topological_order()) {
    if (graph.layer(id).has_weights()) names.push_back(graph.layer(id).name);
  }
  return names;
}

void require_layer(const std::string& name,
                   const std::vector<std::string>& known,
                   const std::string& table) {
  if (std::find(known.begin(), known.end(), name) != known.end()) return;
  throw InputError({.place = "[" + table + "]",
                    .value = '"' + name + '"',
                    .rule = "is no layer with weights of this network",
                    .remedy = suggest(name, known)});
}

/// A recurrence's state passes through its own product at each step.
void require_streams(const study::Paths& paths, const network::Graph& graph) {
  for (const network::LayerId id : graph.topological_order()) {
    const network::Layer& layer = graph.layer(id);
    const bool is_recurrent = std::holds_alternative<network::Recurrence>(layer.operation);
    if (!is_recurrent || paths.of(layer.name) != study::LayerPath::Bitstream) continue;
    throw InputError({.place = "layer " + layer.name,
                      .value = "path \"bitstream\"",
                      .rule = "the state of a recurrence is not computed by bitstreams",
                      .remedy = "set path." + layer.name + " = \"crossbar\" or \"float\""});
  }
}

/// A flow about circuits alone names none.
void require_network(const std::filesystem::path& network, const std::filesystem::path& flow) {
  if (!network.empty()) return;
  throw InputError({.place = flow.string(),
                    .value = {},
                    .rule = "has no [network]: it is about the circuits of [periphery]",
                    .remedy = "use memspice characterize or export --what cell:NAME"});
}

void require_image_shape(const network::Dataset& data,
                         const network::Graph& graph,
                         const std::string& name) {
  network::Shape wanted = graph.input_shape();
  network::Shape found = data.images.shape;
  wanted.front() = found.front();
  if (found == wanted) return;
  throw InputError({.place = name,
                    .value = "images of " + network::to_text(data.images.shape),
                    .rule = "the network takes " + network::to_text(graph.input_shape()),
                    .remedy = "give images of that shape"});
}

/// What brings pixels of 0 to 1 to the whole numbers from `low` on.
const char* scale_for(float low) {
  return low < 0.0F ? "set data.scale = 255 and data.mean = 128, or as it was trained"
                    : "set data.scale = 255";
}

/// A network of integers given pixels in [0, 1] would see zeros and ones.
void require_codes(const network::Dataset& data,
                   const network::Graph& graph,
                   const std::string& name) {
  const auto& codes = graph.input_codes();
  if (!codes) return;
  const auto is_code = [&](float v) {
    return v >= codes->low && v <= codes->high && v == std::nearbyint(v);
  };
  const auto found = std::ranges::find_if_not(data.images.data, is_code);
  if (found == data.images.data.end()) return;
  const auto text = [](float v) { return memspice::to_text(static_cast<double>(v)); };
  throw InputError({.place = name,
                    .value = "a value of " + text(*found),
                    .rule = "the network takes whole numbers " + text(codes->low) + " to " +
                            text(codes->high) + ", and pixels are read as 0 to 1",
                    .remedy = scale_for(codes->low)});
}

/// Labels of pixels judge a map of probabilities, one per pixel.
void require_map_of_pixels(const network::Dataset& data, const network::Graph& graph) {
  if (!data.labels_pixels()) return;
  const network::Shape& found = graph.shape_of(graph.output());
  const network::Shape wanted{1, 1, data.images.shape[2], data.images.shape[3]};
  if (found == wanted) return;
  throw InputError(
      {.place = "[data] kind = \"image_pairs\"",
       .value = "the network gives " + network::to_text(found),
       .rule = "labels of pixels judge one probability per pixel, " + network::to_text(wanted),
       .remedy = "give a segmentation network, or data with a label per image"});
}

/// A gate is on or off and carries no sign, which is known once the layers' inputs are.
void require_gate_inputs(const tile::Array& array,
                         const study::Paths& paths,
                         const mapping::TilePlan& plan) {
  if (array.topology().takes_signs()) return;
  for (const mapping::LayerPlan& layer : plan.layers) {
    if (!layer.signed_input || !paths.on_crossbars(layer.name)) continue;
    throw InputError(
        {.place = "array.source_line",
         .value = "\"separate\"",
         .rule = "layer " + layer.name + " has inputs of both signs, which a gate cannot carry",
         .remedy = "let source_line be \"shared\", or set path." + layer.name + " to \"float\""});
  }
}

}  // namespace

void check_layer_names(const simulate::FidelityOptions& fidelity,
                       const study::Paths& paths,
                       const mapping::Options& mapping,
                       const mapping::ConverterOptions& converters,
                       const network::Graph& graph) {
  const std::vector<std::string> known = weighted_layers(graph);
  for (const auto& entry : mapping.layer_rows)
    require_layer(entry.first, known, "mapping.layer_rows");
  for (const auto& entry : mapping.layer_columns) {
    require_layer(entry.first, known, "mapping.layer_columns");
  }
  for (const auto& entry : converters.input_range) {
    require_layer(entry.first, known, "converters.input_range");
  }
  for (const auto& entry : fidelity.layers) require_layer(entry.first, known, "fidelity");
  for (const auto& entry : paths.layers) require_layer(entry.first, known, "path");
  require_streams(paths, graph);
}

Inputs open_inputs(const config::FlowOptions& options) {
  require_network(options.network_file, options.file);
  LoadedNetwork network = load_network(options.network_file, options.network_options);
  Inputs inputs{.graph = std::move(network.graph),
                .spectral = std::move(network.spectral),
                .choices = {},
                .test = network::load_dataset(options.data.test),
                .calibration = network::load_dataset(options.data.calibration)};
  check_layer_names(
      options.fidelity, options.path, options.mapping, options.converters, inputs.graph);
  require_output_layers(options.output, inputs.graph);
  require_map_of_pixels(inputs.test, inputs.graph);
  network::fit_images(inputs.graph.input_shape(), inputs.test.images);
  network::fit_images(inputs.graph.input_shape(), inputs.calibration.images);
  require_image_shape(inputs.test, inputs.graph, options.data.test.images.string());
  require_image_shape(inputs.calibration, inputs.graph, options.data.calibration.images.string());
  require_codes(inputs.test, inputs.graph, options.data.test.images.string());
  require_codes(inputs.calibration, inputs.graph, options.data.calibration.images.string());
  require_other_images(inputs, options.data.calibration.images);
  std::error_code ec;
  const auto file_size = std::filesystem::file_size(options.network_file, ec);
  require_activation_memory(inputs.graph,
                            (ec ? 0 : static_cast<std::int64_t>(file_size)) +
                                inputs.test.images.size() + inputs.calibration.images.size());
  return inputs;
}

/// What a layer's DACs cover: as measured, or the range that the flow gives them.
network::ActivationRange input_range(const network::Graph& graph,
                                     network::LayerId id,
                                     const network::ActivationRanges& measured,
                                     const mapping::ConverterOptions& converters) {
  network::ActivationRange range = measured.of_inputs(graph, id);
  const auto given = converters.input_range.find(graph.layer(id).name);
  if (given == converters.input_range.end()) return range;
  range.high = static_cast<float>(given->second);
  range.low = range.low < 0.0F ? -range.high : 0.0F;
  return range;
}

study::Mapped map_inputs(const config::FlowOptions& options, const Inputs& inputs) {
  network::Activations activations = network::record_activations(
      inputs.graph, inputs.calibration.images, options.converters.dac_percentile);
  mapping::MappingInputs mapping = mapping_of(options);
  for (int k = 0; k < inputs.graph.layer_count(); ++k) {
    mapping.input_ranges.push_back(
        input_range(inputs.graph, network::LayerId{k}, activations.ranges, options.converters));
  }
  study::Mapped mapped{.plan = mapping::map_network(inputs.graph, mapping),
                       .activations = std::move(activations)};
  require_gate_inputs(array_of(options), options.path, mapped.plan);
  return mapped;
}

OpenedRun open_run(const config::FlowOptions& given, bool scores) {
  OpenedRun run{.options = given, .inputs = open_inputs(given), .mapped = {}};
  if (scores) require_scorable(run.inputs, given.network_file.string(), given.data.test);
  study::ResolvedPaths paths =
      study::resolve_paths(given.path, run.inputs.graph, run.inputs.spectral.has_value());
  run.options.path = std::move(paths.paths);
  run.inputs.choices = std::move(paths.choices);
  run.mapped = map_inputs(run.options, run.inputs);
  run.mapped.plan = on_crossbars(run.options.path, std::move(run.mapped.plan));
  return run;
}

}  // namespace memspice::flow
