#include "crossbar/ladder.hpp"

#include <Eigen/Cholesky>
#include <cmath>

namespace memspice::crossbar {
namespace {

/// A bit line seen from word lines that are one node each: the current it draws from them and the
/// current it delivers to its sense, per volt on the word lines.
struct BitLine {
  Eigen::MatrixXd returned;   ///< D T^-1 D: draws diag(D) - returned [S]
  Eigen::VectorXd delivered;  ///< [S]
};

/// Without wire the bit line is one node too.
BitLine ideal_bit_line(const Eigen::VectorXd& D, double g_sense) {
  const Eigen::Index n = D.size();
  if (std::isinf(g_sense)) return {Eigen::MatrixXd::Zero(n, n), D};
  const double total = D.sum() + g_sense;
  return {D * D.transpose() / total, D * (g_sense / total)};
}

/// T = tridiagonal matrix of the bit line's wires, senses and cells; T = L diag(pivot) L^T.
BitLine wired_bit_line(const Eigen::VectorXd& D, double g, double g_top, double g_bottom) {
  const Eigen::Index n = D.size();
  Eigen::VectorXd pivot(n);
  double held = g_top;
  for (Eigen::Index i = 0; i < n; ++i) {
    held += D[i];
    pivot[i] = held + (i + 1 < n ? g : g_bottom);
    held = g * (held / pivot[i]);  // what the next node sees, without cancellation
  }
  Eigen::MatrixXd inverse(n, n);
  for (Eigen::Index k = 0; k < n; ++k) {
    auto x = inverse.col(k);
    x.head(k).setZero();
    x[k] = 1.0;
    for (Eigen::Index i = k + 1; i < n; ++i) x[i] = x[i - 1] * (g / pivot[i - 1]);
    x[n - 1] /= pivot[n - 1];
    for (Eigen::Index i = n - 2; i >= 0; --i) x[i] = (x[i] + g * x[i + 1]) / pivot[i];
  }
  const Eigen::VectorXd sensed = g_top * inverse.col(0) + g_bottom * inverse.col(n - 1);
  return {D.asDiagonal() * inverse * D.asDiagonal(), D.cwiseProduct(sensed)};
}

/// Word lines of one node each: S W = g V, of which lines driven without resistance are known.
Eigen::MatrixXd ideal_word_line_response(const Array& array, const Eigen::MatrixXd& G) {
  const Eigen::Index n = G.rows();
  const Eigen::Index m = G.cols();
  Eigen::MatrixXd S = Eigen::MatrixXd::Zero(n, n);
  Eigen::MatrixXd delivered(n, m);
  for (Eigen::Index j = 0; j < m; ++j) {
    const auto line = static_cast<std::size_t>(j);
    const double g_top = 1.0 / array.R_top[line];
    const double g_bottom = 1.0 / array.R_bottom[line];
    const BitLine bit_line = array.R_column == 0.0
                                 ? ideal_bit_line(G.col(j), g_top + g_bottom)
                                 : wired_bit_line(G.col(j), 1.0 / array.R_column, g_top, g_bottom);
    S -= bit_line.returned;
    delivered.col(j) = bit_line.delivered;
  }
  S.diagonal() += G.rowwise().sum();
  const Eigen::MatrixXd coupling = S;
  Eigen::MatrixXd drive = Eigen::MatrixXd::Zero(n, n);
  std::vector<Eigen::Index> held;
  for (Eigen::Index i = 0; i < n; ++i) {
    const auto line = static_cast<std::size_t>(i);
    const double g = 1.0 / array.R_left[line] + 1.0 / array.R_right[line];
    if (std::isinf(g)) {
      held.push_back(i);
      continue;
    }
    S(i, i) += g;
    drive(i, i) = g;
  }
  // A line that its source holds without resistance has the equation W = V; the others' coupling
  // to it moves to the right-hand side.
  for (const Eigen::Index i : held) {
    drive.col(i) = -coupling.col(i);
    S.row(i).setZero();
    S.col(i).setZero();
    S(i, i) = 1.0;
  }
  for (const Eigen::Index i : held) {
    drive.row(i).setZero();
    drive(i, i) = 1.0;
  }
  const Eigen::MatrixXd W = S.llt().solve(drive);
  return W.transpose() * delivered;
}

}  // namespace

bool has_ideal_wire(const Array& array) {
  if (array.R_row > 0.0 && array.R_column > 0.0) return false;
  for (Eigen::Index i = 0; i < array.n_word_lines; ++i) {
    if (!array.is_driven(i)) return false;
  }
  for (Eigen::Index j = 0; j < array.n_bit_lines; ++j) {
    if (!array.is_sensed(j)) return false;
  }
  return true;
}

Eigen::MatrixXd ideal_wire_response(const Array& array, const Eigen::MatrixXd& G) {
  if (array.R_row == 0.0) return ideal_word_line_response(array, G);
  // By reciprocity the array and its transpose, driven where it was sensed, respond alike.
  const Array transposed{.n_word_lines = array.n_bit_lines,
                         .n_bit_lines = array.n_word_lines,
                         .R_row = array.R_column,
                         .R_column = array.R_row,
                         .R_left = array.R_top,
                         .R_right = array.R_bottom,
                         .R_top = array.R_left,
                         .R_bottom = array.R_right};
  return ideal_word_line_response(transposed, G.transpose()).transpose();
}

}  // namespace memspice::crossbar
