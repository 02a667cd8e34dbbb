#include "mapping/program_cells.hpp"

#include <algorithm>

#include "mapping/cell_span.hpp"

namespace memspice::mapping {
namespace {

Eigen::MatrixXd program_pairs(const Eigen::MatrixXd& shares,
                              const CellSpan& span,
                              const device::ConductanceWindow& window) {
  Eigen::MatrixXd G(shares.rows(), 2 * shares.cols());
  for (Eigen::Index j = 0; j < shares.cols(); ++j) {
    for (Eigen::Index i = 0; i < shares.rows(); ++i) {
      const double w = shares(i, j);
      G(i, 2 * j) = window.quantize(span.zero + std::max(w, 0.0) * span.width);
      G(i, 2 * j + 1) = window.quantize(span.zero + std::max(-w, 0.0) * span.width);
    }
  }
  return G;
}

Eigen::MatrixXd program_column(const Eigen::MatrixXd& shares,
                               const CellSpan& span,
                               const device::ConductanceWindow& window) {
  Eigen::MatrixXd G(shares.rows(), shares.cols() + 1);
  const auto cell = [&](double w) { return window.quantize(span.zero + w * span.width); };
  G.leftCols(shares.cols()) = shares.unaryExpr(cell);
  G.rightCols(1).setConstant(cell(0.0));
  return G;
}

}  // namespace

Eigen::MatrixXd program_cells(const Eigen::MatrixXd& W,
                              const Eigen::VectorXd& w_max,
                              const device::ConductanceWindow& window,
                              Signs signs) {
  const Eigen::MatrixXd shares = W.array().rowwise() / w_max.transpose().array();
  const CellSpan span = cell_span(window, signs);
  return signs == Signs::Pair ? program_pairs(shares, span, window)
                              : program_column(shares, span, window);
}

}  // namespace memspice::mapping
