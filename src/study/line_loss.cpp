#include "study/line_loss.hpp"

#include <cmath>

namespace memspice::study {

void LineLoss::add(const Eigen::MatrixXd& G, const Eigen::MatrixXd& response) {
  const Eigen::MatrixXd loss = G - response;
  for (Eigen::Index j = 0; j + 1 < G.cols(); j += 2) {
    lost_ += (loss.col(j) - loss.col(j + 1)).squaredNorm();
    all_ += (G.col(j) - G.col(j + 1)).squaredNorm();
  }
}

std::optional<double> LineLoss::share() const {
  if (all_ == 0.0) return std::nullopt;
  return std::sqrt(lost_ / all_);
}

}  // namespace memspice::study
