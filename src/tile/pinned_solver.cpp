#include "tile/pinned_solver.hpp"

#include "base/parallel.hpp"
#include "tile/pinned_run.hpp"

namespace memspice::tile {
namespace {

/// Evaluates the open tiles' questions in one call and hands the answers back.
void evaluate(std::span<PinnedRun* const> open, engine::Engine& engine) {
  std::vector<engine::PinnedPoints> requests;
  std::vector<std::size_t> first;
  for (PinnedRun* run : open) {
    first.push_back(requests.size());
    for (engine::PinnedPoints& request : run->requests()) requests.push_back(std::move(request));
  }
  first.push_back(requests.size());
  const std::vector<engine::PinnedCurrents> answers = engine.evaluate_all(requests);
  const std::span all(answers);
  for (std::size_t k = 0; k < open.size(); ++k) {
    open[k]->take(all.subspan(first[k], first[k + 1] - first[k]));
  }
}

}  // namespace

std::vector<PinnedSolution> solve_pinned(std::span<const PinnedProblem> problems,
                                         engine::Engine& engine,
                                         const PinnedOptions& options) {
  std::vector<std::unique_ptr<PinnedRun>> runs(problems.size());
  parallel_for(options.jobs, problems.size(), [&](std::size_t k) {
    runs[k] = std::make_unique<PinnedRun>(problems[k], options);
  });
  for (;;) {
    std::vector<PinnedRun*> open;
    for (const auto& run : runs) {
      if (!run->is_done()) open.push_back(run.get());
    }
    if (open.empty()) break;
    for (PinnedRun* run : open) run->ask();
    evaluate(open, engine);
  }
  std::vector<PinnedSolution> solutions;
  for (const auto& run : runs) solutions.push_back(std::move(*run).solution());
  return solutions;
}

}  // namespace memspice::tile
