#pragma once
// Intervals of 95 % confidence.
//
//   mean        m -+ t s / sqrt(n)                                        Student
//   deviation   s sqrt(dof / chi2_0.975)  ..  s sqrt(dof / chi2_0.025)    normal deviates
//   component   sigma_a^2 = (M_a - M_e) / n of two mean squares           Tukey (1951), Williams
//               (M_a - F_u M_e) / (n F_u,inf) .. (M_a - F_l M_e) / (n F_l,inf)
//
// Source of the last: Williams, Biometrika 49 (1962) 278; F_u, F_l are the quantiles 0.975 and
// 0.025 of F with both degrees of freedom, F_inf those with the first alone. Its coverage is
// between 90 and 95 % in the worst case and near 95 % as a rule.

#include <Eigen/Core>

#include "device/device_fit.hpp"

namespace memspice::device {

/// A mean of squares with its degrees of freedom.
struct MeanSquare {
  double value = 0.0;
  double dof = 0.0;
};

/// Half the width of a 95 % interval in standard errors; dof > 0.
double student_factor(double dof);

Confidence student_confidence(double value, double standard_error, double dof);

/// Of a standard deviation that is the root of `square`.
Confidence deviation_confidence(const MeanSquare& square);

/// A standard deviation among groups, with its interval and how likely chance alone gives as much.
struct SpreadComponent {
  double sigma = 0.0;  ///< 0 where the mean square among groups is below that within
  Confidence confidence;
  double chance = 1.0;  ///< of the F test of no spread, 0 .. 1
  bool is_seen() const noexcept { return chance < 0.05; }
};

/// `n`: readings per group (of unequal groups the expected mean square's factor).
SpreadComponent spread_component(const MeanSquare& among, const MeanSquare& within, double n);

/// Mean and its standard error; `values`: two at least.
struct SampleMean {
  double value = 0.0, error = 0.0, deviation = 0.0;
};
SampleMean mean_of(const Eigen::VectorXd& values);

/// A straight line y = at_mean + slope (x - mean of x), by least squares.
struct Line {
  double x_mean = 0.0, at_mean = 0.0, slope = 0.0;
  double slope_error = 0.0;   ///< standard error; of n > 2 points
  double square_error = 0.0;  ///< of the residuals: their squares' sum over dof
  double dof = 0.0;           ///< n - 2
  double at(double x) const noexcept { return at_mean + slope * (x - x_mean); }
  /// How likely chance alone gives as steep a slope, 0 .. 1.
  double chance() const;
};
/// Of three points at least, with two different x.
Line line_through(const Eigen::VectorXd& x, const Eigen::VectorXd& y);

}  // namespace memspice::device
