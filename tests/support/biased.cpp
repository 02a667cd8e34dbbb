#include "support/biased.hpp"

#include <cmath>

#include "base/stopwatch.hpp"
#include "crossbar/array_circuit.hpp"

namespace memspice::crossbar {
namespace {

/// Nodes: word lines' (i m + j), bit lines' (n m + i m + j), then a held node per source, word
/// lines' first.
NodalCircuit biased_circuit(const Array& array, const Eigen::VectorXd& cells) {
  const int n = static_cast<int>(array.n_word_lines);
  const int m = static_cast<int>(array.n_bit_lines);
  NodalCircuit circuit(2 * n * m + n + m, n + m);
  for (int i = 0; i < n; ++i) {
    const auto line = static_cast<std::size_t>(i);
    const int source = 2 * n * m + i;
    const int reference = array.is_driven(i) ? i : ground;
    circuit.set_reference(source, reference);
    circuit.hold(source);
    for (int j = 0; j < m; ++j) circuit.set_reference(i * m + j, reference);
    circuit.add_wire(source, i * m, array.R_left[line]);
    circuit.add_wire(source, i * m + m - 1, array.R_right[line]);
    for (int j = 1; j < m; ++j) circuit.add_wire(i * m + j - 1, i * m + j, array.R_row);
  }
  for (int j = 0; j < m; ++j) {
    const auto line = static_cast<std::size_t>(j);
    const int source = 2 * n * m + n + j;
    const int reference = array.is_sensed(j) ? n + j : ground;
    circuit.set_reference(source, reference);
    circuit.hold(source);
    for (int i = 0; i < n; ++i) circuit.set_reference(n * m + i * m + j, reference);
    circuit.add_wire(source, n * m + j, array.R_top[line]);
    circuit.add_wire(source, n * m + (n - 1) * m + j, array.R_bottom[line]);
    for (int i = 1; i < n; ++i) {
      circuit.add_wire(n * m + (i - 1) * m + j, n * m + i * m + j, array.R_column);
    }
  }
  for (int k = 0; k < n * m; ++k) circuit.add_cell(k, n * m + k);
  circuit.finish(cells);
  return circuit;
}

}  // namespace

BiasedOperation solve_biased(const Eigen::MatrixXd& G,
                             const CellLaw& law,
                             const Wiring& wiring,
                             const Eigen::VectorXd& V_word,
                             const Eigen::VectorXd& V_bit) {
  const Stopwatch stopwatch;
  validate_conductances(G);
  validate_inputs(V_word, G.rows());
  validate_inputs(V_bit, G.cols());
  const Array array = resolve_array(G.rows(), G.cols(), wiring);
  const Eigen::VectorXd cells = Eigen::MatrixXd(G.transpose()).reshaped();
  Eigen::VectorXd V(V_word.size() + V_bit.size());
  V << V_word, V_bit;
  NodalCircuit circuit = biased_circuit(array, cells);
  BiasedOperation result;
  const Eigen::VectorXd u = solve_nodal_newton(circuit, cells, law, V, result.summary);
  const Eigen::VectorXd v = circuit.cell_voltages(V, u);
  Eigen::MatrixXd I(G.cols(), G.rows());
  Eigen::MatrixXd slope(G.cols(), G.rows());
  const auto count = static_cast<std::size_t>(G.size());
  law.evaluate({cells.data(), count}, {v.data(), count}, {I.data(), count}, {slope.data(), count});
  result.cell_current = I.transpose();
  result.bit_line_current = result.cell_current.colwise().sum();
  for (Eigen::Index j = 0; j < G.cols(); ++j) {
    if (!array.is_sensed(j)) result.bit_line_current[j] = 0.0;
  }
  constexpr double tolerance = 1e-12;
  const bool reached = result.summary.residual <= tolerance;
  result.summary.termination =
      reached ? Summary::Termination::Converged : Summary::Termination::NotConverged;
  result.summary.message = "Newton over sparse Cholesky";
  result.summary.seconds = stopwatch.seconds();
  return result;
}

}  // namespace memspice::crossbar
