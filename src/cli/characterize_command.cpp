#include <CLI/CLI.hpp>

#include "cli/command.hpp"
#include "flow/run_flow.hpp"

namespace memspice::cli {
namespace {

constexpr const char* kExamples =
    "Runs a sample of tiles of each layer in ngspice on the network's own activations, fits the\n"
    "calibrated models and judges them on vectors and tiles that the fit has not seen. Writes\n"
    "characterization.json, which memspice simulate uses.\n"
    "\n"
    "Examples:\n"
    "  memspice characterize flows/characterize_tile.toml\n"
    "  memspice characterize flows/characterize_tile.toml --set characterize.tiles=5";

struct Options {
  CommonOptions common;
  std::string flow;
};

void characterize(const Options& options) {
  const auto report = flow::characterize_flow(load_options(options.flow, options.common));
  tell(options.common, report::to_terminal(report));
  if (options.common.json) print(report::to_json(report));
}

}  // namespace

void add_characterize(CLI::App& program, Action& chosen) {
  CLI::App* command =
      program.add_subcommand("characterize", "Run tiles in ngspice and fit their models");
  const auto options = std::make_shared<Options>();
  add_flow_file(*command, options->flow);
  add_common(*command, options->common, "Results folder (default: results/NAME)");
  command->footer(kExamples);
  command->callback([options, &chosen] { chosen = [options] { characterize(*options); }; });
}

}  // namespace memspice::cli
