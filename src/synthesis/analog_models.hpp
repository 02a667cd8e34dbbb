#pragma once
// Transistor and diode models of a technology, as .model cards.

#include "circuit/circuit.hpp"
#include "device/analog_figures.hpp"

namespace memspice::synthesis {

inline constexpr const char* kNmosModel = "analog_nmos";
inline constexpr const char* kPmosModel = "analog_pmos";
inline constexpr const char* kDiodeModel = "analog_diode";

/// Level 1, polarity by name.
circuit::Definition nmos_model(const device::MosfetFigures& figures);
circuit::Definition pmos_model(const device::MosfetFigures& figures);
circuit::Definition diode_model(const device::DiodeFigures& figures);

}  // namespace memspice::synthesis
