#include <CLI/CLI.hpp>
#include <algorithm>

#include "base/error.hpp"
#include "cli/command.hpp"
#include "flow/run_flow.hpp"
#include "flow/run_variants.hpp"

namespace memspice::cli {
namespace {

constexpr const char* kExamples =
    "Characterizes tiles in ngspice, fits the calibrated tile models, and scores the network as\n"
    "float, on ideal crossbars, with line resistance, and calibrated. Writes results.json and\n"
    "report.html into the output folder. A flow that holds variants runs them all, each into a\n"
    "folder of its own, and lays them side by side.\n"
    "\n"
    "Examples:\n"
    "  memspice run flows/lenet5_fashion.toml\n"
    "  memspice run flows/lenet5_fashion.toml --set array.wire=\"5 Ohm\" --out results/5_ohm\n"
    "  memspice run flows/lenet5_fashion.toml --set data.limit=1000 --json > result.json\n"
    "  memspice run flows/subimage_resnet20.toml --variant \"ratio 0.5\"";

struct Options {
  CommonOptions common;
  std::string flow;
};

void run_single(const Options& options) {
  const config::FlowOptions flow = load_options(options.flow, options.common);
  const report::RunReport report = flow::run_flow(flow);
  tell(options.common,
       report::to_terminal(report) + "\nResults: " + (flow.out / "report.html").string() + ", " +
           (flow.out / "results.json").string() + '\n');
  if (options.common.json) print(report::to_json(report));
}

void require_success(const report::Study& study) {
  const auto failed = std::count_if(
      study.rows.begin(), study.rows.end(), [](const auto& row) { return !row.failure.empty(); });
  if (failed == 0) return;
  throw RunError(
      {.place = study.flow,
       .value = std::to_string(failed) + " of " + std::to_string(study.rows.size()) + " variants",
       .rule = "failed; the others' results are whole",
       .remedy = "see the table for the reasons"});
}

void run_study(const Options& options, const config::VariantFlow& flow) {
  const auto folder = study_folder(options.flow, options.common);
  const report::Study study = flow::run_variants(
      flow, folder, [&](const std::string& line) { announce(options.common, line); });
  tell(options.common,
       report::study_text(study) + "\nResults: " + (folder / "report.html").string() + ", " +
           (folder / "results.json").string() + '\n');
  if (options.common.json) print(report::study_json(study));
  require_success(study);
}

void run(const Options& options) {
  const config::VariantFlow flow = load_study(options.flow, options.common);
  if (flow.variants.empty()) return run_single(options);
  run_study(options, flow);
}

}  // namespace

void add_run(CLI::App& program, Action& chosen) {
  CLI::App* command = program.add_subcommand("run", "Characterize, simulate, report");
  const auto options = std::make_shared<Options>();
  add_flow_file(*command, options->flow);
  add_variant(*command, options->common);
  add_common(*command, options->common, "Results folder (default: results/NAME)");
  command->footer(kExamples);
  command->callback([options, &chosen] { chosen = [options] { run(*options); }; });
}

}  // namespace memspice::cli
