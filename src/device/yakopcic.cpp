#include "device/yakopcic.hpp"

#include <algorithm>
#include <cmath>

#include "device/parameters.hpp"
#include "device/smooth.hpp"

namespace memspice::device {
namespace {

ParameterRule rule(const std::string& name,
                   const std::string& unit,
                   double low,
                   double high,
                   const std::string& meaning) {
  return {.name = name, .unit = unit, .low = low, .high = high, .meaning = meaning};
}

// Beyond any drive: keeps exp and sinh within a double while Newton's method searches.
constexpr double kLargestVoltage = 50.0;
constexpr double kLargestArgument = 40.0;

double clipped(double argument) {
  return std::clamp(argument, -kLargestArgument, kLargestArgument);
}

}  // namespace

ParameterTable Yakopcic::parameters() {
  return {rule("a_1", "A", 1e-18, 1e3, "height of the current, v >= 0"),
          rule("a_2", "A", 1e-18, 1e3, "height of the current, v < 0"),
          rule("b", "1/V", 1e-3, 50, "curvature of the current"),
          rule("v_p", "V", 1e-6, 40, "positive threshold"),
          rule("v_n", "V", 1e-6, 40, "negative threshold, as a positive number"),
          rule("speed_p", "1/s", 1e-12, 1e15, "speed beyond v_p (A_p)"),
          rule("speed_n", "1/s", 1e-12, 1e15, "speed beyond -v_n (A_n)"),
          rule("x_p", "", 0, 0.999, "state above which rising slows down"),
          rule("x_n", "", 0, 0.999, "1 - x_n: state below which falling slows down"),
          rule("alpha_p", "", 0, 100, "decay of rising beyond x_p"),
          rule("alpha_n", "", 0, 100, "decay of falling beyond 1 - x_n"),
          rule("eta", "", -1, 1, "1: a positive voltage raises x; -1: lowers it"),
          initial_state_rule(),
          smooth_rule()};
}

Yakopcic::Yakopcic(const MemristorCard& card)
    : Memristor(value_of(card, "x_init")),
      a_1_(value_of(card, "a_1")),
      a_2_(value_of(card, "a_2")),
      b_(value_of(card, "b")),
      v_p_(value_of(card, "v_p")),
      v_n_(value_of(card, "v_n")),
      A_p_(value_of(card, "speed_p")),
      A_n_(value_of(card, "speed_n")),
      x_p_(value_of(card, "x_p")),
      x_n_(value_of(card, "x_n")),
      alpha_p_(value_of(card, "alpha_p")),
      alpha_n_(value_of(card, "alpha_n")),
      eta_(value_of(card, "eta")),
      smooth_(value_of(card, "smooth")) {
  if (std::abs(eta_) == 1.0) return;
  throw InputError({.place = "card.eta",
                    .value = std::to_string(eta_),
                    .rule = "must be 1 or -1",
                    .remedy = "it only turns the device around"});
}

double Yakopcic::current(double v, double x) const noexcept {
  return (v >= 0.0 ? a_1_ : a_2_) * within_bounds(x) * std::sinh(clipped(b_ * v));
}

double Yakopcic::conductance(double v, double x) const noexcept {
  return (v >= 0.0 ? a_1_ : a_2_) * within_bounds(x) * b_ * std::cosh(clipped(b_ * v));
}

double Yakopcic::speed(double v) const noexcept {
  const double threshold = std::exp(v >= 0.0 ? v_p_ : v_n_);
  const double over = std::exp(std::min(std::abs(v), kLargestVoltage)) - threshold;
  const double g = ramp(over, smooth_ * threshold);
  return v >= 0.0 ? A_p_ * g : -A_n_ * g;
}

// Beyond a bound the exponential does not weaken what draws the state back.
double Yakopcic::slow_down(double eta_v, double x) const noexcept {
  if (eta_v > 0.0) {
    if (x < x_p_) return 1.0;
    const double decay = x > 1.0 ? 1.0 : std::exp(-alpha_p_ * (x - x_p_));
    return decay * ((x_p_ - x) / (1.0 - x_p_) + 1.0);
  }
  if (x > 1.0 - x_n_) return 1.0;
  const double decay = x < 0.0 ? 1.0 : std::exp(alpha_n_ * (x + x_n_ - 1.0));
  return decay * (x / (1.0 - x_n_));
}

double Yakopcic::state_rate(double v, double x) const noexcept {
  return eta_ * speed(v) * slow_down(eta_ * v, x);
}

}  // namespace memspice::device
