#pragma once
// What reads a crossbar's columns: transimpedance amplifier, subtractor of a differential pair,
// programmable gain, sample-and-hold.

#include "device/analog_figures.hpp"
#include "synthesis/analog_block.hpp"

namespace memspice::synthesis {

struct ReadoutSpec {
  std::string name{};  ///< empty: the circuit's own, `_behavioural` behind it for the twin
  Realisation realisation = Realisation::Transistor;
  double resistance = 0.0;  ///< feedback of current inputs: volts per ampere [Ohm]; 0: the card's
  int bits = 3;             ///< of a programmable gain, 1 .. 8
  double gain = 1.0;        ///< of a subtractor; per step of a programmable gain; > 0
  void validate() const;    ///< throws InputError naming the block
};

/// out_0 = -R I(in_0): one bit line into a virtual ground.
AnalogBlock build_transimpedance(const ReadoutSpec& spec, const device::AnalogFigures& figures);

/// out_0 = R (I(in_0) - I(in_1)): the bit lines + and - of one differential pair.
AnalogBlock build_column_readout(const ReadoutSpec& spec, const device::AnalogFigures& figures);

/// out_0 = gain (in_0 - in_1).
AnalogBlock build_subtractor(const ReadoutSpec& spec, const device::AnalogFigures& figures);

/// out_0 = gain code in_0; code: in_1 (lowest bit) .. in_bits, each vss (0) or vdd (1).
AnalogBlock build_programmable_gain(const ReadoutSpec& spec, const device::AnalogFigures& figures);

/// out_0 = in_0 while in_1 is vdd; what it was, once in_1 is vss. `ideal` is the tracking state.
AnalogBlock build_sample_hold(const ReadoutSpec& spec, const device::AnalogFigures& figures);

}  // namespace memspice::synthesis
