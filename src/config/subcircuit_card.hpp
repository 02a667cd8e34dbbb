#pragma once
// Cards of models that have no C++ class: what the card itself says about its parameters.
//
//   [v_t]                        a parameter of the subcircuit's .subckt line
//   value  = "0.8 V"
//   unit   = "V"                 optional; without it the value is a plain number in SI
//   low    = "1 mV"              optional bounds, inclusive: a threshold of the wrong sign, a state
//   high   = "5 V"               outside its range are refused as for any shipped model
//   meaning = "threshold"        optional, for people
//   source = "..."
//
//   [read]                       optional: arrays may be built of the model (device/read_law.hpp)
//   parameter = "x_init"         the parameter that carries a cell's conductance
//   at_0   = "2 uS"              conductance (or resistance) where that parameter is 0 and 1;
//   at_1   = "50 uS"             without these two the parameter is the conductance itself
//   g_min  = "2 uS"              the window that cells are programmed to
//   g_max  = "50 uS"
//   levels = 32                  0 or absent: continuous
//   alpha  = "2.5 1/V"           optional: curvature, for estimates of power only
//   source = "..."

#include <optional>
#include <string>

#include "config/toml_document.hpp"
#include "device/memristor_card.hpp"
#include "device/read_law.hpp"

namespace memspice::config {

/// The parameters on the .subckt line of `file`, with what `card` says of each. All are required
/// where the card has a table for them; the others keep the subcircuit's default. Throws
/// InputError.
device::ParameterTable subcircuit_table(const std::string& file, TomlDocument& card);

/// [read] of `card`, if it is there; `table`: the parameters it may name. Throws InputError.
std::optional<device::ReadLaw> read_read_law(TomlDocument& card,
                                             const device::ParameterTable& table);

}  // namespace memspice::config
