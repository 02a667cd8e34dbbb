#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "base/interrupt.hpp"
#include "base/stopwatch.hpp"
#include "base/text.hpp"
#include "crossbar/cell_law.hpp"
#include "crossbar/contrast.hpp"
#include "crossbar/crossbar.hpp"
#include "crossbar/line_newton.hpp"
#include "crossbar/operation.hpp"
#include "crossbar/solvable.hpp"

namespace memspice::crossbar {
namespace {

/// The vectors of one call on their way through the line-implicit iteration and, those that it
/// leaves, through the direct way.
class VectorRun {
 public:
  VectorRun(const Array& array,
            const Eigen::MatrixXd& G,
            const CellLaw& law,
            const Eigen::MatrixXd& V,
            const VectorOptions& options)
      : array_(array),
        G_(G),
        law_(law),
        V_(effective_inputs(array, V)),
        tolerance_(options.tolerance),
        operation_(make_operation(array, V.cols(), options)) {}

  Operation run() {
    iterate();
    if (!left_.empty()) solve_directly();
    describe();
    return std::move(operation_);
  }

 private:
  void iterate() {
    LineNewton newton(hold_floating_lines(array_, G_), G_, law_, tolerance_);
    Summary& summary = operation_.summary;
    for (Eigen::Index k = 0; k < V_.cols(); ++k) {
      throw_if_interrupted();
      const LineOutcome outcome = newton.solve(V_.col(k));
      steps_ = std::max(steps_, outcome.newton_steps);
      summary.iterations = std::max(summary.iterations, outcome.iterations);
      if (!outcome.converged) {
        left_.push_back(k);
        continue;
      }
      summary.residual = worse(summary.residual, outcome.residual);
      at_rounding_ = at_rounding_ || outcome.at_rounding;
      fill_vector(operation_, k, array_, newton.cell_currents(), V_.col(k), newton.offsets());
    }
  }

  void solve_directly() {
    Eigen::MatrixXd inputs(V_.rows(), static_cast<Eigen::Index>(left_.size()));
    for (std::size_t k = 0; k < left_.size(); ++k) {
      inputs.col(static_cast<Eigen::Index>(k)) = V_.col(left_[k]);
    }
    const auto read_out = [&](Eigen::Index k, const NodeOffsets& offsets) {
      const Eigen::VectorXd V = inputs.col(k);
      const Eigen::Index to = left_[static_cast<std::size_t>(k)];
      fill_vector(operation_, to, array_, cell_currents(G_, law_, V, offsets), V, offsets);
    };
    Summary direct;
    if (law_.is_linear()) {
      direct.residual = solve_sparse(array_, G_, inputs, read_out);
    } else {
      solve_sparse_newton(array_, G_, law_, inputs, read_out, direct);
      steps_ = std::max(steps_, direct.iterations);
    }
    operation_.summary.residual = worse(operation_.summary.residual, direct.residual);
    direct_reached_ = direct.residual <= tolerance_;
  }

  bool is_finite() const {
    return operation_.current.allFinite() && operation_.power.allFinite() &&
           std::isfinite(operation_.summary.residual);
  }

  void describe() {
    describe_way();
    if (is_finite()) return;
    operation_.summary.termination = Summary::Termination::NotConverged;
    operation_.summary.message += "; some result is no finite number";
  }

  void describe_way() {
    using Termination = Summary::Termination;
    Summary& summary = operation_.summary;
    const bool all_direct = static_cast<Eigen::Index>(left_.size()) == V_.cols();
    summary.termination = !direct_reached_                 ? Termination::NotConverged
                          : all_direct && law_.is_linear() ? Termination::Direct
                                                           : Termination::Converged;
    summary.message = law_.is_linear() ? "line-implicit conjugate gradients"
                                       : "Newton over line-implicit conjugate gradients, " +
                                             to_text(static_cast<long long>(steps_)) + " steps";
    if (!left_.empty()) {
      summary.message += "; " + to_text(static_cast<long long>(left_.size())) + " of " +
                         to_text(static_cast<long long>(V_.cols())) +
                         " vectors by sparse Cholesky, where the iteration would be slow";
    }
    if (direct_reached_ && at_rounding_) {
      summary.message += "; as exact as double-precision voltages allow";
    }
    if (!direct_reached_) {
      summary.message += "; the residual " + to_text_rounded(summary.residual, 3) +
                         " is above the tolerance " + to_text_rounded(tolerance_, 3);
    }
  }

  const Array& array_;
  const Eigen::MatrixXd& G_;
  const CellLaw& law_;
  Eigen::MatrixXd V_;
  double tolerance_;
  Operation operation_;
  std::vector<Eigen::Index> left_;  ///< vectors that the iteration did not solve
  int steps_ = 0;
  bool at_rounding_ = false;    ///< some vector stopped at the rounding limit
  bool direct_reached_ = true;  ///< the tolerance, where the direct way was needed
};

}  // namespace

Operation solve_cells(const Eigen::MatrixXd& G,
                      const CellLaw& law,
                      const Wiring& wiring,
                      const Eigen::MatrixXd& V,
                      const VectorOptions& options) {
  const Stopwatch stopwatch;
  validate_conductances(G);
  validate_inputs(V, G.rows());
  const Array array = resolve_array(G.rows(), G.cols(), wiring);
  require_contrast(array, G);
  Operation operation = VectorRun(array, G, law, V, options).run();
  operation.summary.seconds = stopwatch.seconds();
  return operation;
}

Operation solve_vectors(const Eigen::MatrixXd& G,
                        const Wiring& wiring,
                        const Eigen::MatrixXd& V,
                        const VectorOptions& options) {
  return solve_cells(G, OhmicLaw(), wiring, V, options);
}

Operation solve_nonlinear(const Eigen::MatrixXd& G,
                          double alpha,
                          const Wiring& wiring,
                          const Eigen::MatrixXd& V,
                          const VectorOptions& options) {
  return solve_cells(G, SinhLaw(alpha), wiring, V, options);
}

}  // namespace memspice::crossbar
