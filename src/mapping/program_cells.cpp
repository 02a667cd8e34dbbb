#include "mapping/program_cells.hpp"

#include <algorithm>

namespace memspice::mapping {

Eigen::MatrixXd program_cells(const Eigen::MatrixXd& W,
                              const Eigen::VectorXd& w_max,
                              const device::ConductanceWindow& window) {
  Eigen::MatrixXd G(W.rows(), 2 * W.cols());
  for (Eigen::Index j = 0; j < W.cols(); ++j) {
    for (Eigen::Index i = 0; i < W.rows(); ++i) {
      const double w = W(i, j) / w_max[j];
      G(i, 2 * j) = window.quantize(window.g_min + std::max(w, 0.0) * window.width());
      G(i, 2 * j + 1) = window.quantize(window.g_min + std::max(-w, 0.0) * window.width());
    }
  }
  return G;
}

}  // namespace memspice::mapping
