#pragma once
// memspice device list | show | trace | compare.

#include "cli/command.hpp"

namespace memspice::cli {

/// Adds the command with its four subcommands.
void add_device(CLI::App& program, Action& chosen);

}  // namespace memspice::cli
