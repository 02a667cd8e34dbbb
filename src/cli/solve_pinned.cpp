// memspice solve --certificate: ngspice's own residual bounds the error of the answer.
#include <cmath>

#include "cli/solve_checks.hpp"
#include "cli/solve_command.hpp"
#include "engine/engine.hpp"
#include "tile/array.hpp"
#include "tile/pinned_solver.hpp"

namespace memspice::cli {
SolveAnswer solve_with_certificate(const SolveTask& task) {
  // Of linear cells, row i of the response is what 1 V on word line i alone gives.
  const Eigen::MatrixXd V =
      task.response ? Eigen::MatrixXd::Identity(task.G.rows(), task.G.rows()) : task.V;
  const tile::Array array(
      {.wiring = task.bench.wiring, .alpha = task.bench.alpha, .cell = task.cell});
  const tile::PinnedProblem problem = array.pinned_problem("solve", task.G, V);
  const auto engine = engine::make_ngspice_engine(task.bench.spice);
  const tile::PinnedSolution solution = tile::solve_pinned({&problem, 1}, *engine).front();
  require_success(solution.summary);
  SolveAnswer answer;
  answer.engine = engine->version();
  answer.method =
      "ngspice with every node held, " + std::to_string(problem.tile.pieces.size()) + " piece(s)";
  answer.values = solution.I.transpose();
  answer.seconds = solution.summary.seconds;
  answer.iterations = solution.certificate.corrections;
  answer.certificate = solution.certificate;
  return answer;
}

}  // namespace memspice::cli
