// memspice keys: what a flow file may say.

#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/documentation_commands.hpp"
#include "cli/keys_text.hpp"
#include "config/keys.hpp"

namespace memspice::cli {
namespace {

constexpr const char* kKeysExamples =
    "Each key as a flow would set it to its default, what it takes, and what it means. Quantities "
    "are\n"
    "numbers in SI or strings with a unit: \"0.2 V\". Names in capitals are yours: LAYER, NAME.\n"
    "\n"
    "Examples:\n"
    "  memspice keys array\n"
    "  memspice keys nonideality.drift\n"
    "  memspice keys --json";

struct KeysOptions {
  CommonOptions common;
  std::string table;
};

/// Columns of the terminal; of a pipe or a file what every terminal has.
std::size_t output_width() {
  winsize size{};
  constexpr std::size_t standard = 80;
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return standard;
  return size.ws_col;
}

void keys(const KeysOptions& options) {
  apply_common(options.common);
  std::vector<config::KeyDeclaration> found = config::list_keys();
  if (!options.table.empty()) found = config::keys_of(found, options.table, "memspice keys");
  tell(options.common, keys_text(found, output_width()));
  if (options.common.json) print(keys_json(found));
}

}  // namespace

Command keys_command() {
  const auto options = std::make_shared<KeysOptions>();
  Command command{.name = "keys",
                  .text = "Every key of a flow file and its default",
                  .examples = kKeysExamples,
                  .run = [options] { keys(*options); }};
  command.add(
      {{"TABLE", "TABLE", &options->table, "One table of the flow file, without brackets"}});
  add_common(command, options->common, "Not used by this command");
  return command;
}

}  // namespace memspice::cli
