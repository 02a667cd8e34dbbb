// The squeeze-and-excitation block and its multiplier in stock ngspice.

#include "synthesis/se_block.hpp"

#include <catch2/catch.hpp>

#include "base/error.hpp"
#include "base/random.hpp"
#include "circuit/rule_check.hpp"
#include "support/block_run.hpp"
#include "synthesis/multiplier.hpp"
#include "synthesis/neuron.hpp"

namespace memspice::synthesis {
namespace {

const device::AnalogFigures& card() {
  return test::analog_figures();
}

/// Stimuli of `count` random planes, pixel after pixel.
Eigen::MatrixXd random_slots(const Plane& plane, int count) {
  RandomStream stream(3, "planes");
  const int pixels = plane.height * plane.width;
  Eigen::MatrixXd slots(plane.size() + plane.channels, count * pixels);
  for (int k = 0; k < count; ++k) {
    const Eigen::VectorXd u = Eigen::VectorXd::NullaryExpr(
        plane.size(), [&] { return stream.uniform(0, card().signal.value); });
    slots.middleCols(k * pixels, pixels) = se_slots(plane, u);
  }
  return slots;
}

}  // namespace

TEST_CASE("the transistor multiplier multiplies", "[synthesis][se]") {
  const AnalogBlock block = build_multiplier({}, card());
  CHECK(circuit::check_rules(*block.body).empty());
  CHECK(block.devices == DeviceCount{.resistors = 9, .transistors = 2, .op_amps = 4});
  Eigen::MatrixXd corners(2, 6);
  corners << -0.2, -0.2, 0, 0.2, 0.2, 0.1,  //
      0, 0.2, 0.1, 0, 0.2, 0.1;
  Eigen::MatrixXd inputs(2, 46);
  inputs << corners, test::scatter(block, 40);
  // Channel-length modulation: LAMBDA |x| = 1 % at full scale; offsets of 0.1 mV of 200 mV.
  CHECK(test::largest_error(block, inputs) < 0.02);
  const AnalogBlock twin = build_multiplier({.realisation = Realisation::Behavioural}, card());
  CHECK(twin.devices.behavioural == 1);
  CHECK(twin.devices.op_amps + twin.devices.transistors == 0);
  CHECK(test::largest_error(twin, inputs) < 1e-6);
}

TEST_CASE("the squeeze-and-excitation block", "[synthesis][se]") {
  const Plane plane{4, 3, 2};
  SeSpec spec = random_se_spec(plane, 2, 5);
  const int hidden = 2;
  spec.b1 = Eigen::VectorXd::LinSpaced(hidden, 0.1, 0.5);
  spec.b2 = Eigen::VectorXd::LinSpaced(plane.channels, -1, 1);
  const Eigen::MatrixXd slots = random_slots(plane, 3);

  spec.realisation = Realisation::Behavioural;
  spec.name = "se_behavioural";
  const AnalogBlock twin = build_se_block(spec, card());
  CHECK(circuit::check_rules(*twin.body).empty());
  CHECK(test::largest_error(twin, slots) < 0.01);

  spec.realisation = Realisation::Transistor;
  spec.name = "se_block";
  const AnalogBlock block = build_se_block(spec, card());
  CHECK(circuit::check_rules(*block.body).empty());
  CHECK(test::largest_error(block, slots) < 0.05);

  // Two arrays of pairs with a bias line each; one neuron a value, one multiplier a channel.
  const DeviceCount relu = build_neuron({.name = {}, .kind = NeuronKind::Relu}, card()).devices;
  const DeviceCount product = build_multiplier({}, card()).devices;
  CHECK(block.devices.memristors == 2 * (2 * 4 * hidden + hidden + 4));
  const DeviceCount sigmoid =
      build_neuron({.name = {}, .kind = NeuronKind::Sigmoid, .input_unit = 0.1}, card()).devices;
  CHECK(block.devices.transistors ==
        4 * product.transistors + 4 * sigmoid.transistors + hidden * relu.transistors);
  CHECK(block.devices.op_amps == 4 + 2 * (hidden + 4) + 2 + hidden * relu.op_amps +
                                     4 * sigmoid.op_amps + 4 * product.op_amps);
}

// Not run by itself: some minutes of ngspice. synthesis_test "[full]"
TEST_CASE("a squeeze-and-excitation block of 8 channels, 100 planes", "[.][full][se]") {
  const Plane plane{8, 6, 6};
  SeSpec spec = random_se_spec(plane, 2, 1);
  const Eigen::MatrixXd slots = random_slots(plane, 100);
  for (const auto& [realisation, limit] :
       {std::pair{Realisation::Behavioural, 0.01}, {Realisation::Transistor, 0.05}}) {
    spec.realisation = realisation;
    const AnalogBlock block = build_se_block(spec, card());
    const double error = test::largest_error(block, slots);
    WARN("largest error " << error << " of full scale; op-amps " << block.devices.op_amps
                          << ", transistors " << block.devices.transistors << ", memristors "
                          << block.devices.memristors);
    CHECK(error < limit);
  }
}

TEST_CASE("a squeeze-and-excitation block of one pixel, with wires", "[synthesis][se]") {
  const Plane plane{2, 1, 1};
  SeSpec spec = random_se_spec(plane, 1, 9);
  spec.realisation = Realisation::Behavioural;
  spec.array.wiring = {.row = 1.0, .column = 1.0};
  const AnalogBlock block = build_se_block(spec, card());
  CHECK(test::largest_error(block, random_slots(plane, 4)) < 0.01);
}

TEST_CASE("shapes of squeeze and excitation that do not fit are refused", "[synthesis][se]") {
  CHECK_THROWS_AS(random_se_spec({6, 2, 2}, 4, 1), InputError);
  SeSpec spec = random_se_spec({4, 2, 2}, 2, 1);
  spec.W2 = Eigen::MatrixXd::Zero(4, 3);
  CHECK_THROWS_WITH(build_se_block(spec, card()), Catch::Contains("se_block"));
  spec = random_se_spec({4, 2, 2}, 2, 1);
  spec.b1 = Eigen::VectorXd::Zero(3);
  CHECK_THROWS_AS(build_se_block(spec, card()), InputError);
}

}  // namespace memspice::synthesis
