#include "support/dense_crossbar.hpp"

#include <Eigen/LU>
#include <cmath>
#include <stdexcept>
#include <vector>

namespace memspice::test {
namespace {

using crossbar::BitLineSide;
using crossbar::Wiring;
using crossbar::WordLineSide;

struct Wire {
  int a, b;  // nodes; ground is node 0
  double R;
};

/// The whole circuit: node 0 is ground, then sources, word-line nodes, bit-line nodes.
struct DenseCircuit {
  int n, m;
  std::vector<Wire> wires;
  std::vector<int> terminal_of_bit_line_top, terminal_of_bit_line_bottom;  // wire, or -1

  int source(int i) const { return 1 + i; }
  int word(int i, int j) const { return 1 + n + i * m + j; }
  int bit(int i, int j) const { return 1 + n + n * m + i * m + j; }
  int n_nodes() const { return 1 + n + 2 * n * m; }
  int n_unknowns() const { return n_nodes() + static_cast<int>(wires.size()) + n; }
  int wire_current(int w) const { return n_nodes() + w; }
  int source_current(int i) const { return n_nodes() + static_cast<int>(wires.size()) + i; }
};

double terminal_resistance(const std::vector<double>& per_line, double common, int line) {
  return per_line.empty() ? common : per_line[static_cast<std::size_t>(line)];
}

DenseCircuit describe(int n, int m, const Wiring& wiring) {
  DenseCircuit c{n, m, {}, std::vector<int>(m, -1), std::vector<int>(m, -1)};
  const auto connect = [&c](int a, int b, double R) {
    if (std::isinf(R)) return -1;
    c.wires.push_back({a, b, R});
    return static_cast<int>(c.wires.size()) - 1;
  };
  for (int i = 0; i < n; ++i) {
    const double R = terminal_resistance(wiring.driver_per_line, wiring.driver, i) + wiring.row;
    if (wiring.drive_side != WordLineSide::Right) connect(c.source(i), c.word(i, 0), R);
    if (wiring.drive_side != WordLineSide::Left) connect(c.source(i), c.word(i, m - 1), R);
    for (int j = 1; j < m; ++j) connect(c.word(i, j - 1), c.word(i, j), wiring.row);
  }
  for (int j = 0; j < m; ++j) {
    const double R = terminal_resistance(wiring.sense_per_line, wiring.sense, j) + wiring.column;
    if (wiring.sense_side != BitLineSide::Bottom) {
      c.terminal_of_bit_line_top[j] = connect(c.bit(0, j), 0, R);
    }
    if (wiring.sense_side != BitLineSide::Top) {
      c.terminal_of_bit_line_bottom[j] = connect(c.bit(n - 1, j), 0, R);
    }
    for (int i = 1; i < n; ++i) connect(c.bit(i - 1, j), c.bit(i, j), wiring.column);
  }
  return c;
}

/// F(x) = 0 and its Jacobian.
struct Equations {
  Eigen::VectorXd F;
  Eigen::MatrixXd J;
};

/// The equations at x: Kirchhoff at each node, Ohm for each wire, the drive of each source.
Equations assemble(const DenseCircuit& c,
                   const Eigen::MatrixXd& G,
                   const Eigen::VectorXd& V,
                   const DenseLaw& law,
                   const Eigen::VectorXd& x) {
  Equations equations;
  Eigen::VectorXd& F = equations.F;
  Eigen::MatrixXd& J = equations.J;
  F.setZero(c.n_unknowns());
  J.setZero(c.n_unknowns(), c.n_unknowns());
  for (int w = 0; w < static_cast<int>(c.wires.size()); ++w) {
    const Wire& wire = c.wires[static_cast<std::size_t>(w)];
    const int I = c.wire_current(w);
    F[wire.a] += x[I];
    F[wire.b] -= x[I];
    J(wire.a, I) += 1.0;
    J(wire.b, I) -= 1.0;
    F[I] = x[wire.a] - x[wire.b] - wire.R * x[I];
    J(I, wire.a) = 1.0;
    J(I, wire.b) = -1.0;
    J(I, I) = -wire.R;
  }
  for (int i = 0; i < c.n; ++i) {
    for (int j = 0; j < c.m; ++j) {
      const int a = c.word(i, j);
      const int b = c.bit(i, j);
      const CellPoint cell = law(G(i, j), x[a] - x[b]);
      F[a] += cell.I;
      F[b] -= cell.I;
      J(a, a) += cell.slope;
      J(b, b) += cell.slope;
      J(a, b) -= cell.slope;
      J(b, a) -= cell.slope;
    }
    F[c.source(i)] -= x[c.source_current(i)];
    J(c.source(i), c.source_current(i)) -= 1.0;
    F[c.source_current(i)] = x[c.source(i)] - V[i];
    J(c.source_current(i), c.source(i)) = 1.0;
  }
  // Ground is 0 V; its Kirchhoff equation is the sum of all others and is replaced.
  F[0] = x[0];
  J.row(0).setZero();
  J(0, 0) = 1.0;
  return equations;
}

/// Newton's method from x; linear circuits need one step. Full pivoting copes with floating parts.
Eigen::VectorXd newton(const DenseCircuit& c,
                       const Eigen::MatrixXd& G,
                       const Eigen::VectorXd& V,
                       const DenseLaw& law,
                       Eigen::VectorXd x) {
  Equations at = assemble(c, G, V, law, x);
  for (int step = 0; step < 200; ++step) {
    const Eigen::VectorXd direction = -Eigen::FullPivLU<Eigen::MatrixXd>(at.J).solve(at.F);
    const double before = at.F.norm();
    Eigen::VectorXd trial;
    double length = 1.0;
    for (; length > 1e-9; length *= 0.5) {
      trial = x + length * direction;
      at = assemble(c, G, V, law, trial);
      if (at.F.allFinite() && at.F.norm() < before) break;
    }
    if (length <= 1e-9) return x;  // rounding: no step lowers the residual any more
    const double moved = (trial - x).norm();
    x = trial;
    if (moved <= 1e-15 * x.norm()) return x;
  }
  throw std::runtime_error("the dense reference did not converge");
}

DenseSolution read_out(const DenseCircuit& c, const Eigen::VectorXd& V, const Eigen::VectorXd& x) {
  DenseSolution s{
      Eigen::VectorXd::Zero(c.m), Eigen::MatrixXd(c.n, c.m), Eigen::MatrixXd(c.n, c.m), 0.0};
  for (int i = 0; i < c.n; ++i) {
    for (int j = 0; j < c.m; ++j) {
      s.word_line_voltage(i, j) = x[c.word(i, j)];
      s.bit_line_voltage(i, j) = x[c.bit(i, j)];
    }
    s.power_in += V[i] * x[c.source_current(i)];
  }
  for (int j = 0; j < c.m; ++j) {
    for (const int w : {c.terminal_of_bit_line_top[j], c.terminal_of_bit_line_bottom[j]}) {
      if (w >= 0) s.current[j] += x[c.wire_current(w)];
    }
  }
  return s;
}

}  // namespace

DenseSolution solve_dense(const Eigen::MatrixXd& G,
                          const Wiring& wiring,
                          const Eigen::VectorXd& V,
                          const DenseLaw& law) {
  const DenseCircuit c = describe(static_cast<int>(G.rows()), static_cast<int>(G.cols()), wiring);
  Eigen::VectorXd x = Eigen::VectorXd::Zero(c.n_unknowns());
  constexpr int steps = 10;
  for (int k = 1; k <= steps; ++k) x = newton(c, G, V * (double(k) / steps), law, x);
  return read_out(c, V, x);
}

DenseSolution solve_dense(const Eigen::MatrixXd& G,
                          const Wiring& wiring,
                          const Eigen::VectorXd& V) {
  const DenseCircuit c = describe(static_cast<int>(G.rows()), static_cast<int>(G.cols()), wiring);
  const DenseLaw ohmic = [](double g, double v) { return CellPoint{g * v, g}; };
  const Equations zero = assemble(c, G, V, ohmic, Eigen::VectorXd::Zero(c.n_unknowns()));
  const Eigen::FullPivLU<Eigen::MatrixXd> factor(zero.J);
  Eigen::VectorXd x = factor.solve(-zero.F);
  x -= factor.solve(assemble(c, G, V, ohmic, x).F);  // one refinement
  return read_out(c, V, x);
}

Eigen::MatrixXd dense_response(const Eigen::MatrixXd& G, const Wiring& wiring) {
  Eigen::MatrixXd response(G.rows(), G.cols());
  for (Eigen::Index i = 0; i < G.rows(); ++i) {
    response.row(i) =
        solve_dense(G, wiring, Eigen::VectorXd::Unit(G.rows(), i)).current.transpose();
  }
  return response;
}

Eigen::VectorXd dense_ladder(const Eigen::VectorXd& G, const Wiring& wiring) {
  const Eigen::Index n = G.size();
  Eigen::MatrixXd A = Eigen::MatrixXd::Zero(2 * n, 2 * n);
  Eigen::VectorXd b = Eigen::VectorXd::Zero(2 * n);
  const auto connect = [&A](Eigen::Index p, Eigen::Index q, double g) {
    A(p, p) += g;
    A(q, q) += g;
    A(p, q) -= g;
    A(q, p) -= g;
  };
  for (Eigen::Index i = 0; i + 1 < n; ++i) {
    connect(i, i + 1, 1.0 / wiring.column);
    connect(n + i, n + i + 1, 1.0 / wiring.column);
  }
  for (Eigen::Index i = 0; i < n; ++i) connect(i, n + i, G[i]);
  const double g_driver = 1.0 / (wiring.driver + wiring.column);
  A(0, 0) += g_driver;  // at the top, because the sense is at the bottom
  b[0] = g_driver;
  A(2 * n - 1, 2 * n - 1) += 1.0 / (wiring.sense + wiring.column);
  const Eigen::VectorXd x = A.partialPivLu().solve(b);
  return G.cwiseProduct(x.head(n) - x.tail(n));
}

}  // namespace memspice::test
