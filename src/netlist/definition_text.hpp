#pragma once
// Hand-written definitions (device cells, op-amps, transistor models) in the words of Xyce and
// HSPICE: what ngspice calls a B element, {braces}, .func and a `sw` model.

#include <span>
#include <string>

#include "circuit/circuit.hpp"
#include "netlist/spelling.hpp"

namespace memspice::netlist {

/// A voltage-controlled switch of ngspice: on above threshold + hysteresis, off below
/// threshold - hysteresis.
struct SwitchModel {
  double threshold = 0.0;   ///< [V]
  double hysteresis = 0.0;  ///< [V]
  double r_on = 1.0;        ///< [Ohm]
  double r_off = 1e12;      ///< [Ohm]

  /// Xyce and HSPICE pass from one resistance to the other between two control voltages; where
  /// ngspice jumps (hysteresis 0), they get 1 mV to either side.
  double off_below() const;
  double on_above() const;
};

/// The definition's text for the dialect; .func calls are written out, for each simulator has its
/// own rules about their scope. Throws InputError naming what has no equivalent.
std::string spell_definition(const circuit::Definition& definition, const Spelling& spelling);

/// The `sw` model of this name among the definitions; throws InputError naming `place` when there
/// is none or it is not made of numbers.
SwitchModel find_switch_model(std::span<const circuit::Definition> definitions,
                              const std::string& name,
                              const std::string& place);

/// "pins vcr pwl(1) control v,r v,r": HSPICE's controlled resistor in place of a switch.
std::string hspice_switch_words(const SwitchModel& model, const std::string& control);

}  // namespace memspice::netlist
