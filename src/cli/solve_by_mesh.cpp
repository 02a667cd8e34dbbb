#include "base/error.hpp"
#include "cli/solve_command.hpp"

namespace memspice::cli {
namespace {

void take_summary(const crossbar::Summary& summary, SolveAnswer& answer) {
  if (summary.termination == crossbar::Summary::Termination::NotConverged) {
    throw RunError({.place = "solve",
                    .value = summary.message,
                    .rule = "the iteration did not converge",
                    .remedy = "try --engine ngspice, or a smaller --alpha or voltage"});
  }
  answer.seconds = summary.seconds;
  answer.iterations = summary.iterations;
  answer.residual = summary.residual;
  answer.method = summary.message;
}

}  // namespace

SolveAnswer solve_by_mesh(const SolveTask& task) {
  SolveAnswer answer;
  answer.engine = "mesh";
  if (task.response) {
    crossbar::Response response = crossbar::solve_response(task.G, task.bench.wiring);
    answer.values = std::move(response.G_eff);
    take_summary(response.summary, answer);
    return answer;
  }
  crossbar::VectorOptions options;
  options.node_voltages = task.node_voltages;
  answer.operation =
      crossbar::solve_nonlinear(task.G, task.bench.alpha, task.bench.wiring, task.V, options);
  answer.values = answer.operation.current.transpose();
  take_summary(answer.operation.summary, answer);
  return answer;
}

}  // namespace memspice::cli
