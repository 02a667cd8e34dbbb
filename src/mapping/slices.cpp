#include "mapping/slices.hpp"

#include <cmath>

namespace memspice::mapping {

double steps_of_slices(int levels, int slices) {
  return std::pow(levels, slices) - 1.0;
}

int levels_for(int largest, int slices) {
  int levels = 2;
  while (steps_of_slices(levels, slices) < largest) ++levels;
  return levels;
}

std::vector<WeightSlice> slice_weights(const Eigen::MatrixXd& W,
                                       const Eigen::VectorXd& w_max,
                                       int levels,
                                       int slices) {
  if (slices == 1) return {{W, w_max}};
  const double most = steps_of_slices(levels, slices);
  const Eigen::RowVectorXd q = w_max.transpose() / most;
  Eigen::ArrayXXd left = (W.array().rowwise() / q.array()).round().max(-most).min(most);
  std::vector<WeightSlice> digits;
  for (int s = 0; s < slices; ++s) {
    const double unit = std::pow(levels, s);
    const Eigen::ArrayXXd higher =
        (left / levels).unaryExpr([](double x) { return std::trunc(x); });
    const Eigen::ArrayXXd digit = left - higher * levels;
    digits.push_back(
        {((digit * unit).rowwise() * q.array()).matrix(), q.transpose() * (unit * (levels - 1))});
    left = higher;
  }
  return digits;
}

}  // namespace memspice::mapping
