#pragma once
// Cards of measured tables (device/current_table.hpp).
//
//   model = "table"
//   name  = "mine"
//   [table]
//   voltage = [-0.4, -0.2, 0, 0.2, 0.4]      rising, four at least, 0 among them [V]
//   state_1 = [-4e-6, -1.9e-6, 0, 2e-6, 4e-6]  currents of the lowest state [A]
//   state_2 = [...]                           and so on, two states at least, conductance rising
//   source  = "..."

#include "config/memristor_card.hpp"

namespace memspice::config {

/// The card at `path`; `sets` may give "g", the conductance that a single device rests at (without
/// one the highest state's). Throws InputError with file:line:column.
ModelCard load_table_card(const std::string& path, const Overrides& sets = {});

/// [table] as load_table_card reads it.
std::string table_card_text(const device::CurrentTable& table, const std::string& source);

}  // namespace memspice::config
