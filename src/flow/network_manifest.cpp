#include "flow/network_manifest.hpp"

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

}  // namespace

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
  const netlist::Deck& deck = *written.deck;
  Json json;
  json["network"] = plan.network;
  json["deck"] = slice.name + ".cir";
  json["deck_sha256"] = sha256(deck.text);
  json["dialect"] = netlist::dialect_name(request.dialect);
  json["realisation"] = request.transistors ? "transistor" : "behavioural";
  json["technology"] = plan.lines.technology;
  json["device"] = device_json(plan.device, plan.lines.access);
  json["array"] = array_json(plan.array, plan.lines.topology);
  json["cells"] = cells_json(plan.cells, cells);
  json["converters"] = converters_json(plan.converters);
  json["wiring_ohm"] = wiring_json(plan.lines.wiring);
  json["devices"] = count_json(circuit.devices);
  json["nets_started"] = circuit.analysis.start.size();
  json["input_volts_per_unit"] = slice.stages.scales.input;
  json["element_order"] = "row-major, C x H x W; element k of layer L is net L_k";
  json["pairs"] = json["array"]["lines"];
  for (const auto& [id, V] : slice.sources) {
    json["sources"].push_back({{"nets", circuit.nets.at(id)},
                               {"stimuli", V.cols()},
                               {"voltage_file", slice.name + "_voltage.csv"}});
  }
  if (!slice.positions.empty()) json["window_positions"] = slice.positions;
  for (const NetworkStage& stage : slice.stages.stages) {
    json["layers"].push_back(stage_json(slice, stage, plan.lines.read_voltage));
  }
  json["output_nets"] = circuit.nets.at(slice.stages.output.value);
  json["tiles"] = Json::object();
  for (const mapping::Tile* tile : tiles_of(slice)) {
    json["tiles"][tile->name] = tile_json(plan.array, *tile);
  }
  json["crossbars"] = Json::array();
  for (const NetworkStage& stage : slice.stages.stages) {
    const auto* arrays = std::get_if<ArrayStage>(&stage.content);
    if (arrays == nullptr) continue;
    for (const ArrayUse& use : arrays->arrays) {
      json["crossbars"].push_back(crossbar_json(stage, use));
    }
  }
  return json.dump(1) + '\n';
}

}  // namespace memspice::flow
