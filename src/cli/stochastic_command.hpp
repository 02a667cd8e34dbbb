#pragma once
// memspice stochastic table | verilog | synthesize.

#include "cli/command.hpp"

namespace memspice::cli {

/// With the commands table, verilog and synthesize.
Command stochastic_command();

}  // namespace memspice::cli
