#include "crossbar/array_circuit.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "crossbar/solvable.hpp"

namespace memspice::crossbar {
namespace {

/// Cells in the circuit's order: word line by word line.
Eigen::VectorXd by_word_line(const Eigen::MatrixXd& G) {
  return Eigen::MatrixXd(G.transpose()).reshaped();
}

void add_word_line(NodalCircuit& circuit, const Array& array, int i) {
  const int m = static_cast<int>(array.n_bit_lines);
  const int n_cells = static_cast<int>(array.n_word_lines) * m;
  const int source = 2 * n_cells + i;
  const auto line = static_cast<std::size_t>(i);
  const int reference = array.is_driven(i) ? i : ground;
  circuit.set_reference(source, reference);
  circuit.hold(source);
  for (int j = 0; j < m; ++j) circuit.set_reference(i * m + j, reference);
  circuit.add_wire(source, i * m, array.R_left[line]);
  circuit.add_wire(source, i * m + m - 1, array.R_right[line]);
  for (int j = 1; j < m; ++j) circuit.add_wire(i * m + j - 1, i * m + j, array.R_row);
}

void add_bit_line(NodalCircuit& circuit, const Array& array, int j) {
  const int n = static_cast<int>(array.n_word_lines);
  const int m = static_cast<int>(array.n_bit_lines);
  const int virtual_ground = 2 * n * m + n;
  const auto line = static_cast<std::size_t>(j);
  const auto node = [&](int i) { return n * m + i * m + j; };
  circuit.add_wire(virtual_ground, node(0), array.R_top[line]);
  circuit.add_wire(virtual_ground, node(n - 1), array.R_bottom[line]);
  for (int i = 1; i < n; ++i) circuit.add_wire(node(i - 1), node(i), array.R_column);
}

NodeOffsets offsets_of(const NodalCircuit& circuit,
                       const Array& array,
                       const Eigen::Ref<const Eigen::VectorXd>& u) {
  const int n = static_cast<int>(array.n_word_lines);
  const int m = static_cast<int>(array.n_bit_lines);
  NodeOffsets offsets{Eigen::MatrixXd(n, m), Eigen::MatrixXd(n, m)};
  for (int i = 0; i < n; ++i) {
    for (int j = 0; j < m; ++j) {
      offsets.word(i, j) = circuit.offset(i * m + j, u);
      offsets.bit(i, j) = circuit.offset(n * m + i * m + j, u);
    }
  }
  return offsets;
}

/// One vector's Newton iteration; state carried between its steps.
class NewtonRun {
 public:
  NewtonRun(NodalCircuit& circuit, const Eigen::VectorXd& G, const CellLaw& law, Eigen::VectorXd V)
      : circuit_(circuit), G_(G), law_(law), V_(std::move(V)) {}

  /// Excess currents at `u`; leaves the cells' slopes in slope_.
  Eigen::VectorXd excess(const Eigen::VectorXd& u) {
    const Eigen::VectorXd v = circuit_.cell_voltages(V_, u);
    Eigen::VectorXd I(v.size());
    slope_.resize(v.size());
    law_.evaluate({G_.data(), static_cast<std::size_t>(G_.size())},
                  {v.data(), static_cast<std::size_t>(v.size())},
                  {I.data(), static_cast<std::size_t>(I.size())},
                  {slope_.data(), static_cast<std::size_t>(slope_.size())});
    scale_ = std::max(I.norm(), 1e-300);
    return circuit_.excess_current(I, u);
  }

  Eigen::VectorXd run(Eigen::VectorXd u, Summary& summary) {
    constexpr int most_steps = 100;
    Eigen::VectorXd F = excess(u);
    int steps = 0;
    // The last full step may not lower the norm once it is rounding; that ends the iteration.
    while (steps < most_steps && F.norm() > 1e-13 * scale_ && step(u, F)) ++steps;
    summary.iterations = std::max(summary.iterations, steps);
    summary.residual = worse(summary.residual, F.norm() / scale_);
    return u;
  }

