// Smaller spectral networks: which are on the front, which is chosen, and how it is shown.
#include "report/spectral_optimum.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace memspice;
using namespace memspice::report;
using Catch::Matchers::Contains;

namespace {

SpectralCandidate candidate(const std::string& name,
                            std::int64_t words,
                            std::optional<double> accuracy) {
  SpectralCandidate found;
  spectral::Architecture& architecture = found.candidate.architecture;
  architecture.name = name;
  architecture.image = 32;
  architecture.layers = {{.size = 32, .pooled = 16, .channels_in = 1, .channels_out = 6}};
  architecture.classifier = {10};
  found.candidate.cost.total.words_in = words;
  found.energy = 1e-12 * static_cast<double>(words);
  found.accuracy = accuracy;
  if (accuracy) found.throughput = Throughput{1e6 / static_cast<double>(words), 100.0};
  if (!accuracy) found.command = "train " + name;
  return found;
}

/// The dearest first: the original, one that loses little, one that loses to it in both, a cheap
/// one that loses much, and one that nobody trained.
SpectralOptimum five_candidates() {
  SpectralOptimum optimum;
  optimum.flow = "optimize";
  optimum.images = 1000;
  optimum.batch = 100;
  optimum.max_accuracy_loss = 0.02;
  optimum.unfused.architecture.name = "original";
  optimum.unfused.cost.total.words_in = 16000;
  optimum.unfused.card.clock.value = 1e9;
  optimum.candidates = {candidate("original", 8000, 0.90),
                        candidate("worse", 6000, 0.87),
                        candidate("small", 4000, 0.89),
                        candidate("untrained", 3000, std::nullopt),
                        candidate("tiny", 1000, 0.80)};
  optimum.original_unfused = Throughput{50.0, 40.0};
  optimum.original_fused = Throughput{100.0, 80.0};
  rank(optimum);
  return optimum;
}

}  // namespace

TEST_CASE("the front holds what nothing beats in both cost and accuracy", "[report][optimum]") {
  const SpectralOptimum optimum = five_candidates();
  std::vector<bool> front;
  for (const SpectralCandidate& c : optimum.candidates) front.push_back(c.on_front);
  CHECK(front == std::vector<bool>{true, false, true, false, true});
  CHECK(*optimum.loss_of(optimum.candidates[2]) == Approx(0.01));
  CHECK_FALSE(optimum.loss_of(optimum.candidates[3]));
}

TEST_CASE("the cheapest within the loss is chosen, trained ones alone", "[report][optimum]") {
  SpectralOptimum optimum = five_candidates();
  REQUIRE(optimum.chosen);
  CHECK(*optimum.chosen == 2);
  optimum.max_accuracy_loss = 0.2;
  rank(optimum);
  CHECK(*optimum.chosen == 4);
  optimum.candidates[0].accuracy.reset();  // without the original nothing can be said to be lost
  rank(optimum);
  CHECK_FALSE(optimum.chosen);
}

TEST_CASE("the terminal lays candidates side by side", "[report][optimum]") {
  const std::string text = spectral_optimum_text(five_candidates());
  CHECK_THAT(text, Contains("at most 2.0 points lost") && Contains("not trained"));
  CHECK_THAT(text, Contains("chosen: small"));
  // small: 1e6/4000 = 250 images/s; the fused original 100, the unfused 50.
  CHECK_THAT(text, Contains("2.5 x") && Contains("5.0 x"));
  CHECK_THAT(text, Contains("Not trained yet") && Contains("train untrained"));
}

TEST_CASE("JSON holds every candidate and the gains", "[report][optimum]") {
  const auto json = nlohmann::json::parse(to_json(five_candidates()));
  REQUIRE(json["candidates"].size() == 5);
  CHECK(json["chosen"] == "small");
  CHECK(json["candidates"][2]["pareto"] == true);
  CHECK(json["candidates"][2]["accuracy_loss"] == Approx(0.01));
  CHECK(json["candidates"][3]["accuracy"].is_null());
  CHECK(json["candidates"][3]["command"] == "train untrained");
  CHECK(json["candidates"][0]["sizes"] == nlohmann::json({16}));
  CHECK(json["gain"]["over_unfused"]["batch"] == Approx(5.0));
  CHECK(json["gain"]["over_fused"]["batch"] == Approx(2.5));
  CHECK(json["original"]["unfused"]["network"] == "original");
}

TEST_CASE("the front is drawn through its candidates", "[report][optimum]") {
  SpectralOptimum optimum = five_candidates();
  const std::string plot = plot_spectral_front(optimum);
  std::size_t dots = 0;
  for (std::size_t at = 0; (at = plot.find("<circle", at)) != std::string::npos; ++at) ++dots;
  CHECK(dots == 4);  // the untrained one has no accuracy
  CHECK_THAT(plot, Contains("small (chosen)") && Contains("least accuracy allowed"));
  CHECK_THAT(spectral_optimum_html(optimum), Contains("Accuracy against cost"));
  for (SpectralCandidate& c : optimum.candidates) c.accuracy.reset();
  rank(optimum);
  CHECK(plot_spectral_front(optimum).empty());
  const std::string page = spectral_optimum_html(optimum);
  CHECK(page.find("Accuracy against cost") == std::string::npos);
  CHECK_THAT(page, Contains("All candidates"));
}
