#pragma once
// Parameters that bring a law near to data: the minimum of |r(p)|^2 within bounds.
//
//   p = bounded(u):  between    low + (high - low) / (1 + exp(-u))
//                    positive   exp(u),  negative   -exp(u)
//                    free       u
//   covariance of u = s^2 (J^T J)^-1,  J = dr/du,  s^2 = |r|^2 / (n_residuals - n_parameters)
//
// Minimised by Levenberg and Marquardt's method as MINPACK has it (More, Lecture Notes in
// Mathematics 630 (1978) 105; Eigen's port), with J by central differences. Directions of u in
// which the residuals do not change (singular values of J below 1e-8 of the largest, columns
// scaled) have no covariance: what moves along them is not determined.

#include <Eigen/Core>
#include <functional>
#include <string>
#include <vector>

#include "device/device_fit.hpp"

namespace memspice::device {

/// A parameter to be fitted, and where from.
struct FreeParameter {
  enum class Range { Free, Positive, Negative, Between };
  std::string name;
  double start = 0.0;  ///< within the range
  Range range = Range::Free;
  double low = 0.0, high = 0.0;  ///< of Between
};

struct LeastSquaresOptions {
  int max_evaluations = 4000;  ///< of all residuals, those for J included
  double tolerance = 1e-10;    ///< of |r| and of u, relative, where the search ends
  double step = 1e-4;          ///< of u for J, relative to |u| (to 1 where u is smaller)
};

struct LeastSquaresSummary {
  enum class Termination { Converged, TooManyEvaluations, NotFinite };
  Termination termination = Termination::Converged;
  int evaluations = 0;
  std::string message = {};  ///< why it did not converge
};

struct LeastSquaresFit {
  Eigen::VectorXd values;                   ///< per parameter
  Eigen::VectorXd errors = {};              ///< standard errors of u; infinite: not determined
  std::vector<Confidence> confidence = {};  ///< of the values, 95 %, Student's t
  Eigen::VectorXd residuals;                ///< at the values
  Eigen::MatrixXd jacobian = {};            ///< dr/du there: n_residuals x n_parameters
  double dof = 0.0;                         ///< n_residuals - n_parameters
  LeastSquaresSummary summary = {};
  bool ok() const noexcept {
    return summary.termination == LeastSquaresSummary::Termination::Converged;
  }
};

/// r(p): n_residuals; may hold what is not finite where p makes no sense, which the search avoids.
using Residuals = std::function<Eigen::VectorXd(const Eigen::VectorXd&)>;

/// Precondition: more residuals than parameters.
LeastSquaresFit fit_least_squares(const Residuals& residuals,
                                  const std::vector<FreeParameter>& parameters,
                                  const LeastSquaresOptions& options = {});

}  // namespace memspice::device
