#include <pybind11/eigen.h>
#include <pybind11/stl.h>

#include "cli/command.hpp"
#include "flow/crossbar_tables.hpp"
#include "mapping/cell_span.hpp"
#include "python/bindings.hpp"
#include "python/flow_call.hpp"

namespace memspice::python {
namespace {

namespace py = pybind11;
using flow::CrossbarTables;

std::shared_ptr<CrossbarTables> open_tables(const FlowCall& call) {
  return interruptibly([&] {
    return std::make_shared<CrossbarTables>(cli::load_options(call.file, call.common("map")));
  });
}

py::dict dict_of(const flow::TileTable& table) {
  const mapping::Tile& tile = *table.tile;
  py::dict dict;
  dict["name"] = tile.name;
  dict["row"] = tile.row;
  dict["first_input"] = tile.first_input;
  dict["input_count"] = tile.input_count;
  dict["first_output"] = tile.first_output;
  dict["output_count"] = tile.output_count;
  dict["has_bias"] = tile.has_bias;
  dict["inputs"] = tile.inputs;
  dict["cells"] = tile.G;
  dict["response"] = table.response;
  dict["adc_range"] = table.adc_range;
  return dict;
}

py::dict dict_of(const flow::BlockTable& table) {
  py::list tiles;
  for (const flow::TileTable& tile : table.tiles) tiles.append(dict_of(tile));
  py::dict dict;
  dict["first_channel_in"] = table.block->first_channel_in;
  dict["first_channel_out"] = table.block->first_channel_out;
  dict["input_count"] = table.block->input_count;
  dict["output_count"] = table.block->output_count;
  dict["row_tiles"] = table.block->row_tiles;
  dict["gain"] = table.gain;
  dict["tiles"] = tiles;
  return dict;
}

py::dict dict_of(const flow::LayerTable& table) {
  py::list blocks;
  for (const flow::BlockTable& block : table.blocks) blocks.append(dict_of(block));
  py::dict dict;
  dict["name"] = table.plan->name;
  dict["x_max"] = table.plan->x_max;
  dict["signed_input"] = table.plan->signed_input;
  dict["digital_bias"] = table.plan->digital_bias;
  dict["powers"] = table.calibration.powers;
  dict["coefficients"] = table.calibration.coefficients;
  dict["by_conductance"] = table.calibration.by_conductance;
  dict["conductance_scale"] = table.calibration.G_scale;
  dict["blocks"] = blocks;
  return dict;
}

py::list layers_of(const CrossbarTables& tables) {
  py::list layers;
  for (const flow::LayerTable& layer : tables.layers()) layers.append(dict_of(layer));
  return layers;
}

/// Wires and terminals of a plain array of pairs, as solve takes them [Ohm]; none of others.
py::dict wires_of(const tile::ArraySpec& spec) {
  py::dict wires;
  const bool is_plain = spec.access.index() == 0 && spec.cell == nullptr &&
                        spec.pairs == crossbar::PairLayout::NeighbouringBitLines &&
                        spec.source_line == crossbar::SourceLine::Shared && spec.pulse_bits == 0;
  if (!is_plain) return wires;
  wires["wire_row"] = spec.wiring.row;
  wires["wire_column"] = spec.wiring.column;
  wires["driver"] = spec.wiring.driver;
  wires["sense"] = spec.wiring.sense;
  wires["alpha"] = spec.alpha;
  return wires;
}

py::dict cells_of(const CrossbarTables& tables) {
  const mapping::TilePlan& plan = tables.plan();
  const mapping::CellSpan span = mapping::cell_span(plan.window, plan.options.signs);
  py::dict cells;
  cells["g_min"] = plan.window.g_min;
  cells["g_max"] = plan.window.g_max;
  cells["levels"] = plan.window.levels;
  cells["zero"] = span.zero;
  cells["width"] = span.width;
  cells["unit_column"] = plan.options.signs == mapping::Signs::UnitColumn;
  cells["scale_by_output"] = plan.options.weight_scale == mapping::WeightScale::Output;
  cells["read_voltage"] = plan.read_voltage;
  cells["dac_bits"] = plan.converters.dac_bits;
  cells["adc_bits"] = plan.converters.adc_bits;
  cells["wires"] = wires_of(flow::array_of(tables.options()).spec());
  return cells;
}

/// Figures of [nonideality], as their keys in the flow file call them; phase-change laws by name.
py::dict effects_of(const CrossbarTables& tables) {
  const device::NonidealityOptions& options = tables.options().nonideality;
  const auto law = [](bool is_phase_change) { return is_phase_change ? "phase_change" : ""; };
  py::dict effects;
  effects["device_to_device"] = options.device_to_device.sigma;
  effects["keeps_mean"] = options.device_to_device.centre == device::DeviceToDevice::Centre::Mean;
  effects["cycle_to_cycle"] = options.cycle_to_cycle.sigma;
  effects["programming_law"] =
      law(options.programming.law == device::ProgrammingError::Law::PhaseChange);
  effects["programming"] = options.programming.sigma > 0.0
                               ? options.programming.sigma
                               : options.programming.relative_sigma * tables.plan().window.width();
  effects["stuck_on"] = options.stuck.on;
  effects["stuck_off"] = options.stuck.off;
  effects["on_conductance"] = options.stuck.on_conductance.value_or(tables.plan().window.g_max);
  effects["off_conductance"] = options.stuck.off_conductance.value_or(tables.plan().window.g_min);
  effects["open_word_lines"] = options.opens.word_lines;
  effects["open_bit_lines"] = options.opens.bit_lines;
  effects["drift_law"] = law(options.drift.law == device::Drift::Law::PhaseChange);
  effects["nu"] = options.drift.nu;
  effects["nu_sigma"] = options.drift.nu_sigma;
  effects["t0"] = options.drift.t0;
  effects["times"] = options.drift.times;
  effects["compensated"] = options.drift.compensation != device::Drift::Compensation::None;
  effects["read_noise"] = options.read_noise.sigma;
  effects["read_noise_relative"] = options.read_noise.relative_sigma;
  effects["telegraph_amplitude"] = options.read_noise.telegraph_amplitude;
  effects["telegraph_probability"] = options.read_noise.telegraph_probability;
  return effects;
}

std::vector<Eigen::MatrixXd> responses(const CrossbarTables& tables,
                                       const std::vector<Eigen::MatrixXd>& cells) {
  return interruptibly([&] { return tables.responses(cells); });
}

}  // namespace

void bind_tables(py::module_& module) {
  py::class_<CrossbarTables, std::shared_ptr<CrossbarTables>>(module, "CrossbarTables")
      .def(py::init(&open_tables))
      .def("layers", layers_of)
      .def("cells", cells_of)
      .def("effects", effects_of)
      .def("responses", responses);
}

}  // namespace memspice::python
