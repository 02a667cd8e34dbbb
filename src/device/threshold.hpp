#pragma once
// Threshold memristor of Pershin and Di Ventra: the resistance moves at a rate proportional to the
// voltage beyond a threshold.
//
//   I = v / R,   R = r_on + (r_off - r_on) x        x = 0 is R_on; a positive voltage raises R
//   dR/dt = f(v) W,   f = beta v + (alpha - beta)/2 (|v + v_t| - |v - v_t|)
//         = alpha v for |v| <= v_t,  alpha v_t + beta (v - v_t) beyond
//   W bounds R to [r_on, r_off]: here device/smooth.hpp
//
// Symbols: v_t [V]; alpha, beta [Ohm/(V s)].
// Sources: Pershin, La Fontaine, Di Ventra, Phys. Rev. E 80 (2009) 021926, eqs 6-8; Biolek,
// Di Ventra, Pershin, Radioengineering 22 (2013) 945, model R2.
// Differs from R2: the corner at v_t is rounded over the share `smooth` of v_t, and W fades over
// `edge` before a bound instead of a sigmoid step at it.

#include "device/memristor.hpp"
#include "device/smooth.hpp"

namespace memspice::device {

class Threshold final : public Memristor {
 public:
  static constexpr std::string_view kName = "threshold";
  static ParameterTable parameters();
  explicit Threshold(const MemristorCard& card);

  std::string_view name() const noexcept override { return kName; }
  double current(double v, double x) const noexcept override { return v / resistance(x); }
  double conductance(double, double x) const noexcept override { return 1.0 / resistance(x); }
  double state_rate(double v, double x) const noexcept override;

 private:
  double resistance(double x) const noexcept { return r_on_ + (r_off_ - r_on_) * within_bounds(x); }

  double r_on_, r_off_;  // [Ohm]
  double v_t_;           // [V]
  double slow_, fast_;   // alpha, beta over (r_off - r_on) [1/(V s)]
  double smooth_, edge_;
};

}  // namespace memspice::device
