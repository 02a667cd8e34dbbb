#pragma once
// The program's commands and options as data: what shells complete and the manual page tells.

#include <string>
#include <vector>

#include "config/key.hpp"

namespace memspice::cli {

struct OptionOutline {
  std::string name;   ///< "--set"; of a positional argument "FLOW"
  std::string value;  ///< "FILE.csv"; empty: a flag
  std::string text;
  bool is_positional() const { return !name.starts_with('-'); }
  /// Whether its value is the name of a file or folder.
  bool takes_path() const;
};

struct CommandOutline {
  std::string name;  ///< "device trace"; of the program "memspice"
  std::string text;
  std::string examples;  ///< what --help ends with
  std::vector<OptionOutline> options;
  std::vector<CommandOutline> commands;
};

/// The commands that do something, "device trace" and not "device", in the program's order.
std::vector<const CommandOutline*> leaves_of(const CommandOutline& program);

/// A script that completes commands, options, and of --set the keys. `shell`: "bash", "zsh",
/// "fish"; throws InputError for another.
std::string completion_script(const CommandOutline& program,
                              const std::vector<config::KeyDeclaration>& keys,
                              const std::string& shell);

/// memspice(1) in the man macros of groff.
std::string man_page(const CommandOutline& program,
                     const std::vector<config::KeyDeclaration>& keys);

}  // namespace memspice::cli
