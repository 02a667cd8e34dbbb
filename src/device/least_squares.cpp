#include "device/least_squares.hpp"

#include <Eigen/SVD>
#include <algorithm>
#include <cmath>
#include <limits>
#include <unsupported/Eigen/NonLinearOptimization>

#include "base/interrupt.hpp"
#include "device/confidence.hpp"

namespace memspice::device {
namespace {

using Range = FreeParameter::Range;

/// exp and the logistic function stay within a double, and off their flat ends.
constexpr double kLargestExponent = 300.0, kLargestLogit = 30.0;
/// What stands for a residual that is not finite: far, so that the search turns back.
constexpr double kFar = 1e6;

double value_at(const FreeParameter& parameter, double u) {
  switch (parameter.range) {
    case Range::Free:
      return u;
    case Range::Positive:
      return std::exp(std::clamp(u, -kLargestExponent, kLargestExponent));
    case Range::Negative:
      return -std::exp(std::clamp(u, -kLargestExponent, kLargestExponent));
    case Range::Between:
      break;
  }
  const double share = 1.0 / (1.0 + std::exp(-std::clamp(u, -kLargestLogit, kLargestLogit)));
  return parameter.low + (parameter.high - parameter.low) * share;
}

double coordinate_of(const FreeParameter& parameter) {
  if (parameter.range == Range::Free) return parameter.start;
  if (parameter.range != Range::Between) return std::log(std::abs(parameter.start));
  constexpr double kMargin = 1e-6;  // a start at a bound would rest there
  const double share = std::clamp(
      (parameter.start - parameter.low) / (parameter.high - parameter.low), kMargin, 1.0 - kMargin);
  return std::log(share / (1.0 - share));
}

/// The residuals over u, in the form that Eigen's minimiser asks for.
class Problem {
 public:
  Problem(const Residuals& residuals,
          const std::vector<FreeParameter>& parameters,
          const LeastSquaresOptions& options)
      : residuals_(residuals), parameters_(parameters), options_(options) {}

  Eigen::VectorXd start() const {
    Eigen::VectorXd u(std::ssize(parameters_));
    for (Eigen::Index k = 0; k < u.size(); ++k) u(k) = coordinate_of(at(k));
    return u;
  }
  Eigen::VectorXd values(const Eigen::VectorXd& u) const {
    Eigen::VectorXd p(u.size());
    for (Eigen::Index k = 0; k < u.size(); ++k) p(k) = value_at(at(k), u(k));
    return p;
  }
  Eigen::VectorXd evaluate(const Eigen::VectorXd& u) {
    throw_if_interrupted();
    ++evaluations_;
    const Eigen::VectorXd r = residuals_(values(u));
    return r.unaryExpr([](double e) { return std::isfinite(e) ? e : kFar; });
  }
  Eigen::MatrixXd jacobian(const Eigen::VectorXd& u) {
    Eigen::MatrixXd J;
    for (Eigen::Index k = 0; k < u.size(); ++k) {
      const double h = options_.step * std::max(1.0, std::abs(u(k)));
      Eigen::VectorXd low = u, high = u;
      low(k) -= h;
      high(k) += h;
      const Eigen::VectorXd column = (evaluate(high) - evaluate(low)) / (2.0 * h);
      if (k == 0) J.resize(column.size(), u.size());
      J.col(k) = column;
    }
    return J;
  }
  int evaluations() const { return evaluations_; }
  void set_size(Eigen::Index n) { size_ = n; }

  int values() const { return static_cast<int>(size_); }
  int inputs() const { return static_cast<int>(parameters_.size()); }
  int operator()(const Eigen::VectorXd& u, Eigen::VectorXd& r) {
    r = evaluate(u);
    return evaluations_ > options_.max_evaluations ? -1 : 0;
  }
  int df(const Eigen::VectorXd& u, Eigen::MatrixXd& J) {
    J = jacobian(u);
    return 0;
  }

 private:
  const FreeParameter& at(Eigen::Index k) const { return parameters_[static_cast<std::size_t>(k)]; }

