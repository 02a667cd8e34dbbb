#pragma once
// memspice stochastic table | verilog.

#include "cli/command.hpp"

namespace memspice::cli {

/// With the commands table and verilog.
Command stochastic_command();

}  // namespace memspice::cli
