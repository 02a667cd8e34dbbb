// memspice completion and memspice man: what the program tells of itself to shells and readers.

#include <CLI/CLI.hpp>

#include "base/files.hpp"
#include "cli/documentation_commands.hpp"
#include "cli/program_outline.hpp"
#include "config/keys.hpp"

namespace memspice::cli {
namespace {

constexpr const char* kCompletionExamples =
    "Examples:\n"
    "  memspice completion bash > ~/.local/share/bash-completion/completions/memspice\n"
    "  memspice completion zsh > ~/.zsh/completions/_memspice\n"
    "  memspice completion fish > ~/.config/fish/completions/memspice.fish";

constexpr const char* kManExamples =
    "Examples:\n"
    "  memspice man | man -l -\n"
    "  memspice man --out memspice.1";

struct PageOptions {
  CommonOptions common;
  std::string shell;
};

OptionOutline outline_of(const CLI::Option& option) {
  const bool is_positional = option.get_lnames().empty();
  const std::string name = is_positional ? option.get_name() : "--" + option.get_lnames().front();
  const bool takes_value = is_positional || option.get_items_expected_max() > 0;
  const std::string type = option.get_type_name();
  return {.name = name,
          .value = !takes_value                      ? ""
                   : is_positional && type == "TEXT" ? name
                                                     : type,
          .text = option.get_description()};
}

/// `prefix`: the names of the commands that it stands in.
CommandOutline outline_of(const CLI::App& app, const std::string& prefix) {
  CommandOutline outline{.name = prefix + app.get_name(),
                         .text = app.get_description(),
                         .examples = app.get_footer(),
                         .options = {},
                         .commands = {}};
  for (const CLI::Option* option : app.get_options())
    outline.options.push_back(outline_of(*option));
  const bool is_program = app.get_parent() == nullptr;
  // A command without examples of its own has its parent's.
  if (!is_program && outline.examples == app.get_parent()->get_footer()) outline.examples.clear();
  const std::string inner_prefix = is_program ? "" : outline.name + ' ';
  for (const CLI::App* inner : app.get_subcommands({})) {
    outline.commands.push_back(outline_of(*inner, inner_prefix));
  }
  return outline;
}

void give(const PageOptions& options, const std::string& page) {
  apply_common(options.common);
  if (options.common.out.empty()) return print(page);
  write_file(options.common.out, page);
}

void add_page(CLI::App& command,
              const std::shared_ptr<PageOptions>& options,
              std::function<std::string()> page,
              Action& chosen) {
  add_common(command, options->common, "Write it to this file instead of standard output");
  command.callback(
      [options, page, &chosen] { chosen = [options, page] { give(*options, page()); }; });
}

}  // namespace

void add_completion(CLI::App& program, Action& chosen) {
  CLI::App* command = program.add_subcommand("completion", "Completion script of a shell");
  const auto options = std::make_shared<PageOptions>();
  command->add_option("SHELL", options->shell, "bash, zsh or fish")->required()->type_name("SHELL");
  command->footer(kCompletionExamples);
  add_page(
      *command,
      options,
      [options, &program] {
        return completion_script(outline_of(program, ""), config::list_keys(), options->shell);
      },
      chosen);
}

void add_man(CLI::App& program, Action& chosen) {
  CLI::App* command = program.add_subcommand("man", "The manual page, for groff");
  const auto options = std::make_shared<PageOptions>();
  command->footer(kManExamples);
  add_page(
      *command,
      options,
      [&program] { return man_page(outline_of(program, ""), config::list_keys()); },
      chosen);
}

}  // namespace memspice::cli
