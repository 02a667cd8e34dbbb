// Curves of circuits with several inputs, against closed forms, through ngspice.

#include "periphery/network_curve.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "base/error.hpp"
#include "support/block_run.hpp"

using namespace memspice;
using periphery::CurveRequest;
using periphery::PeripheryModel;
using periphery::Reduction;

namespace {

const device::AnalogFigures& curve_card() {
  return test::analog_figures();
}

std::vector<PeripheryModel> measure(const std::vector<CurveRequest>& requests) {
  engine::Options spice;
  spice.workers = 1;
  spice.worker_program = std::string(MEMSPICE_BIN_DIR) + "/memspice-worker";
  spice.failed_deck_folder = "";
  const auto engine = engine::make_ngspice_engine(spice);
  return periphery::characterize_curves(
      requests, curve_card(), *engine, {.points = 41, .duration = 50e-9});
}

double at(const PeripheryModel& model, double in) {
  double out = 0.0;
  model.apply({&in, 1}, {&out, 1});
  return out;
}

}  // namespace

TEST_CASE("circuits of several inputs come down to the curve they stand for", "[periphery]") {
  const double R = 5e3, signal = curve_card().signal.value;
  const auto models = measure(
      {{.block = {.circuit = "column_readout", .sizes = {{"resistance", R}}},
        .reduction = Reduction::Difference,
        .common = 20e-6},
       {.block = {.circuit = "average_pool", .sizes = {{"window", 4}}},
        .reduction = Reduction::Mean},
       {.block = {.circuit = "max_pool", .sizes = {{"window", 4}}},
        .reduction = Reduction::Maximum},
       {.block = {.circuit = "dac", .sizes = {{"bits", 4}}}, .reduction = Reduction::Code}});
  // Two inverting stages: at most three offsets at the output, and a 3 / gain part of it.
  const double offsets = 3 * curve_card().op_amp.offset.value;
  const double part = 3.5 / curve_card().op_amp.gain.value;
  for (const double I : {-60e-6, -1e-6, 0.0, 33e-6}) {
    CHECK(std::abs(at(models[0], I) - R * I) < offsets + part * 2 * signal);
  }
  CHECK(models[0].interpolation_error < 1e-3);
  for (const double V : {-0.15, 0.0, 0.1}) {
    CHECK(std::abs(at(models[1], V) - V) < offsets + part * signal);
    CHECK(std::abs(at(models[2], V) - V) < 0.01 * signal);
  }
  // A summer is linear: its mean says all, to an offset of ngspice's tolerance.
  CHECK(models[1].interpolation_error < 1e-4);
  for (int code = 0; code < 16; ++code) {
    CHECK(std::abs(at(models[3], code) - signal * code / 16) < signal / 32);  // half a step
  }
  CHECK(models[3].curve_in.size() == 16);
}

TEST_CASE("a readout is judged by currents that its bit lines carry", "[periphery]") {
  // As large a resistor as the first op-amp's swing allows: 1 V, at 0.9 of it for 2 x 5.2 uA.
  const double R = 85e3, common = 5.2e-6;
  const CurveRequest request{.block = {.circuit = "column_readout", .sizes = {{"resistance", R}}},
                             .reduction = Reduction::Difference,
                             .common = common};
  const auto inputs =
      periphery::curve_inputs(request, synthesis::build_block(request.block, curve_card()), {});
  const Eigen::MatrixXd judges = inputs.rightCols(inputs.cols() / 2);
  CHECK(judges.maxCoeff() <= 2 * common);
  CHECK(judges.colwise().sum().maxCoeff() > 2 * common);  // more and less than along the curve
  CHECK(judges.colwise().sum().minCoeff() < common);
  // Offsets and finite gain act on every current alike; what is left is ngspice's tolerance.
  CHECK(measure({request})[0].interpolation_error < 1e-3);
}

TEST_CASE("a reduction that does not fit its circuit is refused", "[periphery]") {
  const auto inputs_of = [](const std::string& circuit, Reduction reduction) {
    const CurveRequest request{.block = {.circuit = circuit}, .reduction = reduction};
    return periphery::curve_inputs(
        request, synthesis::build_block(request.block, curve_card()), {});
  };
  CHECK_THROWS_AS(inputs_of("max_pool", Reduction::Difference), InputError);
  CHECK_THROWS_AS(inputs_of("max_pool", Reduction::None), InputError);
  CHECK_THROWS_AS(inputs_of("relu", Reduction::Code), InputError);
  CHECK_THROWS_AS(inputs_of("dac", Reduction::Mean), InputError);
  CHECK(inputs_of("relu", Reduction::None).rows() == 1);
}
