#pragma once
// The static read model: what a programmed cell does at read voltages, its state at rest.
//
//   I(v) = G sinh(alpha v) / alpha        alpha = 0: I = G v
//
// Every dynamic model reduces to it below its switching threshold.
// Source: trap-assisted tunnelling conduction I ~ sinh(V/V0), alpha = 1/V0 (Guan, Yu, Wong 2012).

namespace memspice::device {

struct StaticRead {
  double alpha = 0.0;  ///< non-linearity [1/V], >= 0

  double current(double G, double v) const noexcept;      ///< I [A] at v [V] for G [S]
  double conductance(double G, double v) const noexcept;  ///< dI/dv [S]
};

}  // namespace memspice::device
