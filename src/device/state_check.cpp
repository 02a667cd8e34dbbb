#include "device/state_check.hpp"

#include <cmath>

#include "base/text.hpp"

namespace memspice::device {

StateBounds state_bounds(const ParameterTable& table) {
  for (const ParameterRule& rule : table) {
    if (rule.name == kInitialState) return {.low = rule.low, .high = rule.high};
  }
  return {};
}

std::string find_start_fault(double x, double x_init) {
  if (std::abs(x - x_init) <= kStateTolerance) return "";
  return "the state starts at " + to_text_rounded(x, 4) + " where the card's x_init is " +
         to_text_rounded(x_init, 4) +
         ": nothing holds it there; give the capacitor of port x ic={x_init}";
}

std::string find_bound_fault(const Eigen::VectorXd& time,
                             const Eigen::VectorXd& x,
                             const StateBounds& bounds) {
  for (Eigen::Index k = 0; k < x.size(); ++k) {
    const bool is_within =
        x(k) >= bounds.low - kStateTolerance && x(k) <= bounds.high + kStateTolerance;
    if (is_within) continue;
    return "the state is " + to_text_rounded(x(k), 4) + " at t = " + to_text_rounded(time(k), 6) +
           " s, outside its bounds " + to_text(bounds.low) + " to " + to_text(bounds.high) +
           ": no such device is";
  }
  return "";
}

}  // namespace memspice::device
