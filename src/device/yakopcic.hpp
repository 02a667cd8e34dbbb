#pragma once
// Yakopcic: a sinh current scaled by the state, and a state that moves exponentially beyond its
// thresholds and slows down near its ends.
//
//   I     = a_1 x sinh(b v)  v >= 0,   a_2 x sinh(b v)  v < 0
//   g(v)  = A_p (exp(v) - exp(v_p))     v > v_p
//         = -A_n (exp(-v) - exp(v_n))   v < -v_n,    0 between
//   f(x)  for eta v > 0: exp(-alpha_p (x - x_p)) w_p(x)     x >= x_p,     else 1
//                        w_p = (x_p - x) / (1 - x_p) + 1
//         otherwise:     exp(alpha_n (x + x_n - 1)) w_n(x)  x <= 1 - x_n, else 1
//                        w_n = x / (1 - x_n)
//   dx/dt = eta g(v) f(x)
//
// Symbols: a_1, a_2 [A]; b [1/V]; v_p, v_n [V]; A_p, A_n [1/s] (the voltages of exp in units of
// 1 V); the rest [1]. Source: Yakopcic et al., IEEE TCAD 32 (2013) 1201, eqs 1-7.
// Differs from the paper: the thresholds are rounded over the share `smooth` of exp(v_t).

#include "device/memristor.hpp"

namespace memspice::device {

class Yakopcic final : public Memristor {
 public:
  static constexpr std::string_view kName = "yakopcic";
  static ParameterTable parameters();
  explicit Yakopcic(const MemristorCard& card);

  std::string_view name() const noexcept override { return kName; }
  double current(double v, double x) const noexcept override;
  double conductance(double v, double x) const noexcept override;
  double state_rate(double v, double x) const noexcept override;

 private:
  double speed(double v) const noexcept;
  double slow_down(double eta_v, double x) const noexcept;

  double a_1_, a_2_, b_, v_p_, v_n_, A_p_, A_n_, x_p_, x_n_, alpha_p_, alpha_n_, eta_, smooth_;
};

}  // namespace memspice::device
