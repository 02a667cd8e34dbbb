// Layers of the catalogue: sizes by name, and decks of small ones.

#include <catch2/catch.hpp>

#include "base/error.hpp"
#include "netlist/deck.hpp"
#include "support/block_run.hpp"
#include "support/golden.hpp"
#include "synthesis/block_catalogue.hpp"

namespace memspice::synthesis {
namespace {

// Of full scale: op-amp offsets of 0.1 mV through a noise gain of 2 to 4, and a loop gain of some
// thousands.
constexpr double kEntryError = 0.01;

AnalogBlock built(const std::string& circuit, std::map<std::string, double> sizes) {
  return build_block({.name = {}, .circuit = circuit, .sizes = std::move(sizes)},
                     test::analog_figures());
}

const std::map<std::string, double> kSmallUp = {{"channels", 1},
                                                {"outputs", 1},
                                                {"kernel", 2},
                                                {"stride", 1},
                                                {"padding", 0},
                                                {"output_padding", 0},
                                                {"height", 1},
                                                {"width", 2}};

}  // namespace

TEST_CASE("layers take their sizes from the catalogue", "[synthesis][catalogue]") {
  const AnalogBlock up = built("deconvolution", kSmallUp);
  CHECK(up.inputs == 2);
  CHECK(up.outputs == 2 * 3);
  CHECK(up.devices.memristors == 2 * 2 * 4);
  CHECK(test::largest_error(up, test::scatter(up, 10)) < kEntryError);
  const AnalogBlock same = built("convolution", {{"height", 2}, {"width", 2}, {"outputs", 3}});
  CHECK(same.inputs == 4 * 4);
  CHECK(same.outputs == 3 * 4);
  CHECK_THROWS_WITH(built("convolution", {{"kernel", 9}}), Catch::Contains("convolution"));
  CHECK_THROWS_AS(built("convolution", {{"outputs", 0}}), InputError);
  CHECK_THROWS_AS(built("deconvolution", {{"output_padding", 2}}), InputError);
  CHECK_THROWS_AS(built("se_block", {{"reduction", 3}}), InputError);
}

TEST_CASE("layers that are read in parts compute what they state", "[synthesis][catalogue]") {
  const AnalogBlock dense = built("fully_connected", {{"inputs", 5}, {"outputs", 3}});
  CHECK(dense.inputs == 5);
  CHECK(dense.outputs == 3);
  CHECK(test::largest_error(dense, test::scatter(dense, 6)) < kEntryError);
  const AnalogBlock window = built("sliding_convolution", {{"channels", 2}, {"kernel", 2}});
  CHECK(window.inputs == 2 * 4);
  CHECK(window.outputs == 4);
  CHECK(test::largest_error(window, test::scatter(window, 6)) < kEntryError);
  // Two pixels of one channel under a 2 x 2 kernel: all 8 taps are held.
  const AnalogBlock taps = built("kernel_first_taps", kSmallUp);
  CHECK(taps.inputs == 1);
  CHECK(taps.outputs == 4);
  CHECK(test::largest_error(taps, test::scatter(taps, 6)) < kEntryError);
  const AnalogBlock summer = built("kernel_first_summer", kSmallUp);
  CHECK(summer.inputs == 2 * taps.outputs);
  CHECK(summer.outputs == 2 * 3);
  CHECK(test::largest_error(summer, test::scatter(summer, 6)) < kEntryError);
}

TEST_CASE("decks of small layers and converters", "[synthesis][golden]") {
  const std::vector<std::pair<std::string, AnalogBlock>> blocks = {
      {"multiplier", built("multiplier", {})},
      {"dac_2_bits", built("dac", {{"bits", 2}})},
      {"deconvolution_1x2", built("deconvolution", kSmallUp)}};
  for (const auto& [name, block] : blocks) {
    const Eigen::MatrixXd inputs = block.high;
    const auto bench = build_static_bench(block, test::analog_figures(), inputs);
    const netlist::Deck deck = netlist::write_deck(bench.circuit, bench.analysis);
    test::check_golden(MEMSPICE_TEST_DIR, name + ".cir", deck.text);
  }
}

}  // namespace memspice::synthesis
