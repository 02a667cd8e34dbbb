#include "periphery/periphery_model.hpp"

#include <algorithm>
#include <cassert>

namespace memspice::periphery {

void PeripheryModel::apply(std::span<const double> in, std::span<double> out) const {
  assert(has_curve() && in.size() == out.size());
  const Eigen::Index last = curve_in.size() - 1;
  const double low = curve_in[0];
  const double per_volt = static_cast<double>(last) / (curve_in[last] - low);
  for (std::size_t k = 0; k < in.size(); ++k) {
    const double at = std::clamp((in[k] - low) * per_volt, 0.0, static_cast<double>(last));
    const Eigen::Index left = std::min(static_cast<Eigen::Index>(at), last - 1);
    const double part = at - static_cast<double>(left);
    out[k] = curve_out[left] + part * (curve_out[left + 1] - curve_out[left]);
  }
}

void PeripheryModel::judge_curve(const Eigen::VectorXd& in, const Eigen::VectorXd& out) {
  if (in.size() == 0) return;
  Eigen::VectorXd found(in.size());
  const auto count = static_cast<std::size_t>(in.size());
  apply({in.data(), count}, {found.data(), count});
  interpolation_error = (found - out).cwiseAbs().maxCoeff() / full_scale;
}

}  // namespace memspice::periphery
