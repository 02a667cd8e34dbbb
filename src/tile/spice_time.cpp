#include "tile/spice_time.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace memspice::tile {
namespace {

struct Point {
  double cells;
  double seconds;
};

/// The measured first operating points of spice_time.hpp.
constexpr std::array kFirst{
    Point{256, 0.04}, Point{1024, 0.15}, Point{4096, 5.0}, Point{16384, 93.0}};
constexpr double kFurther = 1.0 / 14.0;  ///< of the first, each
constexpr double kNewtonSteps = 4.0;     ///< of a vector on cells with a sinh

/// Of a pinned cell [s]: 64 x 64 with 24 vectors 1.2 s, 128 x 128 5.7 s.
constexpr double kReadCell = 1e-4;
constexpr double kEvaluateCell = 8e-6;
/// Residual, raised voltages and the residual again, and the ladder that shows them monotone.
constexpr double kRoundsWithoutLaw = 4.0;

/// Without wires the small arrays' nearly linear growth goes on.
constexpr std::size_t kLastSmall = 1;

/// The straight line through two neighbours on logarithmic axes, and beyond the ends the last one.
double interpolate(double cells, std::size_t points) {
  std::size_t right = 1;
  while (right + 1 < points && kFirst[right].cells < cells) ++right;
  const Point a = kFirst[right - 1], b = kFirst[right];
  const double slope = std::log(b.seconds / a.seconds) / std::log(b.cells / a.cells);
  return a.seconds * std::pow(cells / a.cells, slope);
}

double forecast_pinned(double cells, const TileRun& run) {
  const double rounds = run.has_law ? 1.0 : kRoundsWithoutLaw;
  const double points = rounds * static_cast<double>(run.vectors);
  return cells * (kReadCell + points * kEvaluateCell);
}

}  // namespace

double forecast_seconds(const TileRun& run) {
  const double cells = std::max(1.0, static_cast<double>(run.cells));
  if (run.is_pinned) return forecast_pinned(cells, run);
  const double first = interpolate(cells, run.has_wires ? kFirst.size() : kLastSmall + 1);
  const double steps = run.is_linear ? 1.0 : kNewtonSteps;
  return first * (1.0 + (static_cast<double>(run.vectors) * steps - 1.0) * kFurther);
}

}  // namespace memspice::tile
