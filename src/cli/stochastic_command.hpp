#pragma once
// memspice stochastic table | verilog.

#include "cli/command.hpp"

namespace memspice::cli {

/// Adds the command with its two subcommands.
void add_stochastic(CLI::App& program, Action& chosen);

}  // namespace memspice::cli
