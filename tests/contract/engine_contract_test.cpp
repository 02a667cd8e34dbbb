// The contract of engine::Engine: what every circuit simulator behind it must do. A new engine is
// one more line in `engines()`.

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "engine/engine.hpp"

namespace memspice::engine {
namespace {

using netlist::Deck;

struct EngineCase {
  std::string name;
  std::function<std::unique_ptr<Engine>(int workers)> make;
};

std::vector<EngineCase> engines() {
  return {{"ngspice", [](int workers) {
             Options options;
             options.workers = workers;
             options.failed_deck_folder.clear();
             return make_ngspice_engine(options);
           }}};
}

const std::string accuracy =
    ".options reltol=1e-10 abstol=1e-18 vntol=1e-15 gmin=1e-18 itl1=200 itl2=200\n";

/// A linear solve in double precision of a circuit of a few nodes, and the simulator's gmin.
constexpr double linear_tolerance = 1e-12;

/// R1 over R2 at 1 V.
Deck divider(double r1, double r2) {
  return {"divider",
          "* divider\nV1 in 0 1\nR1 in out " + to_text(r1) + "\nR2 out 0 " + to_text(r2) + "\n" +
              accuracy + ".op\n.end\n",
          {"v(out)", "i(v1)"},
          1};
}

std::string levels(const std::vector<double>& values) {
  std::string text;
  for (std::size_t k = 0; k < values.size(); ++k) {
    text += ", " + to_text(static_cast<double>(k)) + ", " + to_text(values[k]);
  }
  return text;
}

/// Two sources through 1 kOhm each into 500 Ohm: out = (a + b) / 4 by Kirchhoff's current law.
Deck adder(const std::vector<double>& a, const std::vector<double>& b) {
  const int last = std::max(1, static_cast<int>(a.size()) - 1);
  const auto source = [](const std::string& name, const std::vector<double>& values) {
    return values.size() == 1
               ? "B" + name + " " + name + " 0 V=" + to_text(values[0]) + "\n"
               : "B" + name + " " + name + " 0 V=pwl(v(index)" + levels(values) + ")\n";
  };
  const std::string analysis =
      a.size() == 1 ? ".op\n" : ".dc Vindex 0 " + to_text(1.0 * last) + " 1\n";
  return {"adder",
          "* adder\nVindex index 0 0\nRindex index 0 1\n" + source("a", a) + source("b", b) +
              "Ra a out 1000\nRb b out 1000\nRout out 0 500\n" + accuracy + analysis + ".end\n",
          {"v(out)"},
          static_cast<int>(a.size())};
}

/// tau = 1 us, charged from 0 V to 1 V by a step in 1 ps.
Deck rc_step() {
  return {"rc",
          "* rc\nV1 in 0 PWL(0 0 1e-12 1)\nR1 in out 1000\nC1 out 0 1e-9\n"
          ".options reltol=1e-6 abstol=1e-15 vntol=1e-9\n.tran 1e-8 5e-6 0 1e-8\n.end\n",
          {"v(out)", "v(in)"},
          0};
}

Deck broken() {
  return {"broken", "* broken\nV1 in 0 1\nX1 in 0 absent\n.op\n.end\n", {"v(in)"}, 1};
}

}  // namespace

TEST_CASE("an engine solves a divider", "[contract][engine]") {
  for (const EngineCase& engine : engines()) {
    INFO(engine.name);
    const Waveforms w = engine.make(1)->run(divider(1000.0, 3000.0));
    REQUIRE(w.ok());
    REQUIRE(w.axis.size() == 1);
    REQUIRE(w.values.rows() == 1);
    REQUIRE(w.values.cols() == 2);
    CHECK(w.values(0, 0) == Approx(0.75).epsilon(linear_tolerance));
    CHECK(w.values(0, 1) == Approx(-1.0 / 4000.0).epsilon(linear_tolerance));  // into the + pin
    CHECK(w.summary.saved_deck.empty());
    CHECK(w.summary.attempts == 1);
  }
}

TEST_CASE("an engine's version names it", "[contract][engine]") {
  for (const EngineCase& engine : engines()) {
    const std::string version = engine.make(1)->version();
    CHECK(version.rfind(engine.name + "-", 0) == 0);
    CHECK(version.size() > engine.name.size() + 1);
  }
}

TEST_CASE("an engine superposes sources of a linear circuit", "[contract][engine]") {
  for (const EngineCase& engine : engines()) {
    INFO(engine.name);
    const Waveforms w = engine.make(1)->run(adder({1, 0, 1, -2, 0}, {0, 1, 1, 5, 0}));
    REQUIRE(w.ok());
    REQUIRE(w.values.rows() == 5);
    const std::vector<double> expected = {0.25, 0.25, 0.5, 0.75, 0.0};
    for (int k = 0; k < 5; ++k) {
      CHECK(w.axis(k) == Approx(k));
      CHECK(w.values(k, 0) == Approx(expected[k]).epsilon(linear_tolerance).margin(1e-15));
    }
    CHECK(w.values(2, 0) == Approx(w.values(0, 0) + w.values(1, 0)).epsilon(linear_tolerance));
  }
}

TEST_CASE("many stimuli in one analysis equal the same one by one", "[contract][engine]") {
  const std::vector<double> a = {0.1, -0.2, 0.0, 0.3, 1e-6, 0.2, -0.1};
  const std::vector<double> b = {0.2, 0.2, 0.0, -0.3, 0.0, 0.1, -0.4};
  for (const EngineCase& engine : engines()) {
    INFO(engine.name);
    const auto simulator = engine.make(1);
    const Waveforms together = simulator->run(adder(a, b));
    REQUIRE(together.ok());
    std::vector<Deck> singles;
    for (std::size_t k = 0; k < a.size(); ++k) singles.push_back(adder({a[k]}, {b[k]}));
    const auto alone = simulator->run_all(singles);
    for (std::size_t k = 0; k < a.size(); ++k) {
      REQUIRE(alone[k].ok());
      CHECK(together.values(static_cast<Eigen::Index>(k), 0) ==
            Approx(alone[k].values(0, 0)).epsilon(linear_tolerance).margin(1e-15));
    }
  }
}

TEST_CASE("an engine's transient follows the closed form of an RC", "[contract][engine]") {
  constexpr double tau = 1e-6;
  // Trapezoidal rule with steps of at most tau / 100: local error h^3 / 12, summed over 500 steps
  // it stays below 1e-5; the 1 ps edge shifts the curve by less than 1e-6.
  constexpr double integration_error = 2e-5;
  for (const EngineCase& engine : engines()) {
    INFO(engine.name);
    const Waveforms w = engine.make(1)->run(rc_step());
    REQUIRE(w.ok());
    REQUIRE(w.axis.size() > 100);
    CHECK(w.axis(0) == 0.0);
    CHECK(w.axis(w.axis.size() - 1) == Approx(5e-6));
    double worst = 0.0;
    for (Eigen::Index k = 0; k < w.axis.size(); ++k) {
      if (k > 0) REQUIRE(w.axis(k) > w.axis(k - 1));
      worst = std::max(worst, std::abs(w.values(k, 0) - (1.0 - std::exp(-w.axis(k) / tau))));
    }
    CHECK(worst < integration_error);
  }
}

TEST_CASE("an engine reports a deck that fails and throws nothing", "[contract][engine]") {
  for (const EngineCase& engine : engines()) {
    INFO(engine.name);
    const Waveforms w = engine.make(1)->run(broken());
    CHECK_FALSE(w.ok());
    CHECK(w.summary.termination == Termination::Rejected);
    CHECK_FALSE(w.summary.message.empty());
    CHECK(w.values.size() == 0);
    CHECK(w.axis.size() == 0);
  }
}

TEST_CASE("a fault among good decks loses only itself", "[contract][engine]") {
  for (const EngineCase& engine : engines()) {
    INFO(engine.name);
    const std::vector<Deck> decks = {
        divider(1, 1), broken(), divider(1, 3), broken(), divider(1, 4)};
    const auto results = engine.make(2)->run_all(decks);
    REQUIRE(results.size() == decks.size());
    CHECK(results[0].values(0, 0) == Approx(0.5));
    CHECK_FALSE(results[1].ok());
    CHECK(results[2].values(0, 0) == Approx(0.75));
    CHECK_FALSE(results[3].ok());
    CHECK(results[4].values(0, 0) == Approx(0.8));
  }
}

TEST_CASE("results come in deck order, each announced once", "[contract][engine]") {
  for (const EngineCase& engine : engines()) {
    INFO(engine.name);
    std::vector<Deck> decks;
    for (int k = 0; k < 40; ++k) decks.push_back(divider(1.0, 1.0 + k));
    std::vector<int> announced(decks.size(), 0);
    const auto results =
        engine.make(2)->run_all(decks, [&](std::size_t k, const Waveforms&) { ++announced.at(k); });
    for (int k = 0; k < 40; ++k) {
      REQUIRE(results[k].ok());
      CHECK(results[k].values(0, 0) == Approx((1.0 + k) / (2.0 + k)).epsilon(linear_tolerance));
    }
    CHECK(announced == std::vector<int>(decks.size(), 1));
  }
}

TEST_CASE("one worker and two give the same bits", "[contract][engine]") {
  std::vector<Deck> decks;
  for (int k = 0; k < 12; ++k)
    decks.push_back(adder({0.1 * k, 0.3, 1.0 / 3.0}, {0.7, 0.01 * k, 0}));
  decks.push_back(rc_step());
  for (const EngineCase& engine : engines()) {
    INFO(engine.name);
    const auto one = engine.make(1)->run_all(decks);
    const auto two = engine.make(2)->run_all(decks);
    for (std::size_t k = 0; k < decks.size(); ++k) {
      REQUIRE(one[k].ok());
      CHECK(one[k].axis == two[k].axis);
      CHECK(one[k].values == two[k].values);
    }
  }
}

TEST_CASE("no decks give no results", "[contract][engine]") {
  for (const EngineCase& engine : engines()) {
    const auto simulator = engine.make(2);
    CHECK(simulator->run_all({}).empty());
    CHECK(simulator->run(divider(1, 1)).ok());
  }
}

}  // namespace memspice::engine
