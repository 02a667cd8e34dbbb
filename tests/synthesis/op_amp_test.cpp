// The op-amp macromodel against the closed forms of the figures it is made of.

#include "synthesis/op_amp.hpp"

#include <catch2/catch.hpp>
#include <numbers>

#include "circuit/rule_check.hpp"
#include "support/batch_ngspice.hpp"
#include "support/block_run.hpp"
#include "synthesis/analog_draft.hpp"

using namespace memspice;
using synthesis::AnalogBlock;
using synthesis::AnalogDraft;

namespace {

const device::AnalogFigures& figures() {
  return test::analog_figures();
}

AnalogBlock follower() {
  AnalogDraft draft("follower", figures(), 1);
  return draft.finish({draft.follower("out_0", draft.in(0))});
}

AnalogBlock open_loop() {
  AnalogDraft draft("open_loop", figures(), 1);
  const circuit::NetId out = draft.net("out_0");
  draft.op_amp("u", draft.in(0), circuit::kGround, out);
  return draft.finish({out});
}

/// Columns: time, out, current into vdd, current into vss.
Eigen::MatrixXd run_step(const AnalogBlock& block, double from, double to, double duration) {
  const auto bench =
      synthesis::build_step_bench(block,
                                  figures(),
                                  Eigen::VectorXd::Constant(1, from),
                                  Eigen::VectorXd::Constant(1, to),
                                  {.delay = 1e-9, .duration = duration, .max_step = 5e-12});
  netlist::Deck deck = netlist::write_deck(bench.circuit, bench.analysis);
  deck.vectors.insert(deck.vectors.begin(), "time");
  return test::run_batch_ngspice(deck);
}

/// First time at which column 1 is at least `level` [s].
double time_of(const Eigen::MatrixXd& wave, double level) {
  for (Eigen::Index k = 1; k < wave.rows(); ++k) {
    if (wave(k, 1) < level) continue;
    const double slope = (wave(k, 1) - wave(k - 1, 1)) / (wave(k, 0) - wave(k - 1, 0));
    return wave(k, 0) - (wave(k, 1) - level) / slope;
  }
  return -1.0;
}

}  // namespace

TEST_CASE("an op-amp's gain, offset and swing are the card's", "[synthesis][op_amp]") {
  const AnalogBlock block = open_loop();
  CHECK(circuit::check_rules(*block.body).empty());
  const double gain = figures().op_amp.gain.value;
  const double offset = figures().op_amp.offset.value;
  // The load of 10 kOhm divides with the output resistance.
  const double load = figures().resistor.value;
  const double divider = load / (load + figures().op_amp.output_resistance.value);
  const Eigen::MatrixXd inputs =
      (Eigen::RowVectorXd(5) << -1.0, -offset, -offset + 1e-5, -offset - 2e-5, 1.0).finished();
  const Eigen::MatrixXd out = test::run_block(block, inputs);
  CHECK(out(0, 1) == Approx(0.0).margin(1e-7));
  CHECK(out(0, 2) == Approx(1e-5 * gain * divider).epsilon(1e-4));
  CHECK(out(0, 3) == Approx(-2e-5 * gain * divider).epsilon(1e-4));
  // Soft within 20 mV of its limit.
  const double limit = figures().vdd.value - figures().op_amp.headroom.value;
  CHECK(out(0, 4) / divider == Approx(limit + 0.01).margin(0.011));
  CHECK(out(0, 0) / divider == Approx(-limit - 0.01).margin(0.011));
}

TEST_CASE("a small step settles with the gain-bandwidth's time constant", "[synthesis][op_amp]") {
  const double rise = 1e-3;  // far below the 0.16 V that slew
  const Eigen::MatrixXd wave = run_step(follower(), 0.0, rise, 5e-9);
  const double tau = 1.0 / (2.0 * std::numbers::pi * figures().op_amp.gain_bandwidth.value);
  const double start = wave(0, 1);
  const double half = time_of(wave, start + rise * (1 - std::exp(-1.0)));
  const double late = time_of(wave, start + rise * (1 - std::exp(-3.0)));
  // The load of 10 kOhm lowers the loop gain by 2 %.
  CHECK(late - half == Approx(2.0 * tau).epsilon(0.03));
}

TEST_CASE("a large step slews at the card's rate", "[synthesis][op_amp]") {
  const Eigen::MatrixXd wave = run_step(follower(), -0.9, 0.9, 10e-9);
  const double slope = 0.8 / (time_of(wave, 0.2) - time_of(wave, -0.6));
  // tanh(x) is 0.999 of its limit at 0.6 V of input difference, of which 0.7 V are left at 0.2 V;
  // the output is the pole through 200 Ohm into 10 kOhm.
  CHECK(slope == Approx(figures().op_amp.slew_rate.value / 1.02).epsilon(0.01));
}

TEST_CASE("a saturated op-amp leaves its rail without delay", "[synthesis][op_amp]") {
  const Eigen::MatrixXd wave = run_step(open_loop(), -0.5, 0.5, 10e-9);
  // From -1.02 V at 0.5 V/ns: 0 V is reached after 2.04 ns; no winding up beyond the limit.
  CHECK(time_of(wave, 0.0) - 1e-9 == Approx(2.04e-9).epsilon(0.05));
}

TEST_CASE("the supplies carry quiescent and output current", "[synthesis][op_amp]") {
  const double quiescent = figures().op_amp.quiescent_current.value;
  const auto bench = synthesis::build_static_bench(
      follower(), figures(), (Eigen::RowVectorXd(3) << -0.5, 0.0, 0.5).finished());
  const Eigen::MatrixXd probes =
      test::run_batch_ngspice(netlist::write_deck(bench.circuit, bench.analysis));
  const double load = 0.5 / figures().resistor.value;
  CHECK(-probes(1, 1) == Approx(quiescent).epsilon(1e-3));
  CHECK(-probes(2, 1) == Approx(quiescent + load).epsilon(1e-3));
  CHECK(probes(2, 2) == Approx(quiescent).epsilon(1e-3));
  CHECK(probes(0, 2) == Approx(quiescent + load).epsilon(1e-3));
}

TEST_CASE("stages have their closed-form gains", "[synthesis][op_amp]") {
  AnalogDraft draft("stages", figures(), 2);
  const double R = figures().resistor.value;
  const std::vector<circuit::NetId> outputs{
      draft.summer("out_0", {{draft.in(0), R}, {draft.in(1), 2 * R}}, R),
      draft.amplifier("out_1", draft.in(0), R, 2 * R),
      draft.difference("out_2", draft.in(0), draft.in(1), R, 2 * R)};
  AnalogBlock block = draft.finish(outputs);
  CHECK(block.devices == synthesis::DeviceCount{.resistors = 9, .op_amps = 3});
  const Eigen::MatrixXd inputs =
      (Eigen::MatrixXd(2, 3) << 0.1, -0.2, 0.3, 0.2, 0.2, -0.1).finished();
  const Eigen::MatrixXd out = test::run_block(block, inputs);
  // Noise gain / open-loop gain, and noise gain x offset: at most 3e-4 of 1 V and 0.3 mV.
  for (Eigen::Index k = 0; k < inputs.cols(); ++k) {
    const double a = inputs(0, k), b = inputs(1, k);
    CHECK(out(0, k) == Approx(-a - b / 2).margin(6e-4));
    CHECK(out(1, k) == Approx(3 * a).margin(6e-4));
    CHECK(out(2, k) == Approx(2 * (a - b)).margin(6e-4));
  }
}
