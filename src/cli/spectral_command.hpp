#pragma once
// memspice spectral cost | optimize.

#include "cli/command.hpp"

namespace memspice::cli {

/// With the commands cost and optimize.
Command spectral_command();

}  // namespace memspice::cli
