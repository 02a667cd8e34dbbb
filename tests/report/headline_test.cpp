// What stands first on the page, and what hardware is counted for it.
#include "report/headline.hpp"

#include <catch2/catch.hpp>

#include "report/hardware.hpp"
#include "sample_report.hpp"

using namespace memspice;
using namespace memspice::report;
using Catch::Matchers::Contains;

namespace {

/// A crossbar layer of a known price under the name of the sample's first.
cost::NetworkCost priced(const std::string& layer, double energy) {
  cost::NetworkCost network;
  cost::LayerCost found;
  found.name = layer;
  found.parts[0] = {.count = 1, .area = 1e-9, .static_power = 2e-3, .energy = energy};
  found.latency = 1e-6;
  found.interval = 1e-6;
  network.layers = {found};
  network.total = found;
  return network;
}

}  // namespace

TEST_CASE("the page starts with the answer, its energy and its size", "[report][headline]") {
  RunReport report = sample_report();
  const std::string bare = headline_html(report);
  CHECK_THAT(bare, Contains("<h1>lenet5_fashion</h1>") && Contains("10,000 images, seed 1"));
  CHECK_THAT(bare, Contains("<b>90.12 %</b>") && Contains("95 %: 89.52 to 90.70"));
  CHECK_THAT(bare, Contains("energy of the arrays alone"));
  CHECK_THAT(bare, Contains("<b>124,000</b>") && Contains("<b>0.006 %</b>"));
  CHECK_THAT(bare, !Contains("Not to be trusted"));
  report.cost = priced("conv1", 3e-9);
  CHECK_THAT(headline_html(report), Contains("<b>3 nJ</b>") && Contains("of which arrays 4.2 nJ"));
}

TEST_CASE("warnings stand above everything else, escaped", "[report][headline]") {
  RunReport report = sample_report();
  report.warnings = {"conv1 <misses> ngspice"};
  const std::string html = headline_html(report);
  CHECK_THAT(html, Contains("Not to be trusted") && Contains("conv1 &lt;misses&gt; ngspice"));
}

TEST_CASE("only layers on crossbars count as crossbars", "[report][hardware]") {
  RunReport report = sample_report();
  CHECK_FALSE(hardware_of(report));  // on crossbars, without a price
  report.cost = priced("conv1", 3e-9);
  CHECK(hardware_of(report)->energy == Approx(3e-9));
  CHECK(*static_power(report) == Approx(2e-3));
  report.layers[0].path = "float";
  CHECK(hardware_of(report)->energy == 0.0);
  for (LayerReport& layer : report.layers) layer.path = "spectral";
  CHECK_FALSE(hardware_of(report));  // nothing is counted at all
  report.spectral = SpectralReport{};
  report.spectral->total_cost = {.energy_arithmetic = 2e-8, .energy_words = 1e-8, .latency = 1e-6};
  CHECK(*total_energy(report) == Approx(3e-8));
}
