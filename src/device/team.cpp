#include "device/team.hpp"

#include <cmath>

#include "device/parameters.hpp"
#include "device/smooth.hpp"

namespace memspice::device {
namespace {

ParameterRule speed(const std::string& name, double sign) {
  return {.name = name,
          .unit = "m/s",
          .low = sign < 0 ? -1e6 : 1e-30,
          .high = sign < 0 ? -1e-30 : 1e6,
          .meaning = sign < 0 ? "speed of switching on, below zero"
                              : "speed of switching off, above zero"};
}

ParameterRule threshold(const std::string& name, const std::string& unit, double sign) {
  return {.name = name,
          .unit = unit,
          .low = sign < 0 ? -1e3 : 1e-12,
          .high = sign < 0 ? -1e-12 : 1e3,
          .meaning = sign < 0 ? "threshold of switching on, below zero"
                              : "threshold of switching off, above zero"};
}

ParameterRule exponent(const std::string& name) {
  return {.name = name, .unit = "", .low = 1, .high = 20, .meaning = "exponent of the power law"};
}

ParameterRule width(const std::string& name, const std::string& meaning, bool is_required) {
  return {.name = name,
          .unit = "m",
          .low = -1e-6,
          .high = 1e-6,
          .meaning = meaning,
          .is_required = is_required};
}

ParameterRule window_scale() {
  ParameterRule rule = width("w_c", "width of the exponential window", false);
  rule.low = 1e-13;
  rule.fallback = 1e-10;
  return rule;
}

ParameterRule choice(const std::string& name, const std::string& meaning, const char* first) {
  return {.name = name,
          .unit = "",
          .low = 0,
          .high = 1,
          .meaning = meaning,
          .choices = {first, "exponential"}};
}

}  // namespace

ParameterTable ThresholdAdaptive::table(const std::string& quantity, const std::string& unit) {
  return {resistance_rule("r_on", "resistance at x = 0"),
          resistance_rule("r_off", "resistance at x = 1"),
          width("w_on", "width of the gap at x = 0", true),
          width("w_off", "width of the gap at x = 1", true),
          speed("k_on", -1),
          speed("k_off", 1),
          threshold(quantity + "_on", unit, -1),
          threshold(quantity + "_off", unit, 1),
          exponent("alpha_on"),
          exponent("alpha_off"),
          choice("iv", "law of the resistance", "linear"),
          choice("window", "window function", "rectangular"),
          width("a_on", "window of switching on: the width where it ends", false),
          width("a_off", "window of switching off: the width where it ends", false),
          window_scale(),
          initial_state_rule(),
          smooth_rule(),
          edge_rule()};
}

ThresholdAdaptive::ThresholdAdaptive(const MemristorCard& card, const std::string& quantity)
    : Memristor(value_of(card, "x_init")),
      s_off_(value_of(card, quantity + "_off")),
      s_on_(value_of(card, quantity + "_on")),
      alpha_off_(value_of(card, "alpha_off")),
      alpha_on_(value_of(card, "alpha_on")),
      r_on_(value_of(card, "r_on")),
      r_off_(value_of(card, "r_off")),
      is_exponential_resistance_(value_of(card, "iv") == 1.0),
      is_exponential_window_(value_of(card, "window") == 1.0),
      smooth_(value_of(card, "smooth")),
      edge_(value_of(card, "edge")) {
  require_below(card, "r_on", "r_off");
  require_below(card, "w_on", "w_off");
  const double origin = value_of(card, "w_on");
  const double span = value_of(card, "w_off") - origin;
  rate_off_ = value_of(card, "k_off") / span;
  rate_on_ = value_of(card, "k_on") / span;
  a_off_ = (value_of(card, "a_off") - origin) / span;
  a_on_ = (value_of(card, "a_on") - origin) / span;
  w_c_ = value_of(card, "w_c") / span;
}

double ThresholdAdaptive::resistance(double state) const noexcept {
  const double x = within_bounds(state);
  if (is_exponential_resistance_) return r_on_ * std::exp(std::log(r_off_ / r_on_) * x);
  return r_on_ + (r_off_ - r_on_) * x;
}

// exp(-exp(6)) is below 1e-175: the clip at 6 changes nothing and keeps exp within a double. Beyond
// a bound no window weakens what draws the state back.
double ThresholdAdaptive::window_off(double x) const noexcept {
  if (!is_exponential_window_ || x > 1.0) return 1.0;
  return std::exp(-std::exp(std::min((x - a_off_) / w_c_, 6.0)));
}

double ThresholdAdaptive::window_on(double x) const noexcept {
  if (!is_exponential_window_ || x < 0.0) return 1.0;
  return std::exp(-std::exp(std::min((a_on_ - x) / w_c_, 6.0)));
}

double ThresholdAdaptive::rate_of(double s, double x) const noexcept {
  if (s > 0.0) {
    const double over = ramp(s / s_off_ - 1.0, smooth_);
    return bounded(rate_off_ * std::pow(over, alpha_off_) * window_off(x), x, edge_);
  }
  const double over = ramp(s / s_on_ - 1.0, smooth_);
  return bounded(rate_on_ * std::pow(over, alpha_on_) * window_on(x), x, edge_);
}

}  // namespace memspice::device
