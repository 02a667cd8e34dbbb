#include <CLI/CLI.hpp>

#include "cli/command.hpp"
#include "flow/run_flow.hpp"

namespace memspice::cli {
namespace {

constexpr const char* kExamples =
    "Characterizes tiles in ngspice, fits the calibrated tile models, and scores the network as\n"
    "float, on ideal crossbars, with line resistance, and calibrated. Writes results.json and\n"
    "report.html into the output folder.\n"
    "\n"
    "Examples:\n"
    "  memspice run flows/lenet5_fashion.toml\n"
    "  memspice run flows/lenet5_fashion.toml --set array.wire=\"5 Ohm\" --out results/5_ohm\n"
    "  memspice run flows/lenet5_fashion.toml --set data.limit=1000 --json > result.json";

struct Options {
  CommonOptions common;
  std::string flow;
};

void run(const Options& options) {
  const config::FlowOptions flow = load_options(options.flow, options.common);
  const report::RunReport report = flow::run_flow(flow);
  tell(options.common,
       report::to_terminal(report) + "\nResults: " + (flow.out / "report.html").string() + ", " +
           (flow.out / "results.json").string() + '\n');
  if (options.common.json) print(report::to_json(report));
}

}  // namespace

void add_run(CLI::App& program, Action& chosen) {
  CLI::App* command = program.add_subcommand("run", "Characterize, simulate, report");
  const auto options = std::make_shared<Options>();
  add_flow_file(*command, options->flow);
  add_common(*command, options->common, "Results folder (default: results/NAME)");
  command->footer(kExamples);
  command->callback([options, &chosen] { chosen = [options] { run(*options); }; });
}

}  // namespace memspice::cli
