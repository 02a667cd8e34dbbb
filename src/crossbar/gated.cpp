// Arrays whose inputs switch the cells while source lines carry the current.

#include <cmath>
#include <limits>

#include "base/error.hpp"
#include "base/stopwatch.hpp"
#include "base/text.hpp"
#include "crossbar/array_circuit.hpp"
#include "crossbar/operation.hpp"
#include "crossbar/topology.hpp"

namespace memspice::crossbar {
namespace {

constexpr double open = std::numeric_limits<double>::infinity();

void validate_read_voltage(double read_voltage) {
  if (std::isfinite(read_voltage)) return;
  throw InputError({.place = "read voltage",
                    .value = to_text(read_voltage),
                    .rule = "a voltage is a finite number",
                    .remedy = ""});
}

void validate_gates(const Eigen::MatrixXd& gates, Eigen::Index n_word_lines) {
  validate_inputs(gates, n_word_lines);
  for (Eigen::Index k = 0; k < gates.size(); ++k) {
    if (gates(k) == 0.0 || gates(k) == 1.0) continue;
    throw InputError({.place = "gate input",
                      .value = to_text(gates(k)),
                      .rule = "a gate is off (0) or on (1)",
                      .remedy = "feed the bits of an input one after the other"});
  }
}

Eigen::MatrixXd switched(const Eigen::MatrixXd& G, const Eigen::VectorXd& gates) {
  return gates.asDiagonal() * G;
}

/// Columns of two parallel lines joined by cells; the source lines are driven where the bit lines
/// are not sensed.
struct Columns {
  Array array;                          ///< bit lines; R_row is not used
  std::vector<double> R_top, R_bottom;  ///< from the source to the ends of each source line
  bool is_driven(Eigen::Index j) const {
    const auto line = static_cast<std::size_t>(j);
    return std::isfinite(R_top[line]) || std::isfinite(R_bottom[line]);
  }
};

Columns resolve_columns(Eigen::Index n, Eigen::Index m, const Wiring& wiring) {
  Wiring bit_lines = wiring;
  bit_lines.driver_per_line.clear();
  Columns columns{.array = resolve_array(n, m, bit_lines), .R_top = {}, .R_bottom = {}};
  if (!wiring.driver_per_line.empty() &&
      static_cast<Eigen::Index>(wiring.driver_per_line.size()) != m) {
    throw InputError({.place = "wiring.driver_per_line",
                      .value = to_text(static_cast<long long>(wiring.driver_per_line.size())),
                      .rule = "source lines along the bit lines have one driver per bit line",
                      .remedy = ""});
  }
  for (Eigen::Index j = 0; j < m; ++j) {
    const double driver = wiring.driver_per_line.empty()
                              ? wiring.driver
                              : wiring.driver_per_line[static_cast<std::size_t>(j)];
    const double R = driver + wiring.column;
    columns.R_top.push_back(wiring.sense_side == BitLineSide::Top ? open : R);
    columns.R_bottom.push_back(wiring.sense_side == BitLineSide::Bottom ? open : R);
  }
  return columns;
}

NodalCircuit column_circuit(const Columns& columns, const Eigen::VectorXd& cells) {
  const Array& array = columns.array;
  const int n = static_cast<int>(array.n_word_lines);
  const int m = static_cast<int>(array.n_bit_lines);
  const int n_cells = n * m;
  const int source = 2 * n_cells;
  const int virtual_ground = source + 1;
  NodalCircuit circuit(2 * n_cells + 2, 1);
  circuit.set_reference(source, 0);
  circuit.hold(source);
  circuit.hold(virtual_ground);
  for (int j = 0; j < m; ++j) {
    const auto line = static_cast<std::size_t>(j);
    for (int i = 0; columns.is_driven(j) && i < n; ++i) circuit.set_reference(i * m + j, 0);
    circuit.add_wire(source, j, columns.R_top[line]);
    circuit.add_wire(source, (n - 1) * m + j, columns.R_bottom[line]);
    circuit.add_wire(virtual_ground, n_cells + j, array.R_top[line]);
    circuit.add_wire(virtual_ground, n_cells + (n - 1) * m + j, array.R_bottom[line]);
    for (int i = 1; i < n; ++i) {
      circuit.add_wire((i - 1) * m + j, i * m + j, array.R_column);
      circuit.add_wire(n_cells + (i - 1) * m + j, n_cells + i * m + j, array.R_column);
    }
  }
  for (int k = 0; k < n_cells; ++k) circuit.add_cell(k, n_cells + k);
  circuit.finish(cells);
  return circuit;
}

/// One solved vector.
struct ColumnState {
  Eigen::VectorXd u;
  Eigen::MatrixXd I_cell;  ///< n_word_lines x n_bit_lines [A]
};

/// Fills vector k of the operation.
void read_columns(const NodalCircuit& circuit,
                  const Columns& columns,
                  const ColumnState& state,
                  double read_voltage,
                  Eigen::Index k,
                  Operation& operation) {
  const Eigen::MatrixXd& I_cell = state.I_cell;
  const Eigen::Index n = I_cell.rows();
  const Eigen::Index m = I_cell.cols();
  const auto at = static_cast<std::size_t>(k);
  operation.power[k] = 0.0;
  for (Eigen::Index j = 0; j < m; ++j) {
    operation.current(j, k) = columns.array.is_sensed(j) ? I_cell.col(j).sum() : 0.0;
    // All the power comes from the source lines' drivers.
    if (columns.is_driven(j)) operation.power[k] += read_voltage * I_cell.col(j).sum();
  }
  if (operation.word_line_voltage.empty()) return;
  operation.word_line_voltage[at].resize(n, m);
  operation.bit_line_voltage[at].resize(n, m);
  for (Eigen::Index j = 0; j < m; ++j) {
    const double drive = columns.is_driven(j) ? read_voltage : 0.0;
    for (Eigen::Index i = 0; i < n; ++i) {
      const int node = static_cast<int>(i * m + j);
      operation.word_line_voltage[at](i, j) = drive + circuit.offset(node, state.u);
      operation.bit_line_voltage[at](i, j) =
          circuit.offset(static_cast<int>(n * m) + node, state.u);
    }
  }
}

}  // namespace

Operation solve_gated(const Eigen::MatrixXd& G,
                      const CellLaw& law,
                      const Wiring& wiring,
                      double read_voltage,
                      const Eigen::MatrixXd& gates,
                      const VectorOptions& options) {
  const Stopwatch stopwatch;
  validate_read_voltage(read_voltage);
  validate_conductances(G);
  validate_gates(gates, G.rows());
  const Columns columns = resolve_columns(G.rows(), G.cols(), wiring);
  VectorOptions without_currents = options;
  without_currents.branch_currents = false;
  Operation all = make_operation(columns.array, gates.cols(), without_currents);
  const Eigen::VectorXd V = Eigen::VectorXd::Constant(1, read_voltage);
  for (Eigen::Index k = 0; k < gates.cols(); ++k) {
    const Eigen::MatrixXd by_row = switched(G, gates.col(k)).transpose();
    const Eigen::VectorXd cells = by_row.reshaped();
    NodalCircuit circuit = column_circuit(columns, cells);
    const Eigen::VectorXd u = solve_nodal_newton(circuit, cells, law, V, all.summary);
    const Eigen::VectorXd v = circuit.cell_voltages(V, u);
    Eigen::MatrixXd I(G.cols(), G.rows());
    Eigen::MatrixXd slope(G.cols(), G.rows());
    const auto count = static_cast<std::size_t>(G.size());
    law.evaluate(
        {cells.data(), count}, {v.data(), count}, {I.data(), count}, {slope.data(), count});
    read_columns(circuit, columns, {u, I.transpose()}, read_voltage, k, all);
  }
  const bool reached = all.summary.residual <= options.tolerance;
  all.summary.termination =
      reached ? Summary::Termination::Converged : Summary::Termination::NotConverged;
  all.summary.message = "Newton over sparse Cholesky of each pair of source line and bit line";
  all.summary.seconds = stopwatch.seconds();
  return all;
}

}  // namespace memspice::crossbar
