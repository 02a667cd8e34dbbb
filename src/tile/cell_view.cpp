#include "tile/cell_view.hpp"

#include "base/error.hpp"
#include "crossbar/access_law.hpp"
#include "netlist/deck.hpp"

namespace memspice::tile {
namespace {

using crossbar::LineDrive;
using Eigen::Index;
using Eigen::MatrixXd;

/// The point of a vector at which its lines carry most.
MatrixXd strongest_point(const Array& array, const Eigen::VectorXd& V) {
  const MatrixXd points = array.input().points(V);
  Index strongest = 0;
  points.colwise().squaredNorm().maxCoeff(&strongest);
  return points.col(strongest);
}

/// What would lie across each cell without any wire [V].
MatrixXd applied_voltages(const LineDrive& drive, Index rows, Index columns) {
  if (drive.gates.size() == 0) return drive.V.col(0).replicate(1, columns);
  return drive.gates.col(0).asDiagonal() * MatrixXd(drive.V.col(0).transpose().replicate(rows, 1));
}

/// Fills what follows from cells and node voltages.
CellView complete(CellView view, const crossbar::CellLaw& law, const LineDrive& drive) {
  const MatrixXd across = view.word_line_voltage - view.bit_line_voltage;
  const MatrixXd applied = applied_voltages(drive, across.rows(), across.cols());
  view.lost = (applied - across).cwiseProduct(applied.unaryExpr([](double v) {
    return v < 0.0 ? -1.0 : 1.0;
  }));
  view.current.resize(across.rows(), across.cols());
  MatrixXd slope(across.rows(), across.cols());
  const auto all = [](auto& matrix) {
    return std::span(matrix.data(), static_cast<std::size_t>(matrix.size()));
  };
  law.evaluate(all(view.G), all(across), all(view.current), all(slope));
  if (drive.gates.size() > 0) view.current = drive.gates.col(0).asDiagonal() * view.current;
  return view;
}

std::shared_ptr<const crossbar::CellLaw> law_of(const Array& array) {
  if (array.has_law()) return crossbar::make_cell_law(array.spec().alpha, array.spec().access);
  throw InputError({.place = "device.model",
                    .value = {},
                    .rule = "is a subcircuit whose law ngspice alone knows: its cells cannot be "
                            "looked at one by one",
                    .remedy = "use cells of the static read model"});
}

/// The voltages of all nodes at the only point of a sweep.
MatrixXd voltages_of(const Eigen::MatrixXi& probes, const MatrixXd& values) {
  return probes.unaryExpr([&](int probe) { return values(0, probe); });
}

}  // namespace

CellView view_cells(const Array& array, const MatrixXd& G, const Eigen::VectorXd& V) {
  const auto law = law_of(array);
  CellView view{.G = array.memristors(G)};
  const LineDrive drive = array.topology().drive(strongest_point(array, V), view.G.cols());
  crossbar::Operation solved =
      array.topology().solve(view.G, *law, array.wiring(), drive, {.node_voltages = true});
  if (solved.summary.termination == crossbar::Summary::Termination::NotConverged) {
    throw RunError(
        {.place = "array " + std::to_string(view.G.rows()) + " x " + std::to_string(view.G.cols()),
         .value = {},
         .rule = "its solution was not found: " + solved.summary.message,
         .remedy = "check conductances and wires"});
  }
  view.word_line_voltage = std::move(solved.word_line_voltage.front());
  view.bit_line_voltage = std::move(solved.bit_line_voltage.front());
  return complete(std::move(view), *law, drive);
}

CellView view_cells_in_spice(const Array& array,
                             const MatrixXd& G,
                             const Eigen::VectorXd& V,
                             engine::Engine& engine) {
  const auto law = law_of(array);
  const synthesis::TileSpec spec = array.circuit("view", G);
  const MatrixXd point = strongest_point(array, V);
  const ArrayDrive lines = array.drive(point, spec.G.cols());
  const synthesis::TileBench bench = synthesis::build_tile_bench(
      spec, lines.V, {.node_voltages = true, .gate_voltage = lines.gate});
  const engine::Waveforms waveforms =
      engine.run(netlist::write_deck(bench.circuit, bench.analysis));
  if (waveforms.values.rows() == 0) {
    throw RunError({.place = "ngspice",
                    .value = {},
                    .rule = waveforms.summary.message,
                    .remedy = "see the deck in " + waveforms.summary.saved_deck});
  }
  return complete({.G = spec.G,
                   .word_line_voltage = voltages_of(bench.word_line_probe, waveforms.values),
                   .bit_line_voltage = voltages_of(bench.bit_line_probe, waveforms.values)},
                  *law,
                  array.topology().drive(point, spec.G.cols()));
}

CellView view_solved(const MatrixXd& G,
                     double alpha,
                     const Eigen::VectorXd& V,
                     const MatrixXd& word_line_voltage,
                     const MatrixXd& bit_line_voltage) {
  const crossbar::SinhLaw law(alpha);
  return complete(
      {.G = G, .word_line_voltage = word_line_voltage, .bit_line_voltage = bit_line_voltage},
      law,
      {.V = V, .gates = {}});
}

}  // namespace memspice::tile
