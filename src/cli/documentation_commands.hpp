#pragma once
// Commands that tell what memspice takes: keys, a first flow, completion, the manual page.

#include "cli/command.hpp"

namespace memspice::cli {

void add_keys(CLI::App& program, Action& chosen);
void add_init(CLI::App& program, Action& chosen);
void add_completion(CLI::App& program, Action& chosen);
void add_man(CLI::App& program, Action& chosen);

}  // namespace memspice::cli
