// Characterization against closed forms, through the engine interface.

#include "periphery/characterize.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <numbers>

#include "base/error.hpp"
#include "periphery/step_response.hpp"
#include "support/block_run.hpp"

using namespace memspice;
using periphery::PeripheryModel;
using synthesis::BlockRequest;
using synthesis::Realisation;

namespace {

const device::AnalogFigures& card() {
  return test::analog_figures();
}

std::vector<PeripheryModel> measure(const std::vector<BlockRequest>& requests,
                                    const periphery::Options& options = {}) {
  engine::Options spice;
  spice.workers = 1;
  spice.worker_program = std::string(MEMSPICE_BIN_DIR) + "/memspice-worker";
  spice.failed_deck_folder = "";
  const auto engine = engine::make_ngspice_engine(spice);
  return periphery::characterize(requests, card(), *engine, options);
}

/// Answers that no simulator gave.
class CannedEngine : public engine::Engine {
 public:
  explicit CannedEngine(engine::Waveforms waves) : waves_(std::move(waves)) {}
  std::string version() override { return "canned"; }
  std::vector<engine::Waveforms> run_all(std::span<const netlist::Deck> decks,
                                         const engine::OnDone&) override {
    return std::vector<engine::Waveforms>(decks.size(), waves_);
  }

 private:
  engine::Waveforms waves_;
};

}  // namespace

TEST_CASE("circuits are characterized as their closed forms say", "[periphery]") {
  const auto models =
      measure({{.circuit = "subtractor"}, {.circuit = "relu"}}, {.points = 41, .duration = 50e-9});
  REQUIRE(models.size() == 2);
  const PeripheryModel& subtractor = models[0];
  const double offset = card().op_amp.offset.value;
  const double gain = card().op_amp.gain.value;
  // Noise gain 2: twice the offset, and a 2 / gain part of the output.
  CHECK(subtractor.offset == Approx(2 * offset).epsilon(0.01));
  CHECK(subtractor.error.max < 2 * offset / subtractor.full_scale + 2.2 / gain);
  CHECK(subtractor.error.rms > 0.9 * 2 * offset / subtractor.full_scale);
  // A feedback factor of 1/2: half an LSB of 512 steps is ln(512) time constants; slewing and the
  // loaded output resistance can only add.
  const double tau = 2.0 / (2.0 * std::numbers::pi * card().op_amp.gain_bandwidth.value);
  CHECK(subtractor.settling_time > std::log(512.0) * tau * 0.95);
  CHECK(subtractor.settling_time < std::log(512.0) * tau * 1.5 + 2e-9);
  const double quiescent =
      card().op_amp.quiescent_current.value * (card().vdd.value - card().vss.value);
  CHECK(subtractor.static_power == Approx(quiescent).epsilon(0.02));
  CHECK(subtractor.energy > quiescent * subtractor.settling_time * 0.9);
  CHECK(subtractor.energy < quiescent * subtractor.settling_time * 1.5);
  CHECK_FALSE(subtractor.has_curve());

  const PeripheryModel& relu = models[1];
  CHECK(relu.error.max < 0.005);
  CHECK(relu.has_curve());
  CHECK(relu.curve_in.size() == 41);
  CHECK(relu.interpolation_error < 0.002);
  const double in[] = {-0.15, 0.0, 0.05, 0.123, 5.0};
  double out[5];
  relu.apply(in, out);
  CHECK(out[0] == Approx(0.0).margin(1e-4));
  CHECK(out[2] == Approx(0.05).margin(1e-3));
  CHECK(out[3] == Approx(0.123).margin(1e-3));
  CHECK(out[4] == relu.curve_out[40]);  // the end value holds
}

TEST_CASE("logic inputs and behavioural twins are characterized", "[periphery]") {
  const auto models = measure({{.circuit = "programmable_gain", .sizes = {{"bits", 2}}},
                               {.circuit = "tanh", .realisation = Realisation::Behavioural}},
                              {.points = 21, .duration = 50e-9});
  CHECK(models[0].error.max < 0.01);
  CHECK(models[0].inputs == 3);
  CHECK(models[0].size == "bits 2");
  CHECK(models[1].error.max < 1e-6);
  CHECK(models[1].settling_time < 1e-10);
}

TEST_CASE("settling is the last time outside the tolerance", "[periphery]") {
  // An exponential of 1 ns after a step at 1 ns; supplies of 1 V and -1 V that give 3 mA and 1 mA.
  engine::Waveforms waves;
  const Eigen::Index points = 20001;
  waves.axis = Eigen::VectorXd::LinSpaced(points, 0.0, 21e-9);
  waves.values.resize(points, 3);
  for (Eigen::Index k = 0; k < points; ++k) {
    const double t = std::max(waves.axis[k] - 1e-9, 0.0);
    waves.values.row(k) << 1.0 - std::exp(-t / 1e-9), -3e-3, 1e-3;
  }
  device::AnalogFigures figures = card();
  figures.vdd.value = 1.0;
  figures.vss.value = -1.0;
  const auto step = periphery::read_step(waves, 1, figures, 1e-9, std::exp(-5.0));
  CHECK(step.has_settled);
  CHECK(step.time == Approx(5e-9).margin(3e-12));
  CHECK(step.energy == Approx(4e-3 * 5e-9).epsilon(2e-3));
  const auto creeping = periphery::read_step(waves, 1, figures, 1e-9, std::exp(-17.0));
  CHECK_FALSE(creeping.has_settled);
}

TEST_CASE("a failed run names the block", "[periphery]") {
  engine::Waveforms failed;
  failed.summary.termination = engine::Termination::NoConvergence;
  failed.summary.message = "singular matrix";
  CannedEngine engine(failed);
  const std::vector<BlockRequest> requests{{.circuit = "relu"}};
  CHECK_THROWS_WITH(periphery::characterize(requests, card(), engine),
                    Catch::Contains("relu") && Catch::Contains("singular matrix"));
}

TEST_CASE("requests that name nothing are refused", "[periphery]") {
  CannedEngine engine({});
  const auto refused = [&](const BlockRequest& request, const std::string& part) {
    const std::vector<BlockRequest> requests{request};
    CHECK_THROWS_WITH(periphery::characterize(requests, card(), engine), Catch::Contains(part));
  };
  refused({.circuit = "sigmiod"}, "sigmoid");
  refused({.name = "p", .circuit = "max_pool", .sizes = {{"windows", 4}}}, "p.windows");
  refused({.name = "p", .circuit = "max_pool", .sizes = {{"window", 2.5}}}, "p.window");
  refused({.circuit = "sample_hold", .realisation = Realisation::Behavioural}, "sample_hold");
  CHECK_THROWS_AS(periphery::characterize({}, card(), engine, {.points = 1}), InputError);
  CHECK_THROWS_AS(periphery::characterize({}, card(), engine, {.duration = 0.0}), InputError);
}
