#pragma once
// A user's SPICE text (a .subckt or .model of a device card), read as data, never as commands.

#include <string>
#include <string_view>

#include "circuit/circuit.hpp"

namespace memspice::netlist {

/// Reads the one .subckt (or .model) in `text`. Only the cards .subckt .ends .model .param .func
/// and the elements R C L B E F G H V I D Q M J S W X are accepted; all else (.control, .include,
/// .lib, .options, shell, codemodel, osdi, A-devices, file= arguments, non-printable bytes, ...)
/// is refused. Throws InputError naming place:line, the word, and what is allowed.
circuit::Definition read_definition(std::string_view text, std::string_view place);

/// read_definition of a shipped or user's file.
circuit::Definition read_definition_file(const std::string& path);

}  // namespace memspice::netlist
