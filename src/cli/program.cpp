#include "cli/program.hpp"

#include <signal.h>

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

/// completion and man tell of `program` itself.
void build(Command& program) {
  program = {.name = "memspice",
             .text = kDescription,
             .examples = kProgramExamples,
             .version = "memspice " + std::string(version())};
  program.commands = {run_command(),
                      check_command(),
                      characterize_command(),
                      simulate_command(),
                      export_command(),
                      solve_command(),
                      map_command(),
                      show_command(),
                      prune_command(),
                      device_command(),
                      spectral_command(),
                      stochastic_command(),
                      store_command(),
                      doctor_command(),
                      init_command(),
                      keys_command(),
                      completion_command(program),
                      man_command(program)};
}

int fail(int code, const std::string& message) {
  std::fprintf(stderr, "memspice: error: %s\n", message.c_str());
  return code;
}

int parse_and_run(int argc, const char* const* argv) {
  Command program;
  build(program);
  const Action action = parse_command_line(program, argc, argv);
  action();
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
