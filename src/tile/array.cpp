#include "tile/array.hpp"

#include <limits>
#include <mutex>

#include "base/error.hpp"
#include "base/parallel.hpp"
#include "crossbar/access_law.hpp"
#include "netlist/initial_state.hpp"
#include "tile/cell_states.hpp"
#include "tile/pinned_solver.hpp"
#include "tile/stored_response.hpp"

namespace memspice::tile {

using Eigen::MatrixXd;

Array::Array(ArraySpec spec)
    : spec_(std::move(spec)),
      topology_(crossbar::make_topology(spec_.pairs, spec_.source_line, spec_.read_voltage)),
      input_(make_input_form(spec_.pulse_bits, spec_.read_voltage)),
      law_(crossbar::make_cell_law(spec_.alpha, spec_.access)) {}

std::vector<int> Array::powers() const {
  // An even-handed cell adds odd powers. An access device also bends the even ones and, programmed
  // for the full read voltage, changes the gain; so may a cell that somebody else wrote.
  const bool is_bent = has_access() || !has_law();
  return input_->bending(is_bent ? std::vector{1, 2, 3, 4, 5} : std::vector{3, 5});
}

int Array::conductance_terms() const {
  return has_access() || !has_law() ? 2 : 1;
}

Array Array::connected(const mapping::Tile& tile) const {
  constexpr double open = std::numeric_limits<double>::infinity();
  const auto cut = [&](std::vector<double>& lines, int count, double all, const auto& cuts) {
    if (cuts.empty()) return;
    if (lines.empty()) lines.assign(static_cast<std::size_t>(count), all);
    for (const int k : cuts) lines[static_cast<std::size_t>(k)] = open;
  };
  Array array = *this;
  crossbar::Wiring& wiring = array.spec_.wiring;
  cut(wiring.driver_per_line, tile.word_lines(), wiring.driver, tile.open_word_lines);
  cut(wiring.sense_per_line, tile.bit_lines(), wiring.sense, tile.open_bit_lines);
  return array;
}

MatrixXd Array::cells(const MatrixXd& G) const {
  return topology_->cells(G);
}

MatrixXd Array::memristors(const MatrixXd& G) const {
  return crossbar::memristors_behind(cells(G), spec_.read_voltage, spec_.alpha, spec_.access);
}

MatrixXd Array::whole_cells(const MatrixXd& memristors) const {
  return crossbar::whole_cells(memristors, spec_.read_voltage, spec_.alpha, spec_.access);
}

MatrixXd Array::response(const MatrixXd& G) const {
  return topology_->response(G, wiring(), [](const MatrixXd& cells, const auto& wires) {
    return crossbar::solve_response(cells, wires).G_eff;
  });
}

StoredResponses Array::responses(Store* store, TileCells G, int jobs, const OnDone& done) const {
  StoredResponses responses{.G_eff = std::vector<MatrixXd>(G.size()), .use = {}};
  std::mutex mutex;
  parallel_for(jobs, G.size(), [&](std::size_t k) {
    StoreUse use;
    responses.G_eff[k] =
        topology_->response(*G[k], wiring(), [&](const MatrixXd& cells, const auto& wires) {
          return stored_response(store, cells, wires, &use);
        });
    if (use.hits == 0) use.misses = 1;  // some topologies do not ask it
    const std::lock_guard lock(mutex);
    responses.use += use;
    if (done) done();
  });
  return responses;
}

MatrixXd Array::solve(const MatrixXd& memristors, const MatrixXd& V) const {
  const crossbar::LineDrive drive = topology_->drive(input_->points(V), memristors.cols());
  const crossbar::Operation operation = topology_->solve(memristors, *law_, wiring(), drive);
  if (operation.summary.termination == crossbar::Summary::Termination::NotConverged) {
    throw RunError({.place = "array " + std::to_string(memristors.rows()) + " x " +
                             std::to_string(memristors.cols()),
                    .value = {},
                    .rule = "its non-linear solution was not found: " + operation.summary.message,
                    .remedy = "check conductances, wires and the access device, or run these "
                              "layers at fidelity \"spice\""});
  }
  return input_->gather(operation.current);
}

double Array::power(const MatrixXd& G, const MatrixXd& V) const {
  const MatrixXd lines = memristors(G);
  const crossbar::LineDrive drive = topology_->drive(input_->points(V), lines.cols());
  const crossbar::Operation operation = topology_->solve(lines, *law_, wiring(), drive);
  return input_->gather(operation.power.transpose()).mean();
}

synthesis::TileSpec Array::circuit(const std::string& name, const MatrixXd& G) const {
  synthesis::TileSpec spec{.name = name,
                           .G = memristors(G),
                           .alpha = spec_.alpha,
                           .wiring = wiring(),
                           .cell = {.memristor = std::nullopt, .access = spec_.access},
                           .source_line = spec_.source_line};
  if (spec_.cell == nullptr) return spec;
  spec.cell.memristor = synthesis::DefinedMemristor{
      .definition = netlist::hold_states(spec_.cell->definition),
      .parameters = [cell = spec_.cell, lines = spec.G](Eigen::Index i, Eigen::Index j) {
        return cell->parameters_for(lines(i, j));
      }};
  return spec;
}

synthesis::ArrayMake Array::make() const {
  return {.spec =
              [array = *this](const mapping::Tile& tile) {
                return array.connected(tile).circuit(tile.name, tile.G);
              },
          .topology = topology_};
}

ArrayDrive Array::drive(const MatrixXd& V, Eigen::Index n_bit_lines) const {
  return held_at(topology_->drive(input_->points(V), n_bit_lines));
}

ArrayDrive Array::held_at(crossbar::LineDrive lines) const {
  ArrayDrive drive{.V = std::move(lines.V), .gate = {}};
  if (lines.gates.size() == 0) return drive;
  const auto& transistor = std::get<device::AccessTransistor>(spec_.access);
  const double swing = transistor.gate_voltage - transistor.gate_off;
  drive.gate = (lines.gates.array() * swing + transistor.gate_off).matrix();
  return drive;
}

synthesis::TileBench Array::bench(const std::string& name,
                                  const MatrixXd& G,
                                  const MatrixXd& V,
                                  bool hierarchical) const {
  const synthesis::TileSpec spec = circuit(name, G);
  const ArrayDrive lines = drive(V, spec.G.cols());
  synthesis::TileBench bench = synthesis::build_tile_bench(
      spec, lines.V, {.hierarchical = hierarchical, .gate_voltage = lines.gate});
  if (!hierarchical) probe_states(bench, spec.G, spec_.cell.get());
  return bench;
}

PinnedProblem Array::pinned_problem(const std::string& name,
                                    const MatrixXd& G,
                                    const MatrixXd& V) const {
  const synthesis::TileSpec spec = circuit(name, G);
  crossbar::LineDrive inputs = topology_->drive(input_->points(V), spec.G.cols());
  crossbar::Operation start =
      topology_->solve(spec.G, *law_, wiring(), inputs, {.node_voltages = true});
  ArrayDrive lines = held_at(std::move(inputs));
  PinnedProblem problem{.name = name,
                        .tile = synthesis::build_pinned_tile(spec),
                        .V_drive = std::move(lines.V),
                        .V_gate = std::move(lines.gate),
                        .V_word = std::move(start.word_line_voltage),
                        .V_bit = std::move(start.bit_line_voltage),
                        .G = spec.G,
                        .wiring = wiring(),
                        .source_line = spec_.source_line,
                        .law = has_law() ? law_ : nullptr,
                        .rises_by_law = has_law() && !has_access()};
  if (const auto* transistor = std::get_if<device::AccessTransistor>(&spec_.access)) {
    problem.gate_on = transistor->gate_voltage;
  }
  return problem;
}

MatrixXd Array::currents(const MatrixXd& values) const {
  return input_->gather(values.transpose());
}

MatrixXd Array::currents(const engine::Waveforms& waveforms,
                         const std::string& name,
                         const MatrixXd& G) const {
  if (spec_.cell == nullptr) return currents(waveforms.values);  // no states are probed
  return currents(without_states(waveforms, name, memristors(G), spec_.cell.get()));
}

LayerResponses layer_responses(const Array& array, const mapping::LayerPlan& cells, int jobs) {
  LayerResponses responses(cells.blocks.size());
  for (std::size_t b = 0; b < cells.blocks.size(); ++b) {
    const std::vector<mapping::Tile>& tiles = cells.blocks[b].tiles;
    responses[b].resize(tiles.size());
    parallel_for(jobs, tiles.size(), [&](std::size_t t) {
      responses[b][t] = array.connected(tiles[t]).response(tiles[t].G);
    });
  }
  return responses;
}

}  // namespace memspice::tile
