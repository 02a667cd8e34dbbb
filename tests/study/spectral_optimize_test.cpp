#include "study/spectral_optimize.hpp"

#include <catch2/catch.hpp>

#include "base/error.hpp"
#include "flow/plan.hpp"
#include "support/spectral_workplace.hpp"

using namespace memspice;
using Catch::Matchers::Contains;
using report::SpectralOptimum;

using test::SpectralWorkplace;

namespace {

SpectralOptimum optimize(const SpectralWorkplace& workplace) {
  return study::optimize_spectral(flow::spectral_search(config::load_flow(workplace.flow())));
}

}  // namespace

TEST_CASE("untrained candidates come with the command that trains them", "[spectral_optimize]") {
  const SpectralWorkplace workplace;
  const SpectralOptimum optimum = optimize(workplace);
  REQUIRE(optimum.candidates.size() == 4);  // original, size, depth, both
  CHECK(optimum.candidates[0].candidate.architecture.name == "s4_d4");
  CHECK_THAT(optimum.candidates[0].command,
             Contains("--sizes 4 --depths 4 --classifier 3") && !Contains("--from"));
  CHECK_FALSE(optimum.chosen);
  CHECK(optimum.unfused.cost.layers[0].shape.size == 8);
  for (const auto& candidate : optimum.candidates) CHECK(candidate.energy > 0.0);
}

TEST_CASE("trained candidates are scored, timed and chosen", "[spectral_optimize]") {
  const SpectralWorkplace workplace;
  workplace.train(4, 4, "s4_d4");
  workplace.train(2, 2, "s2_d2");
  const SpectralOptimum optimum = optimize(workplace);
  CHECK(optimum.images == 40);
  REQUIRE(optimum.chosen);
  const auto& chosen = optimum.candidates[*optimum.chosen];
  CHECK(chosen.candidate.architecture.name == "s2_d2");  // any loss is allowed: the cheapest
  CHECK(chosen.command.empty());
  CHECK(chosen.on_front);
  CHECK(*optimum.loss_of(optimum.candidates[0]) == 0.0);
  REQUIRE(optimum.original_unfused);
  CHECK(optimum.original_unfused->batch > 0.0);
  CHECK(chosen.throughput->single > 0.0);
  // Those that are left start from the original.
  CHECK_THAT(optimum.candidates[1].command, Contains("--from") && Contains("net_s4_d4.onnx"));
  const std::string text = report::spectral_optimum_text(optimum);
  CHECK_THAT(text, Contains("Rizvi et al. 2023") && Contains("against unfused"));
  CHECK_THAT(report::plot_spectral_front(optimum), Contains("<svg") && Contains("s2_d2 (chosen)"));
}

TEST_CASE("a file of another shape than its name is refused", "[spectral_optimize]") {
  const SpectralWorkplace workplace;
  workplace.train(3, 4, "s4_d4");
  CHECK_THROWS_WITH(optimize(workplace), Contains("net_s4_d4.onnx") && Contains("another shape"));
}

TEST_CASE("dominated candidates are not on the front", "[spectral_optimize]") {
  SpectralOptimum optimum;
  optimum.max_accuracy_loss = 0.05;
  const auto add = [&](std::int64_t operations, std::optional<double> accuracy) {
    report::SpectralCandidate candidate;
    candidate.candidate.cost.total.multiplications = operations;
    candidate.accuracy = accuracy;
    optimum.candidates.push_back(candidate);
  };
  add(100, 0.90);
  add(80, 0.86);
  add(60, 0.87);
  add(50, std::nullopt);
  add(40, 0.70);
  report::rank(optimum);
  CHECK(optimum.candidates[0].on_front);
  CHECK_FALSE(optimum.candidates[1].on_front);  // the next is cheaper and better
  CHECK(optimum.candidates[2].on_front);
  CHECK_FALSE(optimum.candidates[3].on_front);
  CHECK(optimum.candidates[4].on_front);
  CHECK(optimum.chosen == std::size_t{2});  // 3 points lost; the cheaper one loses 20
}
