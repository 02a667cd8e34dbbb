#pragma once
// What stands in series with a cell's memristor, as a read sees it: current against voltage.
//
//   transistor  (1T1R) NMOS, SPICE level 1 without body effect (Shichman, Hodges, IEEE J. Solid-
//               State Circuits 3, 1968). Its bit-line end is at 0 V, its gate at V_g:
//                 I = beta (1 + lambda v) (V_ov v - v^2 / 2)    0 <= v < V_ov
//                 I = beta (1 + lambda v) V_ov^2 / 2            v >= V_ov,   V_ov = V_g - V_t
//               and for v < 0 the same with drain and source exchanged, V_ov = V_g - V_t - v.
//   selector    (1S1R) exponential  I = I_0 sinh(v / V_0)
//                      threshold    I = G_off v + G_on (s(v) - s(-v)),
//                                   s(v) = V_w ln(1 + exp((v - V_th) / V_w))
//               Differs from a real threshold switch: single-valued, no snap-back and no hold
//               state, so that it stands for a read pulse that finds the selector at rest.

#include <string_view>
#include <variant>

namespace memspice::device {

/// A current and its slope.
struct Conduction {
  double I = 0.0;      ///< [A]
  double slope = 0.0;  ///< dI/dv [S]
};

struct AccessTransistor {
  double transconductance = 150e-6;  ///< k_p = mobility times oxide capacitance [A/V^2], > 0
  double width = 180e-9;             ///< [m], > 0
  double length = 90e-9;             ///< [m], > 0
  double threshold = 0.45;           ///< V_t [V]
  double modulation = 0.1;           ///< lambda [1/V], >= 0
  double gate_voltage = 1.5;         ///< V_g of a selected row [V], > V_t
  double gate_off = 0.0;             ///< gate of a row that is off [V], < V_t
  double overdrive() const noexcept { return gate_voltage - threshold; }
  Conduction conduct(double v) const noexcept;
  /// Throws InputError naming `place`.threshold and so on.
  void validate(std::string_view place) const;
};

struct ExponentialSelector {
  double I_0 = 1e-13;    ///< [A], > 0
  double V_0 = 36.9e-3;  ///< [V], > 0
  Conduction conduct(double v) const noexcept;
  void validate(std::string_view place) const;
};

struct ThresholdSelector {
  double G_off = 1e-10;      ///< below the threshold [S], > 0
  double G_on = 1e-3;        ///< slope above it [S], > G_off
  double threshold = 0.6;    ///< V_th [V], > 0
  double sharpness = 10e-3;  ///< V_w [V], > 0
  Conduction conduct(double v) const noexcept;
  void validate(std::string_view place) const;
};

/// monostate: nothing in series (1R).
using Access =
    std::variant<std::monostate, AccessTransistor, ExponentialSelector, ThresholdSelector>;

/// Throws InputError naming `place`.threshold and so on.
void validate_access(const Access& access, std::string_view place);

/// Current at v [V] through an access device; precondition: there is one.
Conduction conduct(const Access& access, double v);

/// The voltage that drives I [A] of either sign; infinite when no voltage up to `limit` [V] does.
double voltage_for(const Access& access, double I, double limit);

/// "1r", "1t1r" or "1s1r".
std::string_view cell_name(const Access& access) noexcept;

}  // namespace memspice::device
