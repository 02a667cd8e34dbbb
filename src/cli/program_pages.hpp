#pragma once
// What shells complete and the manual page tells, of the program's commands.

#include <string>
#include <vector>

#include "cli/command_line.hpp"
#include "config/key.hpp"

namespace memspice::cli {

/// The commands that do something, "device trace" and not "device", in the program's order.
std::vector<const Command*> leaves_of(const Command& program);

/// A script that completes commands, options, and of --set the keys. `shell`: "bash", "zsh",
/// "fish"; throws InputError for another.
std::string completion_script(const Command& program,
                              const std::vector<config::KeyDeclaration>& keys,
                              const std::string& shell);

/// memspice(1) in the man macros of groff.
std::string man_page(const Command& program, const std::vector<config::KeyDeclaration>& keys);

}  // namespace memspice::cli
