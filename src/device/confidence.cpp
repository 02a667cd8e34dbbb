#include "device/confidence.hpp"

#include <algorithm>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/fisher_f.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>

namespace memspice::device {
namespace {

namespace math = boost::math;

constexpr double kLowTail = 0.025, kHighTail = 0.975;  // of 95 %

double chi_squared_over_dof(double dof, double tail) {
  return math::quantile(math::chi_squared(dof), tail) / dof;
}

double root_of(double square) {
  return std::sqrt(std::max(square, 0.0));
}

}  // namespace

const FittedFigure* DeviceFit::find(const std::string& key) const noexcept {
  const auto at = std::find_if(figures.begin(), figures.end(), [&](const FittedFigure& figure) {
    return figure.key == key;
  });
  return at == figures.end() ? nullptr : &*at;
}

double student_factor(double dof) {
  return math::quantile(math::students_t(dof), kHighTail);
}

Confidence student_confidence(double value, double standard_error, double dof) {
  const double half = student_factor(dof) * standard_error;
  return {value - half, value + half};
}

Confidence deviation_confidence(const MeanSquare& square) {
  return {root_of(square.value / chi_squared_over_dof(square.dof, kHighTail)),
          root_of(square.value / chi_squared_over_dof(square.dof, kLowTail))};
}

SpreadComponent spread_component(const MeanSquare& among, const MeanSquare& within, double n) {
  const math::fisher_f ratio(among.dof, within.dof);
  const auto bound = [&](double tail) {
    const double square = among.value - math::quantile(ratio, tail) * within.value;
    return root_of(square / (n * chi_squared_over_dof(among.dof, tail)));
  };
  SpreadComponent spread{.sigma = root_of((among.value - within.value) / n),
                         .confidence = {bound(kHighTail), bound(kLowTail)}};
  const double times = among.value / within.value;
  const bool has_ratio = within.value > 0.0 && std::isfinite(times);
  spread.chance =
      has_ratio ? math::cdf(math::complement(ratio, times)) : (among.value > 0.0 ? 0.0 : 1.0);
  return spread;
}

SampleMean mean_of(const Eigen::VectorXd& values) {
  const auto n = static_cast<double>(values.size());
  const double mean = values.mean();
  const double deviation = std::sqrt((values.array() - mean).square().sum() / (n - 1.0));
  return {.value = mean, .error = deviation / std::sqrt(n), .deviation = deviation};
}

double Line::chance() const {
  const double steepness = std::abs(slope) / slope_error;
  if (!std::isfinite(steepness)) return slope == 0.0 ? 1.0 : 0.0;
  return 2.0 * math::cdf(math::complement(math::students_t(dof), steepness));
}

Line line_through(const Eigen::VectorXd& x, const Eigen::VectorXd& y) {
  Line line{.x_mean = x.mean(), .at_mean = y.mean(), .dof = static_cast<double>(x.size()) - 2.0};
  const Eigen::VectorXd dx = x.array() - line.x_mean;
  line.slope = dx.dot(y) / dx.squaredNorm();
  const Eigen::VectorXd r = y.array() - line.at_mean - line.slope * dx.array();
  line.square_error = r.squaredNorm() / line.dof;
  line.slope_error = std::sqrt(line.square_error / dx.squaredNorm());
  return line;
}

}  // namespace memspice::device
