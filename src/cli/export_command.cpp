#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "base/files.hpp"
#include "base/text.hpp"
#include "cli/command.hpp"
#include "flow/run_flow.hpp"
#include "netlist/deck.hpp"

namespace memspice::cli {
namespace {

constexpr const char* kExamples =
    "Writes SPICE decks that stock ngspice -b runs as they are, with a manifest of what they "
    "hold; or the same in the words of Xyce or HSPICE.\n"
    "\n"
    "Examples:\n"
    "  memspice export flows/lenet5_fashion.toml --what tile:conv1:0:0 --out decks\n"
    "  memspice export flows/lenet5_fashion.toml --what layer:conv1 --images 2 --out decks\n"
    "  memspice export flows/lenet5_fashion.toml --what network --out decks\n"
    "  memspice export flows/lenet5_fashion.toml --what cell:static_read --dialect xyce";

struct Options {
  CommonOptions common;
  std::string flow;
  std::string what;
  std::string dialect = "ngspice";
  int images = 1;
  bool transistors = false;
};

void export_decks(const Options& options) {
  config::FlowOptions flow = load_options(options.flow, options.common);
  require_writable_folder(flow.out);
  const auto files =
      flow::export_flow(flow,
                        {.what = options.what,
                         .folder = flow.out.string(),
                         .dialect = netlist::parse_dialect(options.dialect, "--dialect"),
                         .images = options.images,
                         .transistors = options.transistors});
  tell(options.common, join(files, "\n") + '\n');
  if (options.common.json) print(nlohmann::ordered_json{{"files", files}}.dump(2) + '\n');
}

}  // namespace

void add_export(CLI::App& program, Action& chosen) {
  CLI::App* command =
      program.add_subcommand("export", "Write SPICE decks of tiles, layers, networks or cells");
  const auto options = std::make_shared<Options>();
  add_flow_file(*command, options->flow);
  command
      ->add_option(
          "--what", options->what, "tile:LAYER:ROW:COLUMN, layer:LAYER, network or cell:NAME")
      ->required()
      ->type_name("WHAT");
  command
      ->add_option(
          "--dialect", options->dialect, "ngspice, xyce or hspice: whose words the decks are in")
      ->capture_default_str();
  command
      ->add_option(
          "--images", options->images, "Of a layer or network: how many test images drive it")
      ->check(CLI::Range(1, 4096))
      ->capture_default_str();
  command->add_flag("--transistors",
                    options->transistors,
                    "Of a layer or network: op-amps, diodes and transistors, not their twins");
  add_variant(*command, options->common);
  add_common(*command, options->common, "Folder for the decks (default: results/NAME)");
  command->footer(kExamples);
  command->callback([options, &chosen] { chosen = [options] { export_decks(*options); }; });
}

}  // namespace memspice::cli
