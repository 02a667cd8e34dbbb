// Converters measured in ngspice, against what their ladders give when they are solved.

#include "periphery/measure_converters.hpp"

#include <catch2/catch.hpp>

#include "base/error.hpp"
#include "support/block_run.hpp"

using namespace memspice;
using synthesis::ConverterSpec;

namespace {

/// What solving leaves out (src/synthesis/ladder.hpp) and ngspice's 1e-6, of 0.2 V.
constexpr double kTolerance = 1.2e-6;

/// Refuses every deck.
class DeafEngine : public engine::Engine {
 public:
  std::string version() override { return "deaf"; }
  std::vector<engine::Waveforms> run_all(std::span<const netlist::Deck> decks,
                                         const engine::OnDone&) override {
    engine::Waveforms refused;
    refused.summary.termination = engine::Termination::Rejected;
    refused.summary.message = "hears nothing";
    return std::vector<engine::Waveforms>(decks.size(), refused);
  }
};

std::unique_ptr<engine::Engine> ngspice() {
  engine::Options spice;
  spice.workers = 2;
  spice.worker_program = std::string(MEMSPICE_BIN_DIR) + "/memspice-worker";
  spice.failed_deck_folder = "";
  return engine::make_ngspice_engine(spice);
}

}  // namespace

TEST_CASE("measured converters are the solved ones", "[periphery][converter]") {
  const auto engine = ngspice();
  const device::AnalogFigures& figures = test::analog_figures();
  // At 10 % codes are missing: their decisions lie in another order than the codes.
  const std::vector<ConverterSpec> specs{{.name = "a", .bits = 1},
                                         {.name = "b", .bits = 5, .mismatch = 0.01, .seed = 2},
                                         {.name = "c", .bits = 6, .mismatch = 0.1, .seed = 3}};
  const auto dacs = periphery::measure_dacs(specs, figures, *engine);
  const auto sars = periphery::measure_sars(specs, figures, *engine);
  REQUIRE(sars.size() == specs.size());
  for (std::size_t k = 0; k < specs.size(); ++k) {
    const Eigen::VectorXd levels = synthesis::solve_dac(specs[k], figures);
    const Eigen::VectorXd begins = synthesis::solve_sar(specs[k], figures);
    CAPTURE(specs[k].name);
    REQUIRE(sars[k].size() == begins.size());
    CHECK((dacs[k] - levels).cwiseAbs().maxCoeff() < kTolerance);
    CHECK((sars[k] - begins).cwiseAbs().maxCoeff() < kTolerance);
  }
}

TEST_CASE("a converter that ngspice refuses is named", "[periphery][converter]") {
  DeafEngine engine;
  const std::vector<ConverterSpec> specs{{.name = "mute", .bits = 3}};
  CHECK_THROWS_WITH(periphery::measure_sars(specs, test::analog_figures(), engine),
                    Catch::Contains("mute") && Catch::Contains("hears nothing"));
  CHECK_THROWS_AS(periphery::measure_dacs(specs, test::analog_figures(), engine), RunError);
}
