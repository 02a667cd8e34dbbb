#include "device/trace_difference.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"

namespace memspice::device {
namespace {

struct Largest {
  double shifted = 0.0, unshifted = 0.0;
  long edges = 0;
};

struct Range {
  double low = 0.0, high = 0.0;

  void add(double value) {
    low = std::min(low, value);
    high = std::max(high, value);
  }
};

/// The values that `a` takes from `first` to `last`. A jump between two samples shows in neither
/// where it began and ended: each piece without a jump is extended by one sample.
Range extended_range(const Eigen::VectorXd& a, Eigen::Index first, Eigen::Index last, double jump) {
  Range range{a(first), a(first)};
  for (Eigen::Index k = first; k < last; ++k) {
    range.add(a(k + 1));
    const double rise = a(k + 1) - a(k);
    if (std::abs(rise) > jump) continue;
    range.add(a(k) - rise);
    range.add(a(k + 1) + rise);
  }
  return range;
}

/// `reach`: points that the largest shift spans.
Largest compare_curves(const Eigen::VectorXd& a,
                       const Eigen::VectorXd& b,
                       double full_scale,
                       Eigen::Index reach,
                       double edge) {
  Largest largest;
  const double jump = edge * full_scale / static_cast<double>(std::max<Eigen::Index>(reach, 1));
  for (Eigen::Index k = 0; k < a.size(); ++k) {
    const Eigen::Index first = std::max<Eigen::Index>(k - reach, 0);
    const Eigen::Index last = std::min<Eigen::Index>(k + reach, a.size() - 1);
    const auto near = a.segment(first, last - first + 1);
    const double low = near.minCoeff(), high = near.maxCoeff();
    const double difference = std::abs(a(k) - b(k)) / full_scale;
    const Range range = extended_range(a, first, last, jump);
    const double outside = std::max({range.low - b(k), b(k) - range.high, 0.0}) / full_scale;
    const bool is_edge = high - low > edge * full_scale;
    largest.edges += is_edge;
    largest.unshifted = std::max(largest.unshifted, difference);
    largest.shifted = std::max(largest.shifted, is_edge ? outside : difference);
  }
  return largest;
}

}  // namespace

TraceDifference compare(const Trace& a,
                        const Trace& b,
                        const Drive& drive,
                        const DifferenceOptions& options) {
  if (a.time.size() != b.time.size() || a.time.size() < 2 || a.time != b.time) {
    throw InputError({.place = "compare",
                      .value = {},
                      .rule = "traces must have the same times",
                      .remedy = "trace both with the same options"});
  }
  const double dt = a.time(1) - a.time(0);
  const auto reach = static_cast<Eigen::Index>(std::ceil(options.shift / drive.frequency / dt));
  const double full_scale = std::max(a.current.cwiseAbs().maxCoeff(), 1e-300);
  const Largest current = compare_curves(a.current, b.current, full_scale, reach, options.edge);
  const Largest state = compare_curves(a.state, b.state, 1.0, reach, options.edge);
  return {.current = current.shifted,
          .state = state.shifted,
          .current_unshifted = current.unshifted,
          .state_unshifted = state.unshifted,
          .edge_share = static_cast<double>(current.edges) / static_cast<double>(a.time.size())};
}

}  // namespace memspice::device
