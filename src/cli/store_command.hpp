#pragma once
// memspice store list | verify | prune | export.

#include "cli/command.hpp"

namespace memspice::cli {

/// Adds the command with its four subcommands.
void add_store(CLI::App& program, Action& chosen);

}  // namespace memspice::cli
