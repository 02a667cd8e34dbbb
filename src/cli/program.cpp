#include "cli/program.hpp"

#include <signal.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <new>

#include "base/blas.hpp"
#include "base/error.hpp"
#include "base/files.hpp"
#include "base/interrupt.hpp"
#include "base/temporary_folders.hpp"
#include "base/text.hpp"
#include "base/vectors.hpp"
#include "cli/command.hpp"
#include "cli/device_command.hpp"
#include "cli/documentation_commands.hpp"
#include "cli/spectral_command.hpp"
#include "cli/stochastic_command.hpp"
#include "cli/store_command.hpp"

namespace memspice::cli {
namespace {

constexpr int kDone = 0;
constexpr int kRunFailed = 1;
constexpr int kInputError = 2;
constexpr int kInterrupted = 130;

constexpr const char* kDescription =
    "memspice: what a trained network really does on memristor crossbars.\n"
    "It generates the arrays' circuits, characterizes tiles in ngspice, and carries the "
    "calibrated\n"
    "tile models into a simulation of the whole network. Every figure comes with its error.";

constexpr const char* kProgramExamples =
    "Examples:\n"
    "  memspice run flows/lenet5_fashion.toml\n"
    "  memspice run flows/lenet5_fashion.toml --set array.wire=\"5 Ohm\" --set data.limit=1000\n"
    "  memspice map flows/lenet5_fashion.toml --json\n"
    "  memspice solve --conductance G.csv --voltage V.csv --wire 2\n"
    "  memspice export flows/lenet5_fashion.toml --what tile:conv1:0:0 --out decks\n"
    "\n"
    "Exit codes: 0 done, 1 the run failed, 2 usage or input error, 130 interrupted.\n"
    "memspice COMMAND --help shows the options of a command, with examples.";

void build(CLI::App& program, Action& chosen) {
  program.name("memspice");
  program.require_subcommand(1);
  program.set_version_flag("--version", "memspice " + std::string(version()));
  program.footer(kProgramExamples);
  program.failure_message(nullptr);
  add_run(program, chosen);
  add_check(program, chosen);
  add_characterize(program, chosen);
  add_simulate(program, chosen);
  add_export(program, chosen);
  add_solve(program, chosen);
  add_map(program, chosen);
  add_prune(program, chosen);
  add_device(program, chosen);
  add_spectral(program, chosen);
  add_stochastic(program, chosen);
  add_store(program, chosen);
  add_doctor(program, chosen);
  add_init(program, chosen);
  add_keys(program, chosen);
  add_completion(program, chosen);
  add_man(program, chosen);
}

int fail(int code, const std::string& message) {
  std::fprintf(stderr, "memspice: error: %s\n", message.c_str());
  return code;
}

/// The command that was being parsed, or the program.
const CLI::App& parsed_command(const CLI::App& program) {
  const auto commands = program.get_subcommands();
  return commands.empty() ? program : *commands.front();
}

/// All that may stand where an unknown word stood.
std::vector<std::string> known_words(const CLI::App& command) {
  std::vector<std::string> words;
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& name : option->get_lnames()) words.push_back("--" + name);
  }
  for (const CLI::App* inner : command.get_subcommands({})) words.push_back(inner->get_name());
  return words;
}

int reject_unknown(const CLI::App& command, const std::string& word) {
  const auto words = known_words(command);
  const auto match = closest_match(word.substr(0, word.find('=')), words);
  const std::string what = word.starts_with('-') ? "unknown option" : "unexpected argument";
  return fail(
      kInputError,
      describe({.place = command.get_display_name(),
                .value = what + " \"" + word + '"',
                .rule = {},
                .remedy = match ? "did you mean \"" + *match + "\"?" : "see memspice --help"}));
}

int reject_usage(const CLI::App& program, const CLI::ParseError& error) {
  const CLI::App& command = parsed_command(program);
  const auto unknown = command.remaining();
  if (!unknown.empty()) return reject_unknown(command, unknown.front());
  const auto stray = program.remaining();
  if (!stray.empty()) return reject_unknown(program, stray.front());
  const std::string name = &command == &program ? "memspice" : "memspice " + command.get_name();
  return fail(
      kInputError,
      describe(
          {.place = name, .value = {}, .rule = error.what(), .remedy = "see " + name + " --help"}));
}

int parse_and_run(int argc, const char* const* argv) {
  CLI::App program(kDescription);
  Action chosen;
  build(program, chosen);
  try {
    program.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    const CLI::App& command = parsed_command(program);
    print(command.help(&command == &program ? "" : "memspice"));
    return kDone;
  } catch (const CLI::CallForVersion& version_text) {
    print(std::string(version_text.what()) + '\n');
    return kDone;
  } catch (const CLI::ParseError& error) {
    return reject_usage(program, error);
  }
  chosen();
  throw_if_interrupted();  // a command that was done before it looked was asked to stop all the
                           // same
  return kDone;
}

}  // namespace

int run_program(int argc, const char* const* argv) {
  ::signal(SIGPIPE, SIG_IGN);
  catch_interrupts();
  pin_blas_to_one_thread();
  sweep_temporary_folders();
  try {
    limit_vectors_by_environment();
    return parse_and_run(argc, argv);
  } catch (const Interrupted&) {
    std::fputs("memspice: interrupted\n", stderr);
    return kInterrupted;
  } catch (const InputError& error) {
    return fail(kInputError, error.what());
  } catch (const std::bad_alloc&) {
    return fail(kRunFailed, "out of memory; try fewer images, smaller tiles or --jobs 1");
  } catch (const std::exception& error) {
    return fail(kRunFailed, escape_controls(error.what()));
  }
}

}  // namespace memspice::cli
