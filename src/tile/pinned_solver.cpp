#include "tile/pinned_solver.hpp"

#include "base/parallel.hpp"
#include "tile/pinned_run.hpp"

namespace memspice::tile {
namespace {

/// A tile that is being solved, and its place among all.
struct OpenTile {
  std::size_t index = 0;
  std::unique_ptr<PinnedRun> run;
};

/// Evaluates the open tiles' questions in one call and hands the answers back.
void evaluate(std::span<const OpenTile> open, engine::Engine& engine) {
  std::vector<engine::PinnedPoints> requests;
  std::vector<std::size_t> first;
  for (const OpenTile& tile : open) {
    tile.run->ask();
    first.push_back(requests.size());
    for (engine::PinnedPoints& request : tile.run->requests()) {
      requests.push_back(std::move(request));
    }
  }
  first.push_back(requests.size());
  const std::vector<engine::PinnedCurrents> answers = engine.evaluate_all(requests);
  const std::span all(answers);
  for (std::size_t k = 0; k < open.size(); ++k) {
    open[k].run->take(all.subspan(first[k], first[k + 1] - first[k]));
  }
}

}  // namespace

std::vector<PinnedSolution> solve_pinned(std::span<const PinnedProblem> problems,
                                         engine::Engine& engine,
                                         const PinnedOptions& options,
                                         const OnSolved& on_solved) {
  std::vector<OpenTile> open(problems.size());
  parallel_for(options.jobs, problems.size(), [&](std::size_t k) {
    open[k] = {k, std::make_unique<PinnedRun>(problems[k], options)};
  });
  std::vector<PinnedSolution> solutions(problems.size());
  while (!open.empty()) {
    evaluate(open, engine);
    std::erase_if(open, [&](const OpenTile& tile) {
      if (!tile.run->is_done()) return false;
      PinnedSolution& solution = solutions[tile.index];
      solution = std::move(*tile.run).solution();
      if (on_solved) on_solved(tile.index, solution);
      return true;
    });
  }
  return solutions;
}

}  // namespace memspice::tile
