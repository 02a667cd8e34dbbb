// memspice completion and memspice man: what the program tells of itself to shells and readers.

#include "base/files.hpp"
#include "cli/documentation_commands.hpp"
#include "cli/program_pages.hpp"
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

void give(const PageOptions& options, const std::string& page) {
  apply_common(options.common);
  if (options.common.out.empty()) return print(page);
  write_file(options.common.out, page);
}

/// `command` giving the text of `page`.
Command with_page(Command command,
                  const std::shared_ptr<PageOptions>& options,
                  const std::function<std::string()>& page) {
  add_common(command, options->common, "Write it to this file instead of standard output");
  command.run = [options, page] { give(*options, page()); };
  return command;
}

}  // namespace

Command completion_command(const Command& program) {
  const auto options = std::make_shared<PageOptions>();
  Command command{.name = "completion",
                  .text = "Completion script of a shell",
                  .examples = kCompletionExamples};
  command.add({{"SHELL", "SHELL", &options->shell, "bash, zsh or fish", Need::Required}});
  return with_page(std::move(command), options, [options, &program] {
    return completion_script(program, config::list_keys(), options->shell);
  });
}

Command man_command(const Command& program) {
  return with_page({.name = "man", .text = "The manual page, for groff", .examples = kManExamples},
                   std::make_shared<PageOptions>(),
                   [&program] { return man_page(program, config::list_keys()); });
}

}  // namespace memspice::cli
