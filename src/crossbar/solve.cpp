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

Response solve_response(const Eigen::MatrixXd& G, const Wiring& wiring) {
  validate_conductances(G);
  const auto start = std::chrono::steady_clock::now();
  const Eigen::MatrixXd unit = Eigen::MatrixXd::Identity(G.rows(), G.rows());
  const Operation operation = solve_vectors(G, wiring, unit);
  Response response{operation.current.transpose(), operation.summary};
  response.summary.seconds = seconds_since(start);
  return response;
}

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
  std::vector<NodeOffsets> offsets;
  if (law.is_linear()) {
    offsets = solve_sparse(array, G, inputs, summary.residual);
    summary.message = "sparse Cholesky";
  } else {
    offsets = solve_sparse_newton(array, G, law, inputs, summary);
    const bool converged = summary.residual <= options.tolerance;
    summary.termination =
        converged ? Summary::Termination::Converged : Summary::Termination::NotConverged;
    summary.message = "Newton over sparse Cholesky";
  }
  for (Eigen::Index k = 0; k < V.cols(); ++k) {
    const NodeOffsets& at = offsets[static_cast<std::size_t>(k)];
    fill_vector(operation, k, array, cell_currents(G, law, inputs.col(k), at), inputs.col(k), at);
  }
  summary.seconds = seconds_since(start);
  return operation;
}

}  // namespace memspice::crossbar
