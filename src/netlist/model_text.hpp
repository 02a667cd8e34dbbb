#pragma once
// A user's SPICE text (a .subckt or .model of a device card), read as data, never as commands.
//
// What a deck gets is this reader's own rendering of what it understood, never the text as it
// came: lower case, comments dropped, continuation lines joined and wrapped anew.

#include <string>
#include <string_view>

#include "circuit/circuit.hpp"

namespace memspice::netlist {

/// Longest text that is read [bytes].
inline constexpr std::size_t kMaxModelText = 1 << 20;

/// Reads the one .subckt (or the one .model) in `text`. Only the cards .subckt .ends .model .param
/// .func .ic, each inside the .subckt, and the elements R C L B E F G H V I D Q M J S W X are
/// accepted, made of names, numbers, `{expressions}` and arithmetic; all else (.control, .include,
/// .lib, .options, shell, codemodel, osdi, A-devices, file arguments, double quotes, backslashes,
/// bytes that are no printable ASCII, ...) is refused. 'expression' is {expression}, and braces are
/// brackets wherever ngspice would drop them (netlist/braces.hpp). `*` lines and what follows `;`
/// or a `$` after a blank are comments; LTspice's and PSpice's words are translated
/// (netlist/foreign_spelling.hpp); LF and CRLF end lines. Throws InputError naming place:line,
/// the word, and what is allowed. Reading the result's text again gives the same text.
circuit::Definition read_definition(std::string_view text, std::string_view place);

/// read_definition of a shipped or user's file.
circuit::Definition read_definition_file(const std::string& path);

}  // namespace memspice::netlist
