
#include "cli/command.hpp"
#include "cli/result_folder.hpp"
#include "flow/run_flow.hpp"

namespace memspice::cli {
namespace {

constexpr const char* kSimulateExamples =
    "Scores the network on the tile models of a former memspice characterize (or run) in the same\n"
    "output folder; ngspice is not needed.\n"
    "\n"
    "Example:\n"
    "  memspice characterize flows/lenet5_fashion.toml --out results/lenet5\n"
    "  memspice simulate flows/lenet5_fashion.toml --out results/lenet5 --set data.limit=1000";

void simulate(const FlowArguments& options) {
  const config::FlowOptions flow = load_options(options.flow, options.common);
  ResultFolder folder(flow.out, run_identity(options.flow, options.common), options.common);
  const auto report = flow::simulate_flow(flow);
  folder.keep();
  if (!folder.notice().empty()) warn(folder.notice());
  for (const std::string& warning : report.warnings) warn(warning);
  tell(options.common, report::to_terminal(report));
  if (options.common.json) print(report::to_json(report));
}

}  // namespace

Command simulate_command() {
  return on_flow({.name = "simulate",
                  .text = "Score the network on stored tile models",
                  .examples = kSimulateExamples},
                 "Results folder that holds characterization.json",
                 simulate);
}

}  // namespace memspice::cli
