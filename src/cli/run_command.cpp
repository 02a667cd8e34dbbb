#include <algorithm>

#include "base/error.hpp"
#include "cli/command.hpp"
#include "cli/result_folder.hpp"
#include "flow/run_flow.hpp"
#include "flow/run_variants.hpp"

namespace memspice::cli {
namespace {

constexpr const char* kRunExamples =
    "Characterizes tiles in ngspice, fits the calibrated tile models, and scores the network as\n"
    "float, on ideal crossbars, with line resistance, and calibrated. Writes results.json and\n"
    "report.html into the output folder. A flow that holds variants runs them all, each into a\n"
    "folder of its own, and lays them side by side. Runs with --set have a folder of their own, "
    "and\n"
    "share the flow's store of tiles; results of another run that lie in a folder are kept there "
    "in\n"
    "earlier-1, earlier-2 and so on.\n"
    "\n"
    "Examples:\n"
    "  memspice run flows/lenet5_fashion.toml\n"
    "  memspice run flows/lenet5_fashion.toml --set array.wire=\"5 Ohm\" --out results/5_ohm\n"
    "  memspice run flows/lenet5_fashion.toml --set data.limit=1000 --json > result.json\n"
    "  memspice run flows/subimage_resnet20.toml --variant \"ratio 0.5\"";

/// What a person has to know even with --quiet.
void warn_of(const ResultFolder& folder, const report::RunReport& report) {
  if (!folder.notice().empty()) warn(folder.notice());
  for (const std::string& warning : report.warnings) warn(warning);
}

void run_single(const FlowArguments& options) {
  const config::FlowOptions flow = load_options(options.flow, options.common);
  ResultFolder folder(flow.out, run_identity(options.flow, options.common), options.common);
  const report::RunReport report = flow::run_flow(flow);
  folder.keep();
  warn_of(folder, report);
  tell(options.common,
       report::to_terminal(report) + "\nResults: " + (flow.out / "report.html").string() + ", " +
           (flow.out / "results.json").string() + '\n');
  if (options.common.json) print(report::to_json(report));
}

void require_every_run(const report::Study& study) {
  const auto failed = std::count_if(
      study.rows.begin(), study.rows.end(), [](const auto& row) { return !row.failure.empty(); });
  if (failed == 0) return;
  throw RunError(
      {.place = study.flow,
       .value = std::to_string(failed) + " of " + std::to_string(study.rows.size()) + " variants",
       .rule = "failed; the others' results are whole",
       .remedy = "see the table for the reasons"});
}

void run_study(const FlowArguments& options, const config::VariantFlow& flow) {
  const auto folder = study_folder(options.flow, options.common);
  ResultFolder results(folder, run_identity(options.flow, options.common), options.common);
  const report::Study study = flow::run_variants(
      flow, folder, [&](const std::string& line) { announce(options.common, line); });
  results.keep();
  if (!results.notice().empty()) warn(results.notice());
  for (const report::StudyRow& row : study.rows) {
    if (!row.report) continue;
    for (const std::string& warning : row.report->warnings) warn(row.name + ": " + warning);
  }
  tell(options.common,
       report::study_text(study) + "\nResults: " + (folder / "report.html").string() + ", " +
           (folder / "results.json").string() + '\n');
  if (options.common.json) print(report::to_json(study));
  require_every_run(study);
}

void run(const FlowArguments& options) {
  const config::VariantFlow flow = load_study(options.flow, options.common);
  if (flow.variants.empty()) return run_single(options);
  run_study(options, flow);
}

}  // namespace

Command run_command() {
  return on_flow(
      {.name = "run", .text = "Characterize, simulate, report", .examples = kRunExamples},
      "Results folder (default: results/NAME, with --set results/NAME+KEY=VALUE)",
      run);
}

}  // namespace memspice::cli
