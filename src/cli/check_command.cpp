#include <CLI/CLI.hpp>
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

struct CheckOptions {
  CommonOptions common;
  std::string flow;
};

/// What was found in a single run, or in every variant.
std::vector<std::string> find_all(const CheckOptions& options) {
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

void check(const CheckOptions& options) {
  const auto found = find_all(options);
  tell(options.common, join(found, "\n") + "\nThe flow can run.\n");
  if (options.common.json) {
    print(nlohmann::ordered_json{{"ok", true}, {"found", found}}.dump(2) + '\n');
  }
}

}  // namespace

void add_check(CLI::App& program, Action& chosen) {
  CLI::App* command = program.add_subcommand("check", "Parse and cross-check a flow, run nothing");
  const auto options = std::make_shared<CheckOptions>();
  add_flow_file(*command, options->flow);
  add_variant(*command, options->common);
  add_common(*command, options->common, "Results folder that a run would use");
  command->footer(kCheckExamples);
  command->callback([options, &chosen] { chosen = [options] { check(*options); }; });
}

}  // namespace memspice::cli
