#include <filesystem>

#include "cli/command.hpp"
#include "flow/plan.hpp"
#include "flow/run_flow.hpp"
#include "report/periphery_report.hpp"

namespace memspice::cli {
namespace {

constexpr const char* kCharacterizeExamples =
    "Puts tiles of each layer, all where that is quick, to ngspice on the network's own\n"
    "activations, fits the calibrated models and judges them on vectors and tiles that the\n"
    "fit has not seen. Writes\n"
    "characterization.json (every stimulus and answer) and the page report.html\n"
    "(characterization.html where the folder holds the page of a run), and keeps ngspice's "
    "answers\n"
    "in the store, which memspice simulate uses. Circuits of [periphery] are run over their input\n"
    "range and through a full step; periphery.json keeps what was measured.\n"
    "\n"
    "Examples:\n"
    "  memspice characterize flows/characterize_tile.toml\n"
    "  memspice characterize flows/characterize_tile.toml --set characterize.tiles=5\n"
    "  memspice characterize flows/periphery.toml";

/// What lies in the output folder now, and where the answers are kept.
std::string written(const config::FlowOptions& flow) {
  std::string text = "\nWritten: " + flow::characterization_page(flow.out).string();
  std::error_code ec;
  const std::filesystem::path measurements = flow.out / "characterization.json";
  if (std::filesystem::exists(measurements, ec)) text += ", " + measurements.string();
  return text + "; answers of ngspice are kept in " + flow::store_path(flow).string() + '\n';
}

void characterize(const FlowArguments& options) {
  const config::FlowOptions flow = load_options(options.flow, options.common);
  const bool has_network = !flow.network_file.empty();
  if (has_network) {
    const auto report = flow::characterize_flow(flow);
    for (const std::string& warning : report.warnings) warn(warning);
    tell(options.common, report::to_terminal(report) + written(flow));
    if (options.common.json) print(report::to_json(report));
  }
  if (has_network && flow.periphery.circuits.empty()) return;
  const auto models = flow::characterize_periphery(flow);
  tell(options.common,
       report::periphery_to_terminal(models) +
           "\nWritten: " + (flow.out / "periphery.json").string() + '\n');
  if (options.common.json && !has_network) print(report::periphery_to_json(models));
}

}  // namespace

Command characterize_command() {
  return on_flow({.name = "characterize",
                  .text = "Run tiles and circuits in ngspice, fit their models",
                  .examples = kCharacterizeExamples},
                 "Results folder (default: results/NAME)",
                 characterize);
}

}  // namespace memspice::cli
