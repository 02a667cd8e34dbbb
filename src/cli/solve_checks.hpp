#pragma once
// What memspice solve takes and gives: limits on the problem, and a look at every number of the
// answer.

#include <string>
#include <vector>

#include "cli/solve_command.hpp"
#include "engine/engine.hpp"

namespace memspice::cli {

/// Names of the files and options that a task was read from.
struct SolveSources {
  std::string conductance, voltage;  ///< files
  std::string engine;                ///< "mesh" or "ngspice"
};

/// Throws InputError when alpha V is beyond any cell, or when the answer would take memory out of
/// proportion to the inputs.
void require_solvable(const SolveTask& task, const SolveSources& sources);

/// Values outside what crossbars are built of, a line each.
std::vector<std::string> find_unusual(const SolveTask& task, const SolveSources& sources);

/// Throws RunError with ngspice's words where it failed.
void require_success(const engine::Summary& summary);

/// Throws RunError unless every number of the answer is finite.
void require_finite(const SolveTask& task, const SolveAnswer& answer);

}  // namespace memspice::cli
