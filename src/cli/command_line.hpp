#pragma once
// The command line as data: what commands take and do. Parsing, --help, the completions and the
// manual page read one tree.

#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace memspice::cli {

/// Where a typed value goes; what lies there before is the default. A bool is a flag, and a vector
/// takes an option that may be repeated.
using Target = std::variant<bool*,
                            int*,
                            std::optional<int>*,
                            std::optional<double>*,
                            std::string*,
                            std::vector<std::string>*>;

enum class Need { Optional, Required };

struct Argument {
  std::string name;   ///< "--wire"; of a positional one "FLOW"
  std::string value;  ///< what stands for the value, "OHM"; empty: a flag
  Target target;
  std::string text;
  Need need = Need::Optional;
  std::vector<std::string> excludes = {};  ///< names of arguments declared before it

  bool is_positional() const { return !name.starts_with('-'); }
  /// Whether its value is the name of a file or folder.
  bool takes_path() const;
};

using Action = std::function<void()>;

struct Command {
  std::string name;  ///< "device trace"; of the program "memspice"
  std::string text;
  std::string examples = {};  ///< what --help ends with; empty: as of the command around it
  std::vector<Argument> arguments = {};
  std::vector<Command> commands = {};  ///< one of them must be named
  Action run = {};                     ///< none where there are commands within
  std::string version = {};            ///< of the program: what --version prints

  /// Takes `more` behind the arguments that it has.
  void add(const std::vector<Argument>& more);
  /// --help, which every command takes, of the program --version, then its own.
  std::vector<Argument> all_arguments() const;
  /// "trace" of "device trace".
  std::string last_name() const;
};

/// What the command does that the words name; for --help and --version an action that prints.
/// Throws InputError where they do not fit, with the word that may have been meant.
Action parse_command_line(const Command& program, int argc, const char* const* argv);

}  // namespace memspice::cli
