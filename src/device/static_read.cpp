#include "device/static_read.hpp"

#include <cmath>

namespace memspice::device {

double StaticRead::current(double G, double v) const noexcept {
  return alpha == 0.0 ? G * v : G * std::sinh(alpha * v) / alpha;
}

double StaticRead::conductance(double G, double v) const noexcept {
  return G * std::cosh(alpha * v);
}

}  // namespace memspice::device
