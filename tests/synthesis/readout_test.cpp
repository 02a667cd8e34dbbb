// Readout circuits in stock ngspice against their closed forms.

#include "synthesis/readout.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "base/error.hpp"
#include "circuit/rule_check.hpp"
#include "support/batch_ngspice.hpp"
#include "support/block_run.hpp"

using namespace memspice;
using synthesis::AnalogBlock;
using synthesis::ReadoutSpec;
using synthesis::Realisation;

namespace {

const device::AnalogFigures& readout_card() {
  return test::analog_figures();
}

/// Random inputs with logic levels at either end.
Eigen::MatrixXd stimuli(const AnalogBlock& block, int count) {
  Eigen::MatrixXd inputs = test::scatter(block, count);
  for (int k = block.inputs - block.logic_inputs; k < block.inputs; ++k) {
    for (Eigen::Index n = 0; n < inputs.cols(); ++n) {
      inputs(k, n) =
          inputs(k, n) > (block.low[k] + block.high[k]) / 2 ? block.high[k] : block.low[k];
    }
  }
  return inputs;
}

}  // namespace

TEST_CASE("readout circuits follow their closed forms", "[synthesis][readout]") {
  const AnalogBlock blocks[] = {
      synthesis::build_transimpedance({}, readout_card()),
      synthesis::build_transimpedance({.resistance = 50e3}, readout_card()),
      synthesis::build_column_readout({}, readout_card()),
      synthesis::build_subtractor({}, readout_card()),
      synthesis::build_subtractor({.gain = 4.0}, readout_card()),
      synthesis::build_programmable_gain({.bits = 1}, readout_card()),
      synthesis::build_programmable_gain({.bits = 4}, readout_card()),
      synthesis::build_sample_hold({}, readout_card())};
  for (const AnalogBlock& block : blocks) {
    INFO(block.body->name() << " with " << block.inputs << " inputs");
    CHECK(circuit::check_rules(*block.body).empty());
    const double error = test::largest_error(block, stimuli(block, 40));
    INFO("error " << error);
    CHECK(error < 0.01);
  }
}

TEST_CASE("behavioural readout keeps the op-amp's finite gain", "[synthesis][readout]") {
  const ReadoutSpec twin{.realisation = Realisation::Behavioural};
  const AnalogBlock blocks[] = {synthesis::build_transimpedance(twin, readout_card()),
                                synthesis::build_column_readout(twin, readout_card()),
                                synthesis::build_subtractor(twin, readout_card()),
                                synthesis::build_programmable_gain(twin, readout_card())};
  for (const AnalogBlock& block : blocks) {
    INFO(block.body->name());
    CHECK(test::largest_error(block, stimuli(block, 20)) < 2e-4);
  }
}

TEST_CASE("a sample is held when the clock falls", "[synthesis][readout]") {
  const AnalogBlock block = synthesis::build_sample_hold({}, readout_card());
  // The input rises with the clock's fall: the output must stay.
  const auto bench = synthesis::build_step_bench(
      block,
      readout_card(),
      (Eigen::VectorXd(2) << 0.1, readout_card().vdd.value).finished(),
      (Eigen::VectorXd(2) << 0.1, readout_card().vss.value).finished(),
      {.delay = 5e-9, .rise = 1e-10, .duration = 100e-9, .max_step = 5e-11});
  netlist::Deck deck = netlist::write_deck(bench.circuit, bench.analysis);
  const Eigen::MatrixXd out = test::run_batch_ngspice(deck);
  const double before = out(0, 0), after = out(out.rows() - 1, 0);
  CHECK(before == Approx(0.1).margin(1e-3));
  // Channel charge W L C_ox V / 2 is 3.5 fC for each of the two opposite switches: 3.5 mV on 1 pF
  // at most. Below 1 % of full scale is asked for.
  CHECK(std::abs(after - before) < 2e-3);
  CHECK(std::abs(after - before) > 1e-6);
}

TEST_CASE("zero gain and impossible sizes are refused by name", "[synthesis][readout]") {
  CHECK_THROWS_WITH(synthesis::build_subtractor({.name = "s", .gain = 0.0}, readout_card()),
                    Catch::Contains("s.gain"));
  CHECK_THROWS_WITH(synthesis::build_programmable_gain({.name = "p", .bits = 0}, readout_card()),
                    Catch::Contains("p.bits"));
  CHECK_THROWS_AS(synthesis::build_programmable_gain({.bits = 9}, readout_card()), InputError);
  CHECK_THROWS_AS(synthesis::build_programmable_gain({.gain = -1.0}, readout_card()), InputError);
  CHECK_THROWS_AS(synthesis::build_transimpedance({.resistance = -5.0}, readout_card()),
                  InputError);
  CHECK_THROWS_AS(synthesis::build_transimpedance({.resistance = NAN}, readout_card()), InputError);
  CHECK_THROWS_AS(
      synthesis::build_sample_hold({.realisation = Realisation::Behavioural}, readout_card()),
      InputError);
}
