#include "report/spectral_report.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "report/answer.hpp"
#include "report/hardware.hpp"
#include "sample_report.hpp"

using namespace memspice;
using namespace memspice::report;
using Catch::Matchers::Contains;

namespace {

SpectralReport sample_spectral() {
  SpectralReport report{.float_accuracy = 0.92, .accuracy = 0.919, .largest_difference = 3e-7};
  report.layers = {{.name = "conv1",
                    .path = "spectral",
                    .transform = 16,
                    .counts = {.multiplications = 4000,
                               .additions = 3000,
                               .words_in = 100,
                               .words_kernel = 200,
                               .words_out = 300},
                    .spatial = {.multiplications = 117600},
                    .seconds_spectral = 2e-5,
                    .seconds_spatial = 3e-5,
                    .cost = {.energy_arithmetic = 2e-8, .energy_words = 1e-8, .latency = 1e-6}}};
  report.total = report.layers[0].counts;
  report.total_cost = report.layers[0].cost;
  report.area = 2e-7;
  report.card = "float32_45nm";
  return report;
}

/// A run whose layers are all on `path`.
RunReport run_on(const std::string& path) {
  RunReport report = sample_report();
  for (LayerReport& layer : report.layers) layer.path = path;
  return report;
}

}  // namespace

TEST_CASE("The terminal shows layers in the spectrum", "[report]") {
  RunReport report = sample_report();
  report.spectral = sample_spectral();
  const std::string text = to_terminal(report);
  CHECK_THAT(text, Contains("91.90 %"));
  CHECK_THAT(text, Contains("spectral, 16 x 16") && Contains("117,600") && Contains("30 nJ"));
  CHECK_THAT(to_terminal(sample_report()), !Contains("in the spectrum"));
  CHECK_THAT(to_html(report), Contains("Layers computed in the spectrum: 91.90 %"));
}

TEST_CASE("results.json holds the figures of layers in the spectrum", "[report]") {
  RunReport report = sample_report();
  report.spectral = sample_spectral();
  const auto json = nlohmann::json::parse(to_json(report));
  CHECK(json["accuracy"]["spectral"]["value"] == 0.919);
  CHECK(json["spectral"]["layers"][0]["real_additions"] == 3000);
  CHECK(json["spectral"]["layers"][0]["words_kernel"] == 200);
  CHECK(json["spectral"]["energy_total_joule"] == Approx(3e-8));
  CHECK(nlohmann::json::parse(to_json(sample_report()))["spectral"].is_null());
}

TEST_CASE("hardware is that of the path the layers are on", "[report]") {
  RunReport spectral = run_on("float");
  spectral.spectral = sample_spectral();
  spectral.accuracy = {};
  spectral.accuracy.shares["float"] = 0.92;
  REQUIRE(hardware_of(spectral));
  CHECK(hardware_of(spectral)->energy == Approx(2e-8));
  CHECK(hardware_of(spectral)->words == Approx(1e-8));
  CHECK(hardware_of(spectral)->latency == Approx(1e-6));
  CHECK(hardware_of(spectral)->area == Approx(2e-7));
  CHECK(total_energy(spectral) == Approx(3e-8));
  CHECK(answer_of(spectral)->share == 0.919);

  RunReport bitstream = run_on("bitstream");
  bitstream.accuracy = {};
  bitstream.accuracy.shares["float"] = 0.92;
  bitstream.bitstream = BitstreamReport{.accuracy = 0.91};
  bitstream.bitstream->units = {{"as configured", 8, 10, 0.91, 3e-9, 2e4, 2e-5, 1e-8, 4e18, 1.0},
                                {"other", 8, 10, 0.91, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0}};
  CHECK(hardware_of(bitstream)->energy == Approx(1e-8));
  CHECK(hardware_of(bitstream)->latency == Approx(2e-5));
  CHECK(answer_of(bitstream)->share == 0.91);

  RunReport crossbar = run_on("crossbar");
  crossbar.cost = cost::NetworkCost{};
  for (const LayerReport& layer : crossbar.layers) {
    cost::LayerCost priced;
    priced.name = layer.name;
    priced.parts[0].energy = 1e-9;
    priced.latency = 1e-7;
    crossbar.cost->layers.push_back(priced);
  }
  const auto layers = static_cast<double>(crossbar.layers.size());
  CHECK(hardware_of(crossbar)->energy == Approx(1e-9 * layers));
  CHECK(hardware_of(crossbar)->latency == Approx(1e-7 * layers));
  crossbar.layers[0].path = "float";  // priced as if mapped, but not built
  CHECK(hardware_of(crossbar)->energy == Approx(1e-9 * (layers - 1)));
  crossbar.cost.reset();
  CHECK_FALSE(hardware_of(crossbar));
}
