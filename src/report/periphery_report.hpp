#pragma once
// The table of characterized circuits.

#include <span>
#include <string>

#include "periphery/periphery_model.hpp"

namespace memspice::report {

/// One row a circuit: size, devices, maximum and RMS error against ideal, settling time, energy,
/// ngspice time.
std::string periphery_to_terminal(std::span<const periphery::PeripheryModel> models);

/// {"circuits": [...]}: all that was measured, transfer curves included. SI units.
std::string periphery_to_json(std::span<const periphery::PeripheryModel> models);

}  // namespace memspice::report
