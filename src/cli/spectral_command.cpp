#include "cli/spectral_command.hpp"

#include <filesystem>

#include "base/files.hpp"
#include "flow/plan.hpp"
#include "report/spectral_cost.hpp"
#include "study/spectral_optimize.hpp"

namespace memspice::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* kCostExamples =
    "Counts what a network takes in the spectrum: that of a spectral file, the twin of an "
    "ordinary\n"
    "one, or the shape that [spectral] describes. Fused layers compute only the bins that pooling\n"
    "keeps.\n"
    "\n"
    "Examples:\n"
    "  memspice spectral cost flows/spectral_lenet5.toml\n"
    "  memspice spectral cost flows/lenet5_fashion.toml --unfused --json\n"
    "  memspice spectral cost shape.toml --set spectral.storage=half "
    "--set spectral.activation=modrelu";

constexpr const char* kOptimizeExamples =
    "Enumerates smaller networks (smaller spectra, fewer maps, both) and ranks them by cost "
    "before\n"
    "any training. Those whose trained files [spectral] trained finds are scored and timed on "
    "this\n"
    "machine; for the others the command that trains them is shown. Writes optimize.json and\n"
    "optimize.html.\n"
    "\n"
    "Examples:\n"
    "  memspice spectral optimize flows/spectral_lenet5.toml\n"
    "  memspice spectral optimize flows/spectral_lenet5.toml --set spectral.max_accuracy_loss=0.01";

struct CostOptions {
  CommonOptions common;
  std::string flow;
  bool fused = false, unfused = false;
};

void count(const CostOptions& options) {
  const config::FlowOptions flow = load_options(options.flow, options.common);
  const study::SpectralSearch search = flow::spectral_search(flow);
  const report::SpectralCost cost = report::spectral_cost(
      study::with_fusion(study::spectral_architecture(search), !options.unfused),
      !options.unfused,
      search.card,
      search.options.lanes);
  const std::string json = report::to_json(cost);
  tell(options.common, report::spectral_cost_text(cost));
  if (!options.common.out.empty()) {
    write_file(fs::path(options.common.out) / "spectral_cost.json", json);
  }
  if (options.common.json) print(json);
}

void optimize(const FlowArguments& options) {
  const config::FlowOptions flow = load_options(options.flow, options.common);
  const report::SpectralOptimum optimum = study::optimize_spectral(flow::spectral_search(flow));
  const std::string json = report::to_json(optimum);
  write_file(flow.out / "optimize.json", json);
  write_file(flow.out / "optimize.html", report::spectral_optimum_html(optimum));
  tell(options.common, report::spectral_optimum_text(optimum));
  tell(options.common, "\nWrote " + (flow.out / "optimize.html").string() + "\n");
  if (options.common.json) print(json);
}

Command optimize_command() {
  return on_flow({.name = "spectral optimize",
                  .text = "Smaller networks by cost, accuracy and throughput",
                  .examples = kOptimizeExamples},
                 "Folder for optimize.json and optimize.html",
                 optimize);
}

Command cost_command() {
  const auto options = std::make_shared<CostOptions>();
  Command command{.name = "spectral cost",
                  .text = "Operations and memory words per layer",
                  .examples = kCostExamples,
                  .run = [options] { count(*options); }};
  add_flow_file(command, options->flow);
  add_variant(command, options->common);
  add_common(command, options->common, "Also write spectral_cost.json into this folder");
  command.add({
      {"--fused", "", &options->fused, "Convolution and pooling in one (default)"},
      {"--unfused",
       "",
       &options->unfused,
       "Every bin that a layer is given",
       Need::Optional,
       {"--fused"}},
  });
  return command;
}

}  // namespace

Command spectral_command() {
  return {.name = "spectral",
          .text = "Networks that compute in the spectrum: cost, optimiser",
          .commands = {cost_command(), optimize_command()}};
}

}  // namespace memspice::cli
