// Pooling circuits in stock ngspice against mean and maximum.

#include "synthesis/pooling.hpp"

#include <catch2/catch.hpp>

#include "base/error.hpp"
#include "circuit/rule_check.hpp"
#include "support/block_run.hpp"

using namespace memspice;
using synthesis::AnalogBlock;
using synthesis::DeviceCount;
using synthesis::Realisation;

namespace {

const device::AnalogFigures& card() {
  return test::analog_figures();
}

}  // namespace

TEST_CASE("pooling circuits hold for any window", "[synthesis][pooling]") {
  for (const int window : {1, 2, 4, 9}) {
    INFO("window " << window);
    const AnalogBlock average = synthesis::build_average_pool({.window = window}, card());
    CHECK(circuit::check_rules(*average.body).empty());
    CHECK(average.devices == DeviceCount{.resistors = window, .op_amps = 1});
    CHECK(test::largest_error(average, test::scatter(average, 30)) < 0.002);
    const AnalogBlock maximum = synthesis::build_max_pool({.window = window}, card());
    CHECK(circuit::check_rules(*maximum.body).empty());
    CHECK(maximum.devices == DeviceCount{.resistors = 1, .diodes = window, .op_amps = window + 1});
    CHECK(test::largest_error(maximum, test::scatter(maximum, 30)) < 0.005);
  }
}

TEST_CASE("a maximum of equal inputs, of zeros and of extremes", "[synthesis][pooling]") {
  const AnalogBlock block = synthesis::build_max_pool({.window = 3}, card());
  Eigen::MatrixXd inputs(3, 4);
  inputs << 0.1, 0.0, -0.2, 0.2,  //
      0.1, 0.0, -0.2, -0.2,       //
      0.1, 0.0, -0.2, 0.1999;
  CHECK(test::largest_error(block, inputs) < 0.005);
}

TEST_CASE("behavioural pooling is exact", "[synthesis][pooling]") {
  const auto realisation = Realisation::Behavioural;
  const AnalogBlock average =
      synthesis::build_average_pool({.realisation = realisation, .window = 5}, card());
  CHECK(test::largest_error(average, test::scatter(average, 20)) < 1e-6);
  const AnalogBlock maximum =
      synthesis::build_max_pool({.realisation = realisation, .window = 5}, card());
  CHECK(test::largest_error(maximum, test::scatter(maximum, 20)) < 1e-6);
}

TEST_CASE("a window that is none is refused by name", "[synthesis][pooling]") {
  CHECK_THROWS_WITH(synthesis::build_max_pool({.name = "p", .window = 0}, card()),
                    Catch::Contains("p.window"));
  CHECK_THROWS_AS(synthesis::build_average_pool({.window = -4}, card()), InputError);
  CHECK_THROWS_AS(synthesis::build_average_pool({.window = 5000}, card()), InputError);
  CHECK_THROWS_AS(synthesis::build_max_pool({.range = 0.9}, card()), InputError);
  CHECK_THROWS_AS(synthesis::build_max_pool({.range = -0.1}, card()), InputError);
}
