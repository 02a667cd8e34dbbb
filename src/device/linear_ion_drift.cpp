#include "device/linear_ion_drift.hpp"

#include <cmath>

#include "device/parameters.hpp"
#include "device/smooth.hpp"

namespace memspice::device {

ParameterTable LinearIonDrift::parameters() {
  return {resistance_rule("r_on", "resistance at x = 1"),
          resistance_rule("r_off", "resistance at x = 0"),
          {.name = "d", .unit = "m", .low = 1e-10, .high = 1e-5, .meaning = "film thickness"},
          {.name = "mobility",
           .unit = "m2/(V s)",
           .low = 1e-20,
           .high = 1e-2,
           .meaning = "mobility of the dopants"},
          {.name = "window",
           .unit = "",
           .low = 0,
           .high = 3,
           .meaning = "window function f",
           .choices = {"none", "joglekar", "biolek", "prodromakis"}},
          {.name = "p",
           .unit = "",
           .low = 0.5,
           .high = 100,
           .meaning = "exponent of the window",
           .is_required = false,
           .fallback = 1},
          {.name = "scale",
           .unit = "",
           .low = 1e-3,
           .high = 1e3,
           .meaning = "height of the Prodromakis window (its j)",
           .is_required = false,
           .fallback = 1},
          initial_state_rule(),
          edge_rule()};
}

LinearIonDrift::LinearIonDrift(const MemristorCard& card)
    : Memristor(value_of(card, "x_init")),
      r_on_(value_of(card, "r_on")),
      r_off_(value_of(card, "r_off")),
      drift_(value_of(card, "mobility") * r_on_ / (value_of(card, "d") * value_of(card, "d"))),
      window_(static_cast<Window>(static_cast<int>(value_of(card, "window")))),
      p_(value_of(card, "p")),
      scale_(value_of(card, "scale")),
      edge_(value_of(card, "edge")) {
  require_below(card, "r_on", "r_off");
}

double LinearIonDrift::state_rate(double v, double x) const noexcept {
  const double rate = drift_ * current(v, x);
  if ((x > 1.0 && rate > 0.0) || (x < 0.0 && rate < 0.0)) return bounded(rate, x, edge_);
  const double c = within_bounds(x);
  switch (window_) {
    case Window::None:
      return bounded(rate, x, edge_);
    case Window::Joglekar:
      return rate * (1.0 - std::pow(std::abs(2.0 * c - 1.0), 2.0 * p_));
    case Window::Biolek:
      return rate * (1.0 - std::pow(rate > 0.0 ? c : 1.0 - c, 2.0 * p_));
    case Window::Prodromakis:
      return rate * scale_ * (1.0 - std::pow((c - 0.5) * (c - 0.5) + 0.75, p_));
  }
  return 0.0;
}

}  // namespace memspice::device
