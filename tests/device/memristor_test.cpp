#include "device/memristor.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <map>

#include "base/error.hpp"
#include "cards.hpp"
#include "device/smooth.hpp"

using namespace memspice;
using namespace memspice::device;
using test::card_of;

namespace {

// Central differences with a step of 1e-6 carry about 1e-10 of rounding and 1e-12 of truncation on
// functions of order 1; sinh of several V/V0 raises the latter.
constexpr double kDifferenceTolerance = 1e-6;

}  // namespace

TEST_CASE("every model's dI/dv is the slope of its I(v)", "[device]") {
  for (const std::string& name : memristor_models()) {
    const auto memristor = make_memristor(card_of(name));
    for (const double v : {-0.7, -0.2, 0.3, 0.9}) {
      for (const double x : {0.0, 0.3, 1.0}) {
        constexpr double h = 1e-6;
        const double slope =
            (memristor->current(v + h, x) - memristor->current(v - h, x)) / (2 * h);
        INFO(name << " v = " << v << " x = " << x);
        CHECK(memristor->conductance(v, x) ==
              Approx(slope).epsilon(kDifferenceTolerance).margin(1e-18));
      }
    }
  }
}

TEST_CASE("every model is passive and carries no current at rest", "[device]") {
  for (const std::string& name : memristor_models()) {
    const auto memristor = make_memristor(card_of(name));
    for (const double x : {0.0, 0.01, 0.5, 1.0}) {
      INFO(name << " x = " << x);
      CHECK(memristor->current(0.0, x) == 0.0);
      CHECK(memristor->state_rate(0.0, x) == 0.0);
      for (const double v : {-2.0, -0.1, 0.1, 2.0}) CHECK(v * memristor->current(v, x) >= 0.0);
    }
  }
}

TEST_CASE("no model moves its state out of [0, 1]", "[device]") {
  for (const std::string& name : memristor_models()) {
    const auto memristor = make_memristor(card_of(name));
    for (const double v : {-5.5, -1.0, 1.0, 5.5}) {
      INFO(name << " v = " << v);
      CHECK(memristor->state_rate(v, 0.0) >= 0.0);
      CHECK(memristor->state_rate(v, 1.0) <= 0.0);
    }
  }
}

TEST_CASE("a state beyond a bound is drawn back whatever the window says", "[device]") {
  const auto check = [](const std::string& name, const std::map<std::string, double>& changes) {
    MemristorCard card = card_of(name);
    for (const auto& [parameter, value] : changes) card.parameters[parameter].value = value;
    const auto memristor = make_memristor(card);
    for (const double v : {-5.5, 5.5}) {
      INFO(name << " v = " << v);
      // Towards which bound this voltage moves the state.
      const bool rises = memristor->state_rate(v, 0.5) > 0.0;
      for (const double beyond : {1e-3, 0.1, 3.0}) {
        const double pull =
            rises ? memristor->state_rate(v, 1.0 + beyond) : -memristor->state_rate(v, -beyond);
        CHECK(pull < 0.0);
        const double i = std::abs(memristor->current(v, rises ? 1.0 + beyond : -beyond));
        CHECK(i == std::abs(memristor->current(v, rises ? 1.0 : 0.0)));
      }
    }
  };
  for (const double window : {0.0, 1.0, 2.0, 3.0}) check("linear_ion_drift", {{"window", window}});
  for (const char* name : {"team", "vteam"}) {
    check(name, {{"window", 0.0}});
    check(name, {{"window", 1.0}, {"a_on", 0.0}, {"a_off", 3e-9}, {"w_c", 1e-12}});
  }
  check("yakopcic", {{"alpha_p", 100.0}, {"alpha_n", 100.0}});
  check("threshold", {});
  check("stanford_rram", {});
}

TEST_CASE("state_of is the inverse of conductance_of", "[device]") {
  for (const std::string& name : memristor_models()) {
    const auto memristor = make_memristor(card_of(name));
    for (const double x : {0.0, 0.125, 0.7, 1.0}) {
      INFO(name << " x = " << x);
      // 50 bits of x from the root finder; the map's slope loses a few of them.
      CHECK(memristor->state_of(memristor->conductance_of(x)) == Approx(x).margin(1e-10));
    }
    CHECK_THROWS_AS(memristor->state_of(-1.0), InputError);
    CHECK_THROWS_AS(memristor->state_of(1e9), InputError);
  }
}