 private:
  bool step(Eigen::VectorXd& u, Eigen::VectorXd& F) {
    if (!circuit_.factorize(slope_)) return false;
    const Eigen::VectorXd direction = -circuit_.solve(F);
    for (double length = 1.0; length > 1e-6; length *= 0.5) {
      const Eigen::VectorXd trial = u + length * direction;
      const Eigen::VectorXd F_trial = excess(trial);
      if (F_trial.allFinite() && F_trial.norm() < (1.0 - 1e-4 * length) * F.norm()) {
        u = trial;
        F = F_trial;
        return true;
      }
    }
    excess(u);
    return false;
  }

  NodalCircuit& circuit_;
  const Eigen::VectorXd& G_;
  const CellLaw& law_;
  Eigen::VectorXd V_;
  Eigen::VectorXd slope_;
  double scale_ = 1.0;
};

}  // namespace

NodalCircuit array_circuit(const Array& array, const Eigen::MatrixXd& G) {
  const int n = static_cast<int>(array.n_word_lines);
  const int m = static_cast<int>(array.n_bit_lines);
  NodalCircuit circuit(2 * n * m + n + 1, n);
  circuit.hold(2 * n * m + n);
  for (int i = 0; i < n; ++i) add_word_line(circuit, array, i);
  for (int j = 0; j < m; ++j) add_bit_line(circuit, array, j);
  for (int k = 0; k < n * m; ++k) circuit.add_cell(k, n * m + k);
  circuit.finish(by_word_line(G));
  return circuit;
}

double solve_sparse(const Array& array,
                    const Eigen::MatrixXd& G,
                    const Eigen::MatrixXd& V,
                    const OffsetSink& sink) {
  NodalCircuit circuit = array_circuit(array, G);
  const Eigen::VectorXd cells = by_word_line(G);
  const bool is_regular = circuit.n_unknowns() == 0 || circuit.factorize(cells);
  double residual = 0.0;
  for (Eigen::Index k = 0; k < V.cols(); ++k) {
    const Eigen::VectorXd excess = circuit.ohmic_excess(cells, V.col(k));
    Eigen::VectorXd u = excess;
    if (!is_regular || !excess.allFinite()) {
      u.setConstant(std::numeric_limits<double>::quiet_NaN());
      residual = std::numeric_limits<double>::quiet_NaN();
    } else if (circuit.n_unknowns() > 0 && excess.norm() > 0.0) {
      u = circuit.solve(excess);
      const auto left_over = [&] {
        const Eigen::VectorXd v = circuit.cell_voltages(V.col(k), u);
        return Eigen::VectorXd(-circuit.excess_current(cells.cwiseProduct(v), u));
      };
      u += circuit.solve(left_over());  // one refinement brings the residual down to rounding
      residual = worse(residual, left_over().norm() / excess.norm());
    }
    sink(k, offsets_of(circuit, array, u));
  }
  return residual;
}

Eigen::VectorXd solve_nodal_newton(NodalCircuit& circuit,
                                   const Eigen::VectorXd& G,
                                   const CellLaw& law,
                                   const Eigen::VectorXd& V,
                                   Summary& summary) {
  Eigen::VectorXd u = Eigen::VectorXd::Zero(circuit.n_unknowns());
  if (circuit.n_unknowns() > 0) {
    if (circuit.factorize(G)) u = circuit.solve(circuit.ohmic_excess(G, V));
  }
  return NewtonRun(circuit, G, law, V).run(std::move(u), summary);
}

void solve_sparse_newton(const Array& array,
                         const Eigen::MatrixXd& G,
                         const CellLaw& law,
                         const Eigen::MatrixXd& V,
                         const OffsetSink& sink,
                         Summary& summary) {
  NodalCircuit circuit = array_circuit(array, G);
  const Eigen::VectorXd cells = by_word_line(G);
  summary.iterations = 0;
  summary.residual = 0.0;
  for (Eigen::Index k = 0; k < V.cols(); ++k) {
    const Eigen::VectorXd u = solve_nodal_newton(circuit, cells, law, V.col(k), summary);
    sink(k, offsets_of(circuit, array, u));
  }
}

}  // namespace memspice::crossbar
