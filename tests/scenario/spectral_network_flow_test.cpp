// A spectral network as a flow's network: in float, all digital, and on crossbars.
#include <algorithm>
#include <catch2/catch.hpp>

#include "base/error.hpp"
#include "flow/run_flow.hpp"
#include "support/spectral_workplace.hpp"

using namespace memspice;
using test::SpectralWorkplace;

namespace {

config::FlowOptions flow_of(const SpectralWorkplace& workplace, config::Overrides overrides = {}) {
  overrides.push_back("data.calibration_images=calibration");
  overrides.push_back("data.calibration_labels=labels");
  // Other images of the same kind: the pixels in the reverse order behind the header.
  std::string images = read_file(workplace.folder() / "images");
  std::reverse(images.begin() + 16, images.end());
  write_file(workplace.folder() / "calibration", images);
  config::FlowOptions options = config::load_flow(workplace.flow(), overrides);
  options.out = workplace.folder() / "out";
  return options;
}

}  // namespace

TEST_CASE("a spectral network runs as a flow's network", "[spectral_flow]") {
  const SpectralWorkplace workplace;
  workplace.train(4, 4, "s4_d4");
  const auto report = flow::run_flow(flow_of(workplace, {"path.default=spectral"}));
  REQUIRE(report.spectral);
  CHECK(report.spectral->is_network);
  CHECK(report.spectral->accuracy == *report.accuracy.of("float"));
  CHECK(report.spectral->largest_difference < 2e-5);  // sums of 64 pixels in another order
  REQUIRE(report.spectral->layers.size() == 3);       // transform, spectral1, fc1
  CHECK(report.spectral->layers[1].counts.multiplications == 4 * 16 * 4);
  CHECK(report.tiles == 0);
}

TEST_CASE("without wires, levels and converters crossbars compute the spectral network",
          "[spectral_flow]") {
  const SpectralWorkplace workplace;
  workplace.train(4, 4, "s4_d4");
  const auto report = flow::run_flow(flow_of(workplace,
                                             {"path.default=crossbar",
                                              "fidelity.default=mesh",
                                              "array.wire=0",
                                              "array.driver=0",
                                              "array.sense=0",
                                              "device.levels=0",
                                              "converters.dac_bits=0",
                                              "converters.adc_bits=0"}));
  // The same arithmetic in another order: at most one of 40 images may sit on a tie.
  CHECK(std::abs(*report.accuracy.of("mesh") - *report.accuracy.of("float")) <= 1.0 / 40.0);
  // 16 bins of one map in and four out: a bias line and two inputs by eight outputs, two cells
  // each; the classifier's 128 inputs and a bias in three tiles of at most 64 lines.
  REQUIRE(report.layers.size() == 2);
  CHECK(report.layers[0].name == "spectral1");
  CHECK(report.layers[0].tiles == 16);
  CHECK(report.layers[1].name == "fc1");
  REQUIRE(report.spectral);
  CHECK(report.spectral->layers.size() == 1);  // the transform alone stays digital
}

TEST_CASE("a spectral network is mapped with a block per bin", "[spectral_flow]") {
  const SpectralWorkplace workplace;
  workplace.train(4, 4, "s4_d4");
  const auto plan = flow::map_flow(flow_of(workplace));
  REQUIRE(plan.layers.size() == 2);
  REQUIRE(plan.layers[0].blocks.size() == 16);
  CHECK(plan.layers[0].blocks[0].input_count == 2);
  CHECK(plan.layers[0].blocks[0].output_count == 8);
}