TEST_CASE("models with a threshold rest exactly below it", "[device]") {
  const auto vteam = make_memristor(card_of("vteam"));  // v_on = -0.2 V, v_off = 0.02 V
  CHECK(vteam->state_rate(0.02, 0.5) == 0.0);
  CHECK(vteam->state_rate(-0.2, 0.5) == 0.0);
  CHECK(vteam->state_rate(0.03, 0.5) > 0.0);
  CHECK(vteam->state_rate(-0.25, 0.5) < 0.0);
  const auto yakopcic = make_memristor(card_of("yakopcic"));  // 0.16 V, 0.15 V
  CHECK(yakopcic->state_rate(0.16, 0.5) == 0.0);
  CHECK(yakopcic->state_rate(-0.15, 0.5) == 0.0);
  CHECK(yakopcic->state_rate(0.2, 0.5) > 0.0);
  const auto threshold = make_memristor(card_of("threshold"));  // 4.6 V, alpha = 0
  CHECK(threshold->state_rate(4.6, 0.5) == 0.0);
  CHECK(threshold->state_rate(-4.6, 0.5) == 0.0);
}

TEST_CASE("ramp and edge have the values and slopes that their definition asks for", "[device]") {
  constexpr double s = 0.1;
  CHECK(ramp(-1.0, s) == 0.0);
  CHECK(ramp(0.0, s) == 0.0);
  CHECK(ramp(s, s) == Approx(s));
  CHECK(ramp(3.0, s) == 3.0);
  constexpr double h = 1e-7;
  CHECK((ramp(s, s) - ramp(s - h, s)) / h == Approx(1.0).epsilon(1e-5));
  CHECK(ramp(h, s) / h == Approx(0.0).margin(1e-4));
  CHECK(edge(0.0) == 0.0);
  CHECK(edge(-0.1) == Approx(-0.21));  // u (2 - u): draws back
  CHECK(edge(1.0) == 1.0);
  CHECK(edge(7.0) == 1.0);
  CHECK((edge(1.0) - edge(1.0 - h)) / h == Approx(0.0).margin(1e-5));
}

TEST_CASE("the static limit: a dynamic model at read voltage is a resistor of its state",
          "[device]") {
  // Stanford: I = G sinh(v/v_0) v_0, the static read model with alpha = 1/v_0 = 4 1/V.
  const auto stanford = make_memristor(card_of("stanford_rram"));
  const double G = stanford->conductance_of(0.6);
  CHECK(stanford->current(0.2, 0.6) == Approx(G * std::sinh(0.2 * 4.0) / 4.0).epsilon(1e-12));
  // R_on = 100 Ohm at x = 1, R_off = 16 kOhm at x = 0.
  const auto drift = make_memristor(card_of("linear_ion_drift"));
  CHECK(drift->current(0.1, 1.0) == Approx(1e-3).epsilon(1e-12));
  CHECK(drift->current(0.1, 0.0) == Approx(0.1 / 16e3).epsilon(1e-12));
}

TEST_CASE("published end resistances of the Stanford set", "[device]") {
  // MemTorch 1.1 states r_on = 542 Ohm and r_off = 218586 Ohm for the same parameters, V/I at a
  // read of 0.1 V: whole ohms.
  const auto stanford = make_memristor(card_of("stanford_rram"));
  CHECK(0.1 / stanford->current(0.1, 1.0) == Approx(542.0).margin(0.5));
  CHECK(0.1 / stanford->current(0.1, 0.0) == Approx(218586.0).margin(0.5));
}

TEST_CASE("make_memristor names the parameter that does not fit", "[device]") {
  const auto fault_of = [](MemristorCard card) {
    try {
      make_memristor(card);
    } catch (const InputError& error) {
      return error.fault();
    }
    return Fault{};
  };
  MemristorCard sign = card_of("vteam");
  sign.parameters["v_on"].value = 0.2;
  CHECK(fault_of(sign).place == "card.v_on");
  MemristorCard window = card_of("stanford_rram");
  window.parameters["gap_min"].value = 2e-9;
  CHECK(fault_of(window).place == "card.gap_max");
  CHECK(fault_of(window).remedy.find("upside down") != std::string::npos);
  MemristorCard state = card_of("threshold");
  state.parameters["x_init"].value = 1.5;
  CHECK(fault_of(state).place == "card.x_init");
  MemristorCard missing = card_of("yakopcic");
  missing.parameters.erase("b");
  CHECK(fault_of(missing).place == "card.b");
  MemristorCard unknown = card_of("team");
  unknown.parameters["k_offf"] = {};
  CHECK(fault_of(unknown).place == "card.k_offf");
  CHECK(fault_of(unknown).remedy.find("k_off") != std::string::npos);
  CHECK(fault_of({.model = "vteem"}).remedy.find("vteam") != std::string::npos);
}
