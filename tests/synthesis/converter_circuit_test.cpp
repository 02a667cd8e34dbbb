// DAC and SAR front end in stock ngspice, against a nodal solution of the ladder.

#include "synthesis/converter_circuit.hpp"

#include <Eigen/LU>
#include <catch2/catch.hpp>

#include "base/error.hpp"
#include "circuit/rule_check.hpp"
#include "support/block_run.hpp"

namespace memspice::synthesis {
namespace {

const device::AnalogFigures& card() {
  return test::analog_figures();
}

Eigen::VectorXi all_codes(int bits) {
  return Eigen::VectorXi::LinSpaced(1 << bits, 0, (1 << bits) - 1);
}

Eigen::VectorXd levels_of(const AnalogBlock& dac) {
  return test::run_block(dac, dac_inputs(dac.inputs, all_codes(dac.inputs), card())).transpose();
}

double resistance(const AnalogBlock& block, const std::string& name) {
  const auto id = block.body->find_instance(name);
  REQUIRE(id.has_value());
  return block.body->instances()[static_cast<std::size_t>(id->value)].value;
}

/// The ladder's own levels for V_ref = 1 V, by nodal analysis with the block's resistors.
Eigen::VectorXd ladder_levels(const AnalogBlock& dac) {
  const int n = dac.inputs;
  constexpr double kSwitch = 100;
  Eigen::MatrixXd A = Eigen::MatrixXd::Zero(n, n);
  Eigen::VectorXd g(n);
  A(0, 0) = 1 / resistance(dac, "end_r");
  for (int k = 0; k < n; ++k) {
    g[k] = 1 / (resistance(dac, "leg_r_" + std::to_string(k)) + kSwitch);
    A(k, k) += g[k];
    if (k == 0) continue;
    const double rung = 1 / resistance(dac, "rung_r_" + std::to_string(k));
    A(k, k) += rung;
    A(k - 1, k - 1) += rung;
    A(k, k - 1) = A(k - 1, k) = -rung;
  }
  const Eigen::VectorXd shares = A.inverse().row(n - 1).transpose().cwiseProduct(g);
  Eigen::VectorXd levels(1 << n);
  for (int code = 0; code < levels.size(); ++code) {
    levels[code] = 0;
    for (int k = 0; k < n; ++k) levels[code] += ((code >> k) & 1) * shares[k];
  }
  return levels;
}

}  // namespace

TEST_CASE("an 8-bit R-2R converter is straight", "[synthesis][converter]") {
  const AnalogBlock dac = build_dac({.bits = 8}, card());
  CHECK(circuit::check_rules(*dac.body).empty());
  // Legs, rungs and the end: 8 + 7 + 1, and the reference's divider; two switches a bit.
  CHECK(dac.devices == DeviceCount{.resistors = 18, .op_amps = 2, .behavioural = 16});
  const Eigen::VectorXd levels = levels_of(dac);
  const double lsb = 0.2 / 256;
  // Offsets of reference and buffer, 0.1 mV each, are a shift and a gain error of 5e-4.
  CHECK(std::abs(levels[0]) < 0.3 * lsb);
  CHECK(levels[255] == Approx(255 * lsb).margin(0.5 * lsb));
  const Linearity linearity = linearity_of(levels);
  CHECK(linearity.inl.cwiseAbs().maxCoeff() < 0.05);
  CHECK(linearity.dnl.cwiseAbs().maxCoeff() < 0.05);
  const AnalogBlock twin = build_dac({.realisation = Realisation::Behavioural, .bits = 5}, card());
  const Eigen::MatrixXd inputs = dac_inputs(5, all_codes(5), card());
  CHECK(test::largest_error(twin, inputs) < 1e-6);
}

TEST_CASE("mismatch bends a converter as nodal analysis says", "[synthesis][converter]") {
  const AnalogBlock dac = build_dac({.bits = 6, .mismatch = 0.02, .seed = 4}, card());
  const Linearity measured = linearity_of(levels_of(dac));
  const Linearity expected = linearity_of(ladder_levels(dac));
  CHECK(expected.inl.cwiseAbs().maxCoeff() > 0.1);
  CHECK((measured.inl - expected.inl).cwiseAbs().maxCoeff() < 0.02);
  CHECK((measured.dnl - expected.dnl).cwiseAbs().maxCoeff() < 0.02);
  const AnalogBlock same = build_dac({.bits = 6, .mismatch = 0.02, .seed = 4}, card());
  const AnalogBlock other = build_dac({.bits = 6, .mismatch = 0.02, .seed = 5}, card());
  CHECK(resistance(same, "end_r") == resistance(dac, "end_r"));
  CHECK(resistance(other, "end_r") != resistance(dac, "end_r"));
}

TEST_CASE("a successive approximation finds the codes", "[synthesis][converter]") {
  constexpr int kBits = 4;
  const AnalogBlock front = build_sar_front_end({.bits = kBits}, card());
  CHECK(circuit::check_rules(*front.body).empty());
  const double lsb = 0.2 / 16;
  constexpr int kPerStep = 8;
  const Eigen::VectorXd ramp =
      Eigen::VectorXd::LinSpaced(16 * kPerStep, 0.5 * lsb / kPerStep, 0.2 - 0.5 * lsb / kPerStep);
  const Eigen::VectorXi codes = convert_by_sar(front, kBits, ramp, card(), test::run_block);
  const Eigen::VectorXd transitions = transitions_of(ramp, codes, kBits);
  // Offsets of some 0.1 mV and half a step of the ramp, 0.78 mV, of an LSB of 12.5 mV.
  const Eigen::VectorXd expected = Eigen::VectorXd::LinSpaced(15, lsb, 15 * lsb);
  CHECK((transitions - expected).cwiseAbs().maxCoeff() < lsb / kPerStep);
  const Linearity linearity = linearity_of(transitions);
  CHECK(linearity.inl.cwiseAbs().maxCoeff() < 1.0 / kPerStep);
  CHECK(linearity.dnl.cwiseAbs().maxCoeff() <= 1.0 / kPerStep + 1e-9);
}

TEST_CASE("linearity of levels with known faults", "[synthesis][converter]") {
  // A line with its third level half a step high: INL 0.5 there, DNL +0.5 and -0.5 beside it.
  const Linearity bent = linearity_of((Eigen::VectorXd(5) << 1, 2, 3.5, 4, 5).finished());
  CHECK(bent.lsb == Approx(1));
  CHECK(bent.inl.isApprox((Eigen::VectorXd(5) << 0, 0, 0.5, 0, 0).finished()));
  CHECK(bent.dnl.isApprox((Eigen::VectorXd(4) << 0, 0.5, -0.5, 0).finished()));
  CHECK_THROWS_AS(linearity_of(Eigen::VectorXd::Zero(3)), InputError);
  CHECK_THROWS_AS(transitions_of(Eigen::Vector3d(0, 1, 2), Eigen::Vector3i(0, 1, 1), 2), RunError);
}

TEST_CASE("converters that cannot be are refused", "[synthesis][converter]") {
  CHECK_THROWS_WITH(build_dac({.name = "d", .bits = 0}, card()), Catch::Contains("d.bits"));
  CHECK_THROWS_AS(build_dac({.bits = 13}, card()), InputError);
  CHECK_THROWS_AS(build_dac({.range = 1.2}, card()), InputError);
  CHECK_THROWS_AS(build_dac({.mismatch = -0.1}, card()), InputError);
}

}  // namespace memspice::synthesis
