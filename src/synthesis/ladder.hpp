#pragma once
// An R-2R ladder as a converter draws it, and what its converter gives, solved without SPICE.
//
//   end --+-- rung_1 --+-- rung_2 --+-- ... --+-- h        leg_k to V_r where bit k is set, else
//   gnd
//         leg_0        leg_1        leg_2     leg_(n-1)
//
// Seen from its output the ladder is a chain of Thevenin equivalents, one bit after the other:
//   G = 1/R + 1/leg_k,   w_j <- w_j / (R G) for j < k,   w_k = 1 / (leg_k G),   R <- 1/G +
//   rung_(k+1)
// and code c gives h(c) V_r, h(c) = sum of w_k over its bits. With op-amps of gain A and offset d,
// a = A / (1 + A):
//   reference     V_r = a (V_ref + d)
//   DAC           out = a (h V_r + d)
//   SAR decision  a (V + d) + d > a (h V_r + d): bit by bit, code c or more is found from
//                 V = min over c' >= c of h(c') V_r - d / a on, whatever the order of the levels
// Left out: 1 GOhm of open switches (1e-7 of a leg) and the op-amps' output resistance behind A.

#include <Eigen/Core>
#include <cstdint>
#include <string>

#include "device/analog_figures.hpp"
#include "synthesis/analog_block.hpp"

namespace memspice::synthesis {

struct ConverterSpec {
  std::string name = {};  ///< empty: dac or sar_front_end, `_behavioural` behind it for the twin
  Realisation realisation = Realisation::Transistor;
  int bits = 8;           ///< 1 .. 12
  double range = 0.0;     ///< V_ref [V]; 0: the card's signal
  double mismatch = 0.0;  ///< relative standard deviation of each resistor, 0 .. 0.2
  std::uint64_t seed = 0;
  /// Throws InputError naming the block.
  void validate() const;
};

/// Name and range as `figures` and the circuit's `standard` name have them, where they are left
/// open. Throws InputError naming the block.
ConverterSpec complete(ConverterSpec spec,
                       const std::string& standard,
                       const device::AnalogFigures& figures);
/// The DAC within a SAR front end.
ConverterSpec dac_of_sar(ConverterSpec complete);

/// On-resistance of a ladder's switches, a transmission gate of some 10 um [Ohm].
inline constexpr double kLadderSwitch = 100.0;

/// What a ladder is made of [Ohm]; a leg's switch is part of it.
struct LadderResistors {
  double end = 0.0;
  Eigen::VectorXd legs;   ///< one a bit, the lowest first
  Eigen::VectorXd rungs;  ///< from each bit's node to the next, one less
};
/// 2R and R, each off by itself: from the spec's seed and name. `R` [Ohm]: the unit resistor.
LadderResistors draw_ladder(const ConverterSpec& spec, double R);

/// The part of the reference that each bit gives, the lowest first [1].
Eigen::VectorXd ladder_weights(const LadderResistors& ladder);

/// Where a successive approximation first finds the codes 1, 2, ..., given the input at which the
/// comparator keeps each of them when it is tried: the least of a code's own and all above it.
Eigen::VectorXd begins_of_codes(Eigen::VectorXd decisions);

/// What build_dac's circuit gives for each code [V].
Eigen::VectorXd solve_dac(const ConverterSpec& spec, const device::AnalogFigures& figures);
/// Where the codes 1 .. 2^bits - 1 of build_sar_front_end's circuit begin [V], not falling; a code
/// that is never found begins where the next one does.
Eigen::VectorXd solve_sar(const ConverterSpec& spec, const device::AnalogFigures& figures);

}  // namespace memspice::synthesis
