#include <chrono>
#include <string>

#include "crossbar/crossbar.hpp"
#include "crossbar/operation.hpp"

namespace memspice::crossbar {
namespace {

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

Operation solve_vectors(const Eigen::MatrixXd& G,
                        const Wiring& wiring,
                        const Eigen::MatrixXd& V,
                        const VectorOptions& options) {
  return solve_nonlinear(G, 0.0, wiring, V, options);
}

Operation solve_nonlinear(const Eigen::MatrixXd& G,
                          double alpha,
                          const Wiring& wiring,
                          const Eigen::MatrixXd& V,
                          const VectorOptions& options) {
  const auto start = std::chrono::steady_clock::now();
  validate_conductances(G);
  validate_inputs(V, G.rows());
  const Array array = resolve_array(G.rows(), G.cols(), wiring);
  const Eigen::MatrixXd inputs = effective_inputs(array, V);
  const SinhLaw law(alpha);
  Operation operation = make_operation(array, V.cols(), options);
  Summary& summary = operation.summary;
  const auto read_out = [&](Eigen::Index k, const NodeOffsets& offsets) {
    const Eigen::MatrixXd I = cell_currents(G, law, inputs.col(k), offsets);
    fill_vector(operation, k, array, I, inputs.col(k), offsets);
  };
  if (law.is_linear()) {
    summary.residual = solve_sparse(array, G, inputs, read_out);
    summary.message = "sparse Cholesky";
  } else {
    solve_sparse_newton(array, G, law, inputs, read_out, summary);
    const bool converged = summary.residual <= options.tolerance;
    summary.termination =
        converged ? Summary::Termination::Converged : Summary::Termination::NotConverged;
    summary.message = "Newton over sparse Cholesky";
  }
  summary.seconds = seconds_since(start);
  return operation;
}

}  // namespace memspice::crossbar
