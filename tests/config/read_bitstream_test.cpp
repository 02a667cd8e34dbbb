#include "config/read_bitstream.hpp"

#include <catch2/catch.hpp>

#include "base/files.hpp"
#include "config/flow_file.hpp"

using namespace memspice;
using memspice::testing::FlowFile;

namespace {

constexpr const char* kEverything = R"(
[path]
default = "bitstream"
conv1 = "float"
[bitstream]
bits = 10
form = "signed"
guard_bits = 4
parallel = 8
lanes = 32
batch = 4
sweep = [4, 6]
activation_percentile = 99
[bitstream.layer_bits]
conv2 = 6
[bitstream.faults]
rates = [1e-6, 0.1]
samples = 3
images = 50
)";

}  // namespace

TEST_CASE("Every key of [bitstream] is read", "[config]") {
  const config::FlowOptions flow = FlowFile(kEverything).load();
  const stochastic::Options& options = flow.bitstream;
  CHECK(flow.path.standard == study::LayerPath::Bitstream);
  CHECK(options.bits == 10);
  CHECK(options.form == stochastic::FormChoice::Signed);
  CHECK(options.guard_bits == 4);
  CHECK(options.parallel == 8);
  CHECK(options.lanes == 32);
  CHECK(options.batch == 4);
  CHECK(options.sweep == std::vector<int>{4, 6});
  CHECK(options.activation_percentile == 99.0);
  CHECK(options.weight_bits("conv2") == 6);
  CHECK(options.weight_bits("fc1") == 10);
  CHECK(options.faults.rates == std::vector<double>{1e-6, 0.1});
  CHECK(options.faults.samples == 3);
  CHECK(options.faults.images == 50);
  CHECK(FlowFile(kEverything).load({"bitstream.parallel=all"}).bitstream.parallel ==
        stochastic::kWholeStream);
}

TEST_CASE("What no bitstream hardware has is refused with its place", "[config]") {
  const FlowFile flow(kEverything);
  const auto refuses = [&](const std::string& assignment, const std::string& rule) {
    const std::string key = assignment.substr(0, assignment.find('='));
    CHECK_THAT(flow.message({assignment}), Catch::Contains(key) && Catch::Contains(rule));
  };
  refuses("bitstream.bits=1", "must be 2 to 16");
  refuses("bitstream.bits=17", "must be 2 to 16");
  refuses("bitstream.bits=7.5", "whole number");
  refuses("bitstream.guard_bits=15", "must be 0 to 14");
  refuses("bitstream.parallel=3", "power of two");
  refuses("bitstream.parallel=2048", "must be 1 to 1024");
  refuses("bitstream.lanes=0", "must be 1");
  refuses("bitstream.form=unsigned", "weights have signs");
  refuses("bitstream.form=mixt", "mixed");
  refuses("bitstream.sweep=[4, 17]", "2 to 16");
  refuses("bitstream.layer_bits.conv2=1", "2 to 16");
  refuses("bitstream.layer_bits.conv2=11", "at most bitstream.bits");
  refuses("bitstream.faults.rates=[0.1, 1.5]", "a probability, 0 to 1");
  refuses("bitstream.faults.rates=-0.1", "a probability, 0 to 1");
  refuses("bitstream.faults.samples=1", "must be 2");
  refuses("bitstream.activation_percentile=0", "above 0 and at most 100");
  refuses("bitstream.bit=8", "did you mean \"bits\"");
  refuses("path.default=bitstreem", "did you mean \"bitstream\"");
}

TEST_CASE("The shipped card of gates states every figure with its source", "[config]") {
  const stochastic::GateCard card = config::load_gate_card("nangate_45nm");
  for (const auto* figure :
       {&card.nand2, &card.and2, &card.xor2, &card.mux2, &card.half_adder, &card.full_adder}) {
    CHECK(figure->value > 0.5e-12);
    CHECK(figure->value < 5e-12);
    CHECK(!figure->source.empty());
  }
  // An 8 x 8 array multiplier: Horowitz, ISSCC 2014, states 282 um2 at 45 nm.
  const std::vector<int> rows(8, 8);
  CHECK(stochastic::row_sum_area(card, rows, 0, 16) == Approx(282e-12).epsilon(0.1));
  // Cells counted by hand, bit-serial, N = 4, A = 2: 4 flip-flops that hold, 4 gates and 3 that
  // join them, the sign, and 6 bits of flip-flop, adder, clip and clear.
  const double by_hand =
      4 * (4.522 + 1.862) + 7 * 1.064 + 1.596 + 6 * (4.522 + 4.256 + 1.862 + 1.064);
  const auto area = stochastic::stream_unit_area(
      card, {.form = stochastic::Form::Mixed, .bits = 4, .guard_bits = 2, .lanes = 3});
  CHECK(area.lane == Approx(by_hand * 1e-12));
  CHECK(area.total() == Approx(3.0 * area.lane + area.shared));
  // The whole stream, N = 4: |w| has 3 bits, its rows 3, 2 and 1, which 3 full adders bring to 3.
  const double whole = 4 * 4.522 + 6 * 1.064 + 2 * 2.660 + 3 * 4.256 + 3 * 1.596 +
                       6 * (4.522 + 4.256 + 1.862 + 1.064);
  CHECK(stochastic::stream_unit_area(card,
                                     {.form = stochastic::Form::Mixed,
                                      .bits = 4,
                                      .guard_bits = 2,
                                      .lanes = 3,
                                      .parallel = stochastic::kWholeStream})
            .lane == Approx(whole * 1e-12));
  // A fixed-width multiplier adds the same bits as the closed form.
  CHECK(stochastic::word_unit_area(card,
                                   {.bits = 4,
                                    .weight_bits = 4,
                                    .guard_bits = 2,
                                    .lanes = 3,
                                    .product = stochastic::Product::FixedWidth})
            .lane == Approx(whole * 1e-12));
}

TEST_CASE("A card of gates without a source is refused", "[config]") {
  const TemporaryFolder folder;
  std::string text = read_file(shipped_file("device_models/gates/nangate_45nm.toml"));
  const auto at = text.find("source = \"as nand2: area of AND2_X1\"");
  REQUIRE(at != std::string::npos);
  text.erase(at, text.find('\n', at) - at);
  const auto path = folder.path() / "cells.toml";
  write_file(path, text);
  CHECK_THROWS_WITH(config::load_gate_card(path.string()), Catch::Contains("source"));
}
