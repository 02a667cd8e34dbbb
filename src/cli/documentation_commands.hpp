#pragma once
// Commands that tell what memspice takes: keys, a first flow, completion, the manual page.

#include "cli/command.hpp"

namespace memspice::cli {

Command keys_command();
Command init_command();
/// Of the commands of `program`, which must outlive this one.
Command completion_command(const Command& program);
Command man_command(const Command& program);

}  // namespace memspice::cli
