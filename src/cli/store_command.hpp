#pragma once
// memspice store list | verify | prune | export.

#include "cli/command.hpp"

namespace memspice::cli {

/// With the commands list, verify, prune and export.
Command store_command();

}  // namespace memspice::cli
