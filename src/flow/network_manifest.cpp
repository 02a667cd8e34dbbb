#include "flow/network_manifest.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "base/hash.hpp"
#include "flow/export_manifest.hpp"
#include "netlist/dialect.hpp"

namespace memspice::flow {
namespace {

using Json = nlohmann::ordered_json;
using synthesis::ArrayStage;
using synthesis::ArrayUse;
using synthesis::NetworkStage;

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

/// Volts that stand for 1 at a crossbar's word lines, here and in a run.
Json drive_json(const NetworkSlice& slice,
                const NetworkStage& stage,
                const ArrayStage& arrays,
                double V) {
  return {{"volts_per_unit", slice.stages.scales.of(stage.operands.front())},
          {"volts_per_unit_of_run", V / arrays.plan->x_max},
          {"clips_in_run_at", arrays.plan->x_max}};
}

/// read_voltage: of a run [V].
Json stage_json(const NetworkSlice& slice, const NetworkStage& stage, double read_voltage) {
  Json json{{"layer", stage.name}, {"outputs", stage.size}, {"volts_per_unit", stage.scale}};
  if (const auto* arrays = std::get_if<ArrayStage>(&stage.content)) {
    json["circuit"] = "crossbars";
    json["input"] = drive_json(slice, stage, *arrays, read_voltage);
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

/// What a run has around the arrays and an analog circuit has not.
Json converters_json(const mapping::ConverterOptions& converters) {
  return {{"in_deck", false},
          {"dac_bits_of_run", converters.dac_bits},
          {"adc_bits_of_run", converters.adc_bits},
          {"meaning",
           "inputs are neither rounded nor clipped, and currents of row tiles meet "
           "before one readout instead of an ADC each"}};
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

Json sources_json(const NetworkSlice& slice, const synthesis::NetworkCircuit& circuit) {
  Json sources = Json::array();
  for (const auto& [id, V] : slice.sources) {
    sources.push_back({{"nets", circuit.nets.at(id)},
                       {"stimuli", V.cols()},
                       {"voltage_file", voltage_file(slice, V)}});
  }
  return sources;
}

Json layers_json(const NetworkSlice& slice, double read_voltage) {
  Json layers = Json::array();
  for (const NetworkStage& stage : slice.stages.stages) {
    layers.push_back(stage_json(slice, stage, read_voltage));
  }
  return layers;
}

Json tiles_json(const NetworkSlice& slice, const tile::Array& array) {
  Json tiles = Json::object();
  for (const mapping::Tile* tile : tiles_of(slice)) tiles[tile->name] = tile_json(array, *tile);
  return tiles;
}

Json crossbars_json(const NetworkSlice& slice) {
  Json crossbars = Json::array();
  for (const NetworkStage& stage : slice.stages.stages) {
    const auto* arrays = std::get_if<ArrayStage>(&stage.content);
    if (arrays == nullptr) continue;
    for (const ArrayUse& use : arrays->arrays) crossbars.push_back(crossbar_json(stage, use));
  }
  return crossbars;
}

/// What is in the deck, and how to read it; its nets and layers follow.
Json deck_json(const ExportPlan& plan,
               const ExportedCells& cells,
               const NetworkSlice& slice,
               const WrittenNetwork& written,
               const ExportRequest& request) {
  return {{"network", plan.network},
          {"deck", slice.name + ".cir"},
          {"deck_sha256", sha256(written.deck->text)},
          {"dialect", netlist::dialect_name(request.dialect)},
          {"realisation", request.transistors ? "transistor" : "behavioural"},
          {"technology", plan.lines.technology},
          {"device", device_json(plan.device, plan.lines.access)},
          {"array", array_json(plan.array, plan.lines.topology)},
          {"cells", cells_json(plan.cells, cells)},
          {"converters", converters_json(plan.converters)},
          {"wiring_ohm", wiring_json(plan.array.wiring())},
          {"devices", count_json(written.circuit->devices)},
          {"nets_started", written.circuit->analysis.start.size()},
          {"input_volts_per_unit", slice.stages.scales.input},
          {"element_order", "row-major, C x H x W; element k of layer L is net L_k"}};
}

}  // namespace

std::string voltage_file(const NetworkSlice& slice, const Eigen::MatrixXd& V) {
  const bool is_held = std::ranges::any_of(
      slice.sources, [&](const auto& source) { return source.second.cols() > V.cols(); });
  return slice.name + (is_held ? "_held_voltage.csv" : "_voltage.csv");
}

std::vector<const mapping::Tile*> tiles_of(const NetworkSlice& slice) {
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

std::string network_manifest(const ExportPlan& plan,
                             const ExportedCells& cells,
                             const NetworkSlice& slice,
                             const WrittenNetwork& written,
                             const ExportRequest& request) {
  const synthesis::NetworkCircuit& circuit = *written.circuit;
  Json json = deck_json(plan, cells, slice, written, request);
  json["pairs"] = json["array"]["lines"];
  json["sources"] = sources_json(slice, circuit);
  if (!slice.positions.empty()) json["window_positions"] = slice.positions;
  json["layers"] = layers_json(slice, plan.lines.read_voltage);
  json["output_nets"] = circuit.nets.at(slice.stages.output.value);
  json["tiles"] = tiles_json(slice, plan.array);
  json["crossbars"] = crossbars_json(slice);
  return json.dump(1) + '\n';
}

}  // namespace memspice::flow
