#pragma once
// Stanford-PKU RRAM: tunnelling across the gap between a filament and its electrode; the gap moves
// by field-assisted hopping of vacancies, heated by the current.
//
//   I     = i_0 exp(-g / g_0) sinh(v / v_0)
//   dg/dt = -speed exp(-e_a / kT) sinh(gamma a_0 / l * q v / kT)
//   gamma = gamma_0 - beta (g / g_1)^3,    T = t_0 + v I r_th
//   x = (gap_max - g) / (gap_max - gap_min): 1 is the low-resistance state; v > 0 closes the gap;
//   bounded by device/smooth.hpp
//
// Symbols: i_0 [A]; g, g_0, g_1, a_0, l [m]; v_0 [V]; speed [m/s]; e_a [eV]; t_0 [K]; r_th [K/W].
// Sources: Guan, Yu, Wong, IEEE EDL 33 (2012) 1405; Jiang et al., SISPAD 2014 and IEEE TED 63
// (2016) 1884. Differs from the published Verilog-A: no least field below which gamma is 0, and no
// cycle-to-cycle noise of the gap (memspice draws variability outside the model).

#include "device/memristor.hpp"
#include "device/smooth.hpp"

namespace memspice::device {

class StanfordRram final : public Memristor {
 public:
  static constexpr std::string_view kName = "stanford_rram";
  static ParameterTable parameters();
  explicit StanfordRram(const MemristorCard& card);

  std::string_view name() const noexcept override { return kName; }
  double current(double v, double x) const noexcept override;
  double conductance(double v, double x) const noexcept override;
  double state_rate(double v, double x) const noexcept override;

 private:
  double gap(double x) const noexcept {
    return gap_max_ - (gap_max_ - gap_min_) * within_bounds(x);
  }

  double i_0_, g_0_, v_0_, speed_, e_a_, gamma_0_, beta_, g_1_, a_0_, l_, t_0_, r_th_;
  double gap_min_, gap_max_, edge_;
};

}  // namespace memspice::device
