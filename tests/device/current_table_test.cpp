#include "device/current_table.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "base/error.hpp"
#include "base/random.hpp"
#include "device/fit_measurement.hpp"
#include "device/table_memristor.hpp"
#include "support/made_up_device.hpp"

using namespace memspice;
using namespace memspice::device;
using Catch::Matchers::Contains;

namespace {

double sinh_current(double G, double alpha, double v) {
  return G * std::sinh(alpha * v) / alpha;
}

/// Two states of different curvature at 17 voltages from -0.4 V to 0.4 V.
CurrentTable two_states() {
  CurrentTable table{.v = Eigen::VectorXd::LinSpaced(17, -0.4, 0.4), .I = Eigen::MatrixXd(2, 17)};
  table.v(8) = 0.0;
  table.I.row(0) = table.v.unaryExpr([](double v) { return sinh_current(2e-6, 4.0, v); });
  table.I.row(1) = table.v.unaryExpr([](double v) { return sinh_current(30e-6, 1.5, v); });
  return table;
}

}  // namespace

TEST_CASE("a table gives back what was measured, and its slope at 0 V is G", "[table]") {
  const CurrentTable table = two_states();
  const TableCurrents currents(table);
  for (Eigen::Index s = 0; s < 2; ++s) {
    const double G = currents.G()[static_cast<std::size_t>(s)];
    for (Eigen::Index k = 0; k < table.v.size(); ++k) {
      CHECK(currents.current(G, table.v(k)) == Approx(table.I(s, k)).margin(1e-18));
    }
  }
  // Slopes of Fritsch and Butland's are of second order: (alpha h)^2 / 3 of G at a step of 50 mV.
  CHECK(currents.G()[0] == Approx(2e-6).epsilon(0.04 / 3.0));
  CHECK(currents.G()[1] == Approx(30e-6).epsilon(0.00563 / 3.0));
  for (const double G : {1e-7, 2e-6, 11e-6, 30e-6, 80e-6}) {
    CHECK(currents.conductance(G, 0.0) == Approx(G).epsilon(1e-12));
  }
}

TEST_CASE("a table is a law with a slope between and beyond its points", "[table]") {
  const TableCurrents currents(two_states());
  constexpr double h = 1e-6;
  for (const double G : {1e-6, 9e-6, 50e-6}) {
    for (double v = -0.613; v < 0.62; v += 0.0171) {
      const double slope = (currents.current(G, v + h) - currents.current(G, v - h)) / (2.0 * h);
      CHECK(currents.conductance(G, v) == Approx(slope).epsilon(1e-5));
    }
  }
  // Half of one state, half of the other, at the conductance halfway between.
  const double low = currents.G()[0], high = currents.G()[1];
  CHECK(currents.current(0.5 * (low + high), 0.33) ==
        Approx(0.5 * (currents.current(low, 0.33) + currents.current(high, 0.33))).epsilon(1e-12));
  CHECK(currents.current(0.5 * low, 0.33) ==
        Approx(0.5 * currents.current(low, 0.33)).epsilon(1e-12));
  CHECK(currents.current(3.0 * high, -0.5) ==
        Approx(3.0 * currents.current(high, -0.5)).epsilon(1e-12));
}

TEST_CASE("a table never falls between data that rise", "[table]") {
  RandomStream random(3, "steps");
  CurrentTable table{.v = Eigen::VectorXd::LinSpaced(21, -1.0, 1.0), .I = Eigen::MatrixXd(1, 21)};
  table.v(10) = 0.0;
  table.I(0, 0) = 0.0;
  for (Eigen::Index k = 1; k < 21; ++k) {
    table.I(0, k) = table.I(0, k - 1) + 1e-6 * std::exp(2.0 * random.normal());
  }
  table.I.array() -= table.I(0, 10);
  const TableCurrents currents(table);
  double before = -1.0;
  for (double v = -1.2; v < 1.2; v += 1e-3) {
    const double I = currents.current(currents.G()[0], v);
    CHECK(I >= before);
    before = I;
  }
}

TEST_CASE("tables that are no cell are refused", "[table]") {
  const auto message = [](CurrentTable table) -> std::string {
    try {
      const TableCurrents currents(std::move(table));
    } catch (const InputError& error) {
      return error.what();
    }
    return "accepted";
  };
  CurrentTable falling = two_states(), biased = two_states(), crossed = two_states();
  falling.I(1, 12) = 0.0;
  biased.I(0, 8) = 1e-9;
  crossed.I.row(0).swap(crossed.I.row(1));
  CHECK_THAT(message(falling), Contains("table.state_2") && Contains("falls where"));
  CHECK_THAT(message(biased), Contains("must be 0 A"));
  CHECK_THAT(message(crossed), Contains("more than the state before"));
  CHECK_THAT(message({.v = Eigen::Vector3d(-1, 0, 1), .I = Eigen::MatrixXd::Ones(1, 3)}),
             Contains("four at least"));
}

TEST_CASE("read sweeps become a table of their states' means", "[fit]") {
  const test::MadeUpDevice device{.current_noise = 1e-3, .device_sigma = 0.0, .cycle_sigma = 1e-3};
  const std::string csv = test::measure_sweeps(device, RandomStream(1, "table"));
  const DeviceFit fit =
      fit_measurement(read_measurement(csv, "data.csv"), "data.csv", {.model = "table"});
  REQUIRE(fit.table);
  CHECK(fit.model == "table");
  CHECK(fit.find("levels")->value == 8.0);
  const TableCurrents currents(*fit.table);
  for (int state = 0; state < 8; ++state) {
    const double G = device.level(state, 8), own = currents.G()[static_cast<std::size_t>(state)];
    // 24 sweeps with errors of 0.1 % in I and G; alpha^2 h^2 / 3 = 1 % of the slope at 0 V.
    CHECK(own == Approx(G).epsilon(0.015));
    CHECK(currents.current(own, 0.32) == Approx(sinh_current(G, device.alpha, 0.32)).epsilon(2e-3));
  }
  CHECK_THROWS_WITH(
      fit_measurement(read_measurement("voltage_V,current_A\n-1,-1\n1,1\n2,2\n3,3\n", "data.csv"),
                      "data.csv",
                      {.model = "table"}),
      Contains("one state"));
  CHECK_THROWS_WITH(
      fit_measurement(
          read_measurement("state,voltage_V,current_A\n1,1,1\n1,2,2\n2,1,1\n", "data.csv"),
          "data.csv",
          {.model = "table"}),
      Contains("state 2") && Contains("has no current at 2 V"));
}
