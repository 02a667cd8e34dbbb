#pragma once
// Converters at an array's edges as circuits, and how straight they are.
//
// DAC: R-2R ladder, a pair of switches per bit, op-amp buffer.
//
//   V_ref --o switch_k      ladder_0     ladder_1           ladder_(n-1)
//           |  /            o----/\/\----o----/\/\--- ... ---o--[>-- out_0
//   bit_k ..| /             |     R      |     R             |
//           o--/\/\---------+            |                   |
//   gnd ----o  2R      2R to gnd        2R to switch_1      2R to switch_(n-1)
//
//   out = V_ref code / 2^n; a leg is 2R less the switch's resistance.
//
// ADC: successive approximation. The circuit is the front end (sample-and-hold, DAC, comparator);
// the register that tries bit after bit is behavioural.
//
//   in_0 --|sample-and-hold|--|+ .
//                             |  >-- out_0 > 0: the bit stays
//   in_1.. --|DAC|------------|-/

#include <functional>

#include "synthesis/ladder.hpp"

namespace memspice::synthesis {

/// in_0 (lowest bit) .. in_(bits-1): vss for 0, vdd for 1.
AnalogBlock build_dac(const ConverterSpec& spec, const device::AnalogFigures& figures);

/// The DAC's inputs for each code: bits x codes [V].
Eigen::MatrixXd dac_inputs(int bits,
                           const Eigen::VectorXi& codes,
                           const device::AnalogFigures& figures);

/// in_0: the voltage to be converted; in_1 .. in_bits: the code tried. out_0 swings to the
/// supplies' headroom: above 0 while in_0 is above the code's level.
AnalogBlock build_sar_front_end(const ConverterSpec& spec, const device::AnalogFigures& figures);

/// Runs a block at each column of inputs; returns outputs x stimuli [V].
using RunBlock = std::function<Eigen::MatrixXd(const AnalogBlock&, const Eigen::MatrixXd&)>;

/// The codes of voltages V, each bit decided by the front end: one run per bit.
Eigen::VectorXi convert_by_sar(const AnalogBlock& front_end,
                               int bits,
                               const Eigen::VectorXd& V,
                               const device::AnalogFigures& figures,
                               const RunBlock& run);

/// Deviations from the straight line through the first and the last level, in LSB.
struct Linearity {
  double lsb = 0.0;     ///< mean step [V]
  Eigen::VectorXd inl;  ///< integral, one per level
  Eigen::VectorXd dnl;  ///< differential, one per step
};
/// Of a DAC's levels by code, or of an ADC's transition voltages; at least two, rising in all.
Linearity linearity_of(const Eigen::VectorXd& levels);

/// Where a rising ramp's codes first reach 1 .. 2^bits - 1: halfway between two points of the ramp.
/// Throws RunError naming the first code that is missing.
Eigen::VectorXd transitions_of(const Eigen::VectorXd& ramp, const Eigen::VectorXi& codes, int bits);

}  // namespace memspice::synthesis
