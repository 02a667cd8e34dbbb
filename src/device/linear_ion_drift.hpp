#pragma once
// Linear ion drift: a doped region of width w = x d grows with the charge that passed.
//
//   R(x)  = r_on x + r_off (1 - x)                   v = R(x) i
//   dx/dt = mobility r_on / d^2 * i * f(x, i)
//   f: none         1, bounded by device/smooth.hpp
//      joglekar     1 - (2x - 1)^(2p)
//      biolek       1 - (x - step(-i))^(2p)
//      prodromakis  scale (1 - [(x - 0.5)^2 + 0.75]^p)
//
// Symbols: r_on, r_off [Ohm]; d film thickness [m]; mobility of the dopants [m2/(V s)]; p, scale
// [1]. Sources: Strukov et al., Nature 453 (2008) 80, eqs 5-7; Joglekar, Wolf, Eur. J. Phys. 30
// (2009) 661; Biolek et al., Radioengineering 18 (2009) 210; Prodromakis et al., IEEE TED 58 (2011)
// 3099. Differs from Strukov: "none" fades over `edge` before a bound instead of running through
// it.

#include "device/memristor.hpp"
#include "device/smooth.hpp"

namespace memspice::device {

class LinearIonDrift final : public Memristor {
 public:
  enum class Window { None, Joglekar, Biolek, Prodromakis };

  static constexpr std::string_view kName = "linear_ion_drift";
  static ParameterTable parameters();
  /// `card`: completed.
  explicit LinearIonDrift(const MemristorCard& card);

  std::string_view name() const noexcept override { return kName; }
  double current(double v, double x) const noexcept override { return v / resistance(x); }
  double conductance(double, double x) const noexcept override { return 1.0 / resistance(x); }
  double state_rate(double v, double x) const noexcept override;

 private:
  double resistance(double x) const noexcept {
    return r_off_ + (r_on_ - r_off_) * within_bounds(x);
  }

  double r_on_, r_off_;  // [Ohm]
  double drift_;         // mobility r_on / d^2 [1/(A s)]
  Window window_;
  double p_, scale_, edge_;
};

}  // namespace memspice::device