  const Residuals& residuals_;
  const std::vector<FreeParameter>& parameters_;
  const LeastSquaresOptions& options_;
  Eigen::Index size_ = 0;
  int evaluations_ = 0;
};

/// Standard errors of u per unit of the residuals' deviation; infinite along directions that the
/// residuals do not see.
Eigen::VectorXd unit_errors(const Eigen::MatrixXd& J) {
  constexpr double kUnseen = 1e-8, kShare = 1e-3;
  const Eigen::VectorXd scale = J.colwise().norm().cwiseMax(1e-300).transpose();
  const Eigen::MatrixXd scaled = J * scale.cwiseInverse().asDiagonal();
  const Eigen::JacobiSVD<Eigen::MatrixXd> svd(scaled, Eigen::ComputeThinU | Eigen::ComputeThinV);
  const Eigen::VectorXd& s = svd.singularValues();
  Eigen::VectorXd squares = Eigen::VectorXd::Zero(J.cols());
  for (Eigen::Index d = 0; d < s.size(); ++d) {
    for (Eigen::Index k = 0; k < J.cols(); ++k) {
      const double along = svd.matrixV()(k, d);
      const bool is_unseen = !(s(d) > kUnseen * s(0));
      if (is_unseen && std::abs(along) < kShare) continue;
      squares(k) +=
          is_unseen ? std::numeric_limits<double>::infinity() : along * along / (s(d) * s(d));
    }
  }
  return squares.cwiseSqrt().cwiseQuotient(scale);
}

void add_confidence(const std::vector<FreeParameter>& parameters,
                    const Eigen::VectorXd& u,
                    LeastSquaresFit& fit) {
  const double deviation = std::sqrt(fit.residuals.squaredNorm() / fit.dof);
  fit.errors = unit_errors(fit.jacobian) * std::max(deviation, 1e-300);
  for (Eigen::Index k = 0; k < u.size(); ++k) {
    const FreeParameter& parameter = parameters[static_cast<std::size_t>(k)];
    const Confidence in_u = student_confidence(u(k), fit.errors(k), fit.dof);
    const double low = value_at(parameter, in_u.low), high = value_at(parameter, in_u.high);
    fit.confidence.push_back({std::min(low, high), std::max(low, high)});
  }
}

LeastSquaresSummary summary_of(Eigen::LevenbergMarquardtSpace::Status status,
                               const Eigen::VectorXd& residuals,
                               int evaluations) {
  using enum LeastSquaresSummary::Termination;
  using namespace Eigen::LevenbergMarquardtSpace;
  LeastSquaresSummary summary{.evaluations = evaluations};
  if (!residuals.allFinite() || residuals.cwiseAbs().maxCoeff() >= kFar) {
    summary.termination = NotFinite;
    summary.message = "the law gives nothing finite where the search ended";
  } else if (status == UserAsked || status == TooManyFunctionEvaluation) {
    summary.termination = TooManyEvaluations;
    summary.message =
        "the search did not end within " + std::to_string(evaluations) + " evaluations of the law";
  }
  return summary;
}

}  // namespace

LeastSquaresFit fit_least_squares(const Residuals& residuals,
                                  const std::vector<FreeParameter>& parameters,
                                  const LeastSquaresOptions& options) {
  Problem problem(residuals, parameters, options);
  Eigen::VectorXd u = problem.start();
  problem.set_size(problem.evaluate(u).size());
  Eigen::LevenbergMarquardt<Problem> search(problem);
  search.parameters.ftol = search.parameters.xtol = options.tolerance;
  search.parameters.maxfev = options.max_evaluations;
  search.parameters.factor = 1.0;  // the first step stays near the start
  const auto status = search.minimize(u);
  LeastSquaresFit fit{.values = problem.values(u), .residuals = problem.evaluate(u)};
  fit.jacobian = problem.jacobian(u);
  fit.dof = static_cast<double>(fit.residuals.size() - u.size());
  fit.summary = summary_of(status, fit.residuals, problem.evaluations());
  add_confidence(parameters, u, fit);
  return fit;
}

}  // namespace memspice::device
