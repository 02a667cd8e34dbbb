// Numbers that the papers or other implementations of the models state, against the shipped cards.

#include <catch2/catch.hpp>
#include <cmath>

#include "config/memristor_card.hpp"
#include "device/memristor.hpp"

using namespace memspice;

namespace {

std::unique_ptr<device::Memristor> memristor(const std::string& model,
                                             const std::string& card,
                                             const config::Overrides& sets = {}) {
  return device::make_memristor(config::load_memristor_card(model, card, sets));
}

}  // namespace

TEST_CASE("the HP card drifts through 10 nm in 10 ms at 1 V", "[device]") {
  // Strukov et al., Nature 453 (2008) 80, caption of Fig. 2: t_0 = D^2 / (mobility v_0) = 10 ms is
  // the time for linear drift across the film in the uniform field v_0 / D, with v_0 = 1 V. There
  // the whole film is doped, R = R_on: away from the bound the rate is smaller by R_on / R.
  const auto hp = memristor("linear_ion_drift", "hp_tio2", {"window=none"});
  const double R = 1.0 / hp->conductance_of(0.5);
  CHECK(hp->state_rate(1.0, 0.5) * R / 100.0 == Approx(1.0 / 10e-3));
  // The same figure: R_off / R_on = 160.
  CHECK(hp->conductance_of(1.0) / hp->conductance_of(0.0) == Approx(160.0));
}

TEST_CASE("the Stanford card reads 542 Ohm and 219 kOhm at 0.1 V", "[device]") {
  // MemTorch's Stanford_PKU class has the same constants and states its ends as r_on = 542 Ohm and
  // r_off = 218586 Ohm at a read voltage of 0.1 V; they hold three and six digits.
  const auto rram = memristor("stanford_rram", "hfox_jiang_2014");
  CHECK(0.1 / rram->current(0.1, 1.0) == Approx(542.0).epsilon(1e-3));
  CHECK(0.1 / rram->current(0.1, 0.0) == Approx(218586.0).epsilon(1e-5));
}

TEST_CASE("thresholds of the cards hold the state where their sources say", "[device]") {
  // Yakopcic: no motion for -v_n <= v <= v_p; VTEAM: none between v_on and v_off; R2: none within
  // +-V_t = 4.6 V.
  const auto oblea = memristor("yakopcic", "oblea_ag_chalcogenide");
  CHECK(oblea->state_rate(0.16, 0.5) == 0.0);
  CHECK(oblea->state_rate(-0.15, 0.5) == 0.0);
  CHECK(oblea->state_rate(0.17, 0.5) > 0.0);
  CHECK(oblea->state_rate(-0.16, 0.5) < 0.0);
  const auto vteam = memristor("vteam", "kvatinsky_2015");
  CHECK(vteam->state_rate(0.02, 0.5) == 0.0);
  CHECK(vteam->state_rate(-0.2, 0.5) == 0.0);
  CHECK(vteam->state_rate(0.03, 0.5) > 0.0);
  const auto r2 = memristor("threshold", "biolek_r2");
  CHECK(r2->state_rate(4.6, 0.5) == 0.0);
  CHECK(r2->state_rate(-4.6, 0.5) == 0.0);
}

TEST_CASE("Oblea's card moves by 4000 (e^V - e^Vp) per second far above its threshold",
          "[device]") {
  // Yakopcic et al. 2013, eq. 2, at x below x_p = 0.3 where f = 1.
  const auto oblea = memristor("yakopcic", "oblea_ag_chalcogenide");
  CHECK(oblea->state_rate(0.5, 0.2) == Approx(4000.0 * (std::exp(0.5) - std::exp(0.16))));
  CHECK(oblea->current(0.5, 0.2) == Approx(0.17 * 0.2 * std::sinh(0.05 * 0.5)));
}
