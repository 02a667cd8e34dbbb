#pragma once

#include <string>
#include <vector>

#include "cli/command.hpp"

namespace memspice::python {

/// What Python says of a flow: the words of the command line.
struct FlowCall {
  std::string file, variant, out, seed;
  std::vector<std::string> overrides;
  int jobs = 0;
  bool progress = false, trust = false;

  cli::CommonOptions common(const char* command) const {
    return {.command = command,
            .overrides = overrides,
            .variant = variant,
            .out = out,
            .jobs = jobs == 0 ? "" : std::to_string(jobs),
            .seed = seed,
            .quiet = !progress,
            .json = true,
            .trust = trust};
  }
};

}  // namespace memspice::python
