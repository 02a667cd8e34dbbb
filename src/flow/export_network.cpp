#include "flow/export_network.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "base/csv.hpp"
#include "base/error.hpp"
#include "base/files.hpp"
#include "base/hash.hpp"
#include "netlist/dialect.hpp"
#include "synthesis/network_circuit.hpp"

namespace memspice::flow {
namespace {

using Json = nlohmann::ordered_json;
using network::Graph;
using network::LayerId;
using synthesis::ArrayStage;
using synthesis::ArrayUse;
using synthesis::NetworkStage;
using Files = std::vector<std::pair<std::filesystem::path, std::string>>;

/// What is exported: stages, their sources, and where each stimulus comes from.
struct Slice {
  std::string name;
  synthesis::NetworkStages stages;
  std::map<int, Eigen::MatrixXd> sources;           ///< [V], by LayerId
  std::vector<std::pair<int, int>> positions = {};  ///< of each image's stimuli, if windows slide
};

/// Values N x ... as voltages, elements x N [V].
Eigen::MatrixXd voltages_of(const network::Tensor& values, double scale) {
  const std::int64_t images = values.shape.front();
  const Eigen::Map<const Eigen::MatrixXf> columns(
      values.data.data(), values.size() / images, images);
  return scale * columns.cast<double>();
}

/// Operands of one layer on images, as the float network has them.
std::map<int, Eigen::MatrixXd> operand_voltages(const Graph& graph,
                                                const synthesis::NetworkScales& scales,
                                                LayerId id,
                                                const network::Tensor& images) {
  std::map<int, Eigen::MatrixXd> sources;
  network::run_float(graph, images, [&](LayerId at, auto inputs) -> network::Tensor {
    if (at != id) return {};
    const auto producers = graph.inputs(id);
    for (std::size_t k = 0; k < inputs.size(); ++k) {
      sources[producers[k].value] = voltages_of(*inputs[k], scales.of(producers[k]));
    }
    return {};
  });
  return sources;
}

Slice slice_of(const Graph& graph,
               const synthesis::NetworkStages& network,
               const std::string& layer,
               const network::Tensor& images) {
  if (layer.empty()) {
    return {.name = "network",
            .stages = network,
            .sources = {{Graph::kInput.value, voltages_of(images, network.scales.input)}}};
  }
  const LayerId id = graph.find(layer);
  Slice slice{
      .name = layer, .stages = {}, .sources = operand_voltages(graph, network.scales, id, images)};
  if (!std::holds_alternative<network::Convolution>(graph.layer(id).operation)) {
    slice.stages = synthesis::stage_alone(network, id);
    return slice;
  }
  synthesis::SlidingStage sliding = synthesis::slide_stage(network, id);
  auto& [producer, voltages] = *slice.sources.begin();
  voltages = sliding.windows(voltages);
  slice.positions = sliding.positions;
  slice.stages = std::move(sliding.network);
  return slice;
}

Json device_json(const config::FlowOptions& options) {
  const config::DeviceOptions& device = options.device;
  return {{"model", device.model},
          {"card", device.card},
          {"g_min_siemens", device.window.g_min},
          {"g_max_siemens", device.window.g_max},
          {"levels", device.window.levels},
          {"alpha_per_volt", device.alpha}};
}

Json crossbar_json(const NetworkStage& stage, const ArrayUse& use) {
  const bool is_transposed = std::get<ArrayStage>(stage.content).is_transposed;
  return {{"name", use.name},
          {"layer", stage.name},
          {"tile", use.tile->name},
          {"sub_layer", use.block},
          {"row_tile", use.tile->row},
          {"column_tile", use.tile->column},
          {"pixel", {use.y, use.x}},
          {"pixel_of", is_transposed ? "input" : "output"},
          {"word_lines_read", use.inputs},
          {"pairs_feed", use.outputs}};
}

Json tile_json(const mapping::Tile& tile) {
  return {{"word_lines", tile.word_lines()},
          {"bit_lines", tile.bit_lines()},
          {"first_input", tile.first_input},
          {"first_output", tile.first_output},
          {"bias_word_line", tile.has_bias ? Json(tile.word_lines() - 1) : Json(nullptr)},
          {"conductance_file", tile.name + "_conductance.csv"}};
}

Json stage_json(const NetworkStage& stage) {
  Json json{{"layer", stage.name}, {"outputs", stage.size}, {"volts_per_unit", stage.scale}};
  if (const auto* arrays = std::get_if<ArrayStage>(&stage.content)) {
    json["circuit"] = "crossbars";
    json["positions"] = arrays->positions();
    json["bias_volts"] = arrays->bias_voltage;
    json["feedback_ohm"] = arrays->R.feedback;
    json["first_ohm"] = arrays->R.first;
    json["bias_amperes"] = arrays->bias_currents;
  } else if (const auto* parts = std::get_if<synthesis::PartStage>(&stage.content)) {
    json["circuit"] = parts->part.body->name();
    json["parts"] = parts->uses.size();
  } else {
    json["circuit"] = "wires";
  }
  return json;
}

Json count_json(const synthesis::DeviceCount& count) {
  return {{"memristors", count.memristors},
          {"resistors", count.resistors},
          {"capacitors", count.capacitors},
          {"diodes", count.diodes},
          {"transistors", count.transistors},
          {"op_amps", count.op_amps},
          {"behavioural_sources", count.behavioural}};
}

/// Distinct tiles of the slice, in the order of their first use.
std::vector<const mapping::Tile*> tiles_of(const Slice& slice) {
  std::vector<const mapping::Tile*> tiles;
  std::set<const mapping::Tile*> known;
  for (const NetworkStage& stage : slice.stages.stages) {
    const auto* arrays = std::get_if<ArrayStage>(&stage.content);
    if (arrays == nullptr) continue;
    for (const ArrayUse& use : arrays->arrays) {
      if (known.insert(use.tile).second) tiles.push_back(use.tile);
    }
  }
  return tiles;
}

Json manifest_of(const config::FlowOptions& options,
                 const Slice& slice,
                 const synthesis::NetworkCircuit& circuit,
                 const netlist::Deck& deck,
                 const ExportRequest& request) {
  Json json;
  json["network"] = options.network_file.filename().string();
  json["deck"] = slice.name + ".cir";
  json["deck_sha256"] = sha256(deck.text);
  json["dialect"] = netlist::dialect_name(request.dialect);
  json["realisation"] = request.transistors ? "transistor" : "behavioural";
  json["technology"] = options.array.technology;
  json["device"] = device_json(options);
  json["wire_ohm"] = {{"row", options.array.wiring.row}, {"column", options.array.wiring.column}};
  json["devices"] = count_json(circuit.devices);
  json["input_volts_per_unit"] = slice.stages.scales.input;
  json["element_order"] = "row-major, C x H x W; element k of layer L is net L_k";
  json["pairs"] = "bit lines 2j (+) and 2j+1 (-) of a crossbar are its pair j";
  for (const auto& [id, V] : slice.sources) {
    json["sources"].push_back({{"nets", circuit.nets.at(id)},
                               {"stimuli", V.cols()},
                               {"voltage_file", slice.name + "_voltage.csv"}});
  }
  if (!slice.positions.empty()) json["window_positions"] = slice.positions;
  for (const NetworkStage& stage : slice.stages.stages) json["layers"].push_back(stage_json(stage));
  json["output_nets"] = circuit.nets.at(slice.stages.output.value);
  json["tiles"] = Json::object();
  for (const mapping::Tile* tile : tiles_of(slice)) json["tiles"][tile->name] = tile_json(*tile);
  json["crossbars"] = Json::array();
  for (const NetworkStage& stage : slice.stages.stages) {
    const auto* arrays = std::get_if<ArrayStage>(&stage.content);
    if (arrays == nullptr) continue;
    for (const ArrayUse& use : arrays->arrays) {
      json["crossbars"].push_back(crossbar_json(stage, use));
    }
  }
  return json;
}

void require_bare_cells(const config::FlowOptions& options) {
  if (options.array.topology == "1r") return;
  throw InputError({.place = "array.topology",
                    .value = '"' + options.array.topology + '"',
                    .rule = "is not what a network's circuit is drawn with",
                    .remedy = "set it to \"1r\", or export tile:LAYER:ROW:COL"});
}

Files files_of(const config::FlowOptions& options,
               const Slice& slice,
               const synthesis::NetworkCircuit& circuit,
               const ExportRequest& request) {
  const netlist::Deck deck =
      netlist::write_deck(circuit.circuit, circuit.analysis, request.dialect);
  const std::filesystem::path folder = request.folder;
  Files files{{folder / (slice.name + ".cir"), deck.text},
              {folder / (slice.name + ".json"),
               manifest_of(options, slice, circuit, deck, request).dump(1) + '\n'}};
  Eigen::MatrixXd V(slice.sources.begin()->second.cols(), 0);
  for (const auto& [id, source] : slice.sources) {
    const Eigen::Index before = V.cols();
    V.conservativeResize(Eigen::NoChange, before + source.rows());
    V.rightCols(source.rows()) = source.transpose();
  }
  files.emplace_back(folder / (slice.name + "_voltage.csv"),
                     format_csv(V, "voltage [V], a row per stimulus, columns as sources' nets"));
  for (const mapping::Tile* tile : tiles_of(slice)) {
    files.emplace_back(folder / (tile->name + "_conductance.csv"),
                       format_csv(tile->G, "conductance [S], a row per word line"));
  }
  return files;
}

}  // namespace

std::vector<std::string> export_network(const config::FlowOptions& options,
                                        const std::string& layer,
                                        const ExportRequest& request) {
  require_bare_cells(options);
  const device::Technology technology = config::load_technology(options.array.technology);
  const device::AnalogFigures& figures = technology.require_analog();
  const Inputs inputs = open_inputs(options);
  const Mapped mapped = map_inputs(options, inputs);
  const auto ranges = network::measure_ranges(inputs.graph, inputs.calibration.images, 100.0);
  const auto realisation = request.transistors ? synthesis::Realisation::Transistor
                                               : synthesis::Realisation::Behavioural;
  const auto network = synthesis::plan_stages(
      inputs.graph, mapped.plan, ranges, {.realisation = realisation}, figures);
  const int images = std::min(request.images, inputs.test.count());
  const Slice slice = slice_of(inputs.graph, network, layer, inputs.test.batch(0, images));
  const auto circuit = synthesis::build_network_circuit(
      slice.stages,
      slice.sources,
      {.name = slice.name,
       .arrays = {.alpha = options.device.alpha, .wiring = options.array.wiring}},
      figures);
  std::vector<std::string> names;
  for (const auto& [file, text] : files_of(options, slice, circuit, request)) {
    write_file(file, text);
    names.push_back(file.string());
  }
  return names;
}

}  // namespace memspice::flow
