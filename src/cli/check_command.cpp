#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "cli/command.hpp"
#include "flow/run_flow.hpp"

namespace memspice::cli {
namespace {

constexpr const char* kCheckExamples =
    "Reads the flow file, the network and the data, and checks that they fit together: layer "
    "names,\n"
    "shapes, files, ranges. Runs nothing.\n"
    "\n"
    "Example:\n"
    "  memspice check flows/lenet5_fashion.toml --set mapping.rows=128";

/// What was found in a single run, or in every variant.
std::vector<std::string> find_all(const FlowArguments& options) {
  const config::VariantFlow flow = load_study(options.flow, options.common);
  if (flow.variants.empty()) return flow::check_flow(load_options(options.flow, options.common));
  std::vector<std::string> found;
  for (const config::Variant& variant : flow.variants) {
    for (const std::string& line : flow::check_flow(variant.options)) {
      found.push_back(variant.name + ": " + line);
    }
  }
  return found;
}

void check(const FlowArguments& options) {
  const auto found = find_all(options);
  tell(options.common, join(found, "\n") + "\nThe flow can run.\n");
  if (options.common.json) {
    print(nlohmann::ordered_json{{"ok", true}, {"found", found}}.dump(2) + '\n');
  }
}

}  // namespace

Command check_command() {
  return on_flow({.name = "check",
                  .text = "Parse and cross-check a flow, run nothing",
                  .examples = kCheckExamples},
                 "Results folder that a run would use",
                 check);
}

}  // namespace memspice::cli
