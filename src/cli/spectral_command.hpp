#pragma once
// memspice spectral cost | optimize.

#include "cli/command.hpp"

namespace memspice::cli {

/// Adds the command with its subcommands.
void add_spectral(CLI::App& program, Action& chosen);

}  // namespace memspice::cli
