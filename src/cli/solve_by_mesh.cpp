#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/solve_command.hpp"
#include "crossbar/response.hpp"

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

/// The direct ways evaluate no equation by themselves.
double checked_error(const SolveTask& task, const Eigen::MatrixXd& G_eff) {
  constexpr double largest = 1e-6;
  const double error = crossbar::response_error(task.G, task.bench.wiring, G_eff);
  if (error <= largest) return error;
  throw RunError(
      {.place = "solve",
       .value = "relative error " + to_text_rounded(error, 2),
       .rule = "the response does not fulfil the circuit's equations to " + to_text(largest),
       .remedy = "bring wires and conductances closer together"});
}

}  // namespace

SolveAnswer solve_by_mesh(const SolveTask& task) {
  SolveAnswer answer;
  answer.engine = "mesh";
  if (task.response) {
    crossbar::Response response = crossbar::solve_response(task.G, task.bench.wiring);
    answer.values = std::move(response.G_eff);
    take_summary(response.summary, answer);
    answer.residual = checked_error(task, answer.values);
    return answer;
  }
  if (task.cell != nullptr && task.law == nullptr) {
    reject("--engine mesh",
           in_quotes(task.cell->definition.name),
           "is a subcircuit, whose law ngspice alone knows",
           "add --engine ngspice");
  }
  crossbar::VectorOptions options;
  options.node_voltages = task.node_voltages;
  answer.operation =
      task.law == nullptr
          ? crossbar::solve_nonlinear(task.G, task.bench.alpha, task.bench.wiring, task.V, options)
          : crossbar::solve_cells(task.G, *task.law, task.bench.wiring, task.V, options);
  answer.values = answer.operation.current.transpose();
  take_summary(answer.operation.summary, answer);
  return answer;
}

}  // namespace memspice::cli
