#pragma once
// TEAM and VTEAM: a state that rests below a threshold and moves by a power law beyond it.
//
//   s = i (TEAM) or v (VTEAM), thresholds s_on < 0 < s_off
//   dw/dt = k_off (s / s_off - 1)^alpha_off f_off(w)    s > s_off
//         = k_on  (s / s_on  - 1)^alpha_on  f_on(w)     s < s_on       k_on < 0 < k_off [m/s]
//   x = (w - w_on) / (w_off - w_on):   0 is R_on, 1 is R_off; a positive drive raises R
//   f rectangular: 1, bounded by device/smooth.hpp
//   f exponential: f_off = exp(-exp((w - a_off) / w_c)), f_on = exp(-exp(-(w - a_on) / w_c)),
//                  bounded besides
//   R linear:      r_on + (r_off - r_on) x          R exponential: r_on (r_off / r_on)^x
//
// Sources: Kvatinsky et al., "TEAM", IEEE TCAS-I 60 (2013) 211, eqs 17-24; Kvatinsky et al.,
// "VTEAM", IEEE TCAS-II 62 (2015) 786, eqs 2-5. Differs from the papers: max(s/s_t - 1, 0) is
// rounded over the share `smooth` of the threshold.

#include "device/memristor.hpp"

namespace memspice::device {

class ThresholdAdaptive : public Memristor {
 public:
  double current(double v, double x) const noexcept override { return v / resistance(x); }
  double conductance(double, double x) const noexcept override { return 1.0 / resistance(x); }

 protected:
  /// The parameters; `quantity` is "i" or "v", `unit` that of the thresholds.
  static ParameterTable table(const std::string& quantity, const std::string& unit);
  ThresholdAdaptive(const MemristorCard& card, const std::string& quantity);

  /// dx/dt [1/s] for a drive s, in the unit of the thresholds.
  double rate_of(double s, double x) const noexcept;

 private:
  double resistance(double x) const noexcept;
  double window_off(double x) const noexcept;
  double window_on(double x) const noexcept;

  double s_off_, s_on_;          // thresholds [A] or [V]
  double rate_off_, rate_on_;    // k / (w_off - w_on) [1/s]
  double alpha_off_, alpha_on_;  // [1]
  double r_on_, r_off_;          // [Ohm]
  bool is_exponential_resistance_, is_exponential_window_;
  double a_off_, a_on_, w_c_;  // window, scaled to x [1]
  double smooth_, edge_;
};

/// The threshold is on the current.
class Team final : public ThresholdAdaptive {
 public:
  static constexpr std::string_view kName = "team";
  static ParameterTable parameters() { return table("i", "A"); }
  explicit Team(const MemristorCard& card) : ThresholdAdaptive(card, "i") {}
  std::string_view name() const noexcept override { return kName; }
  double state_rate(double v, double x) const noexcept override {
    return rate_of(current(v, x), x);
  }
};

/// The threshold is on the voltage.
class Vteam final : public ThresholdAdaptive {
 public:
  static constexpr std::string_view kName = "vteam";
  static ParameterTable parameters() { return table("v", "V"); }
  explicit Vteam(const MemristorCard& card) : ThresholdAdaptive(card, "v") {}
  std::string_view name() const noexcept override { return kName; }
  double state_rate(double v, double x) const noexcept override { return rate_of(v, x); }
};

}  // namespace memspice::device
