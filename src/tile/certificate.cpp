#include "tile/certificate.hpp"

#include <algorithm>

namespace memspice::tile {

Certificate worst_of(const Certificate& a, const Certificate& b) {
  // A bound that is missing is worse than any: NaN stays, and no comparison with it holds.
  const auto worse = [](double x, double y) { return std::isnan(x) || x >= y ? x : y; };
  return {.bound = worse(a.bound, b.bound),
          .relative = worse(a.relative, b.relative),
          .residual = std::max(a.residual, b.residual),
          .corrections = std::max(a.corrections, b.corrections),
          .evaluations = a.evaluations + b.evaluations,
          .monotone = a.monotone && b.monotone};
}

}  // namespace memspice::tile
