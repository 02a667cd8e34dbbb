#include <cstdio>
#include <nlohmann/json.hpp>
#include <optional>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "cli/command.hpp"
#include "flow/run_flow.hpp"
#include "netlist/deck.hpp"

namespace memspice::cli {
namespace {

constexpr const char* kExportExamples =
    "Writes SPICE decks that stock ngspice -b runs as they are, with a manifest of what they "
    "hold; or the same in the words of Xyce or HSPICE.\n"
    "With --transistors ngspice solves stage after stage first, and the deck starts from there.\n"
    "\n"
    "Examples:\n"
    "  memspice export flows/lenet5_fashion.toml --what tile:conv1:0:0 --out decks\n"
    "  memspice export flows/lenet5_fashion.toml --what layer:conv1 --images 2 --out decks\n"
    "  memspice export flows/lenet5_fashion.toml --what network --out decks\n"
    "  memspice export flows/ckf_membranes.toml --what block:bottom_se_scale --positions 64\n"
    "  memspice export flows/variability_lenet5.toml --what tile:conv1:0:0 --chip 3 --out decks\n"
    "  memspice export flows/lenet5_fashion.toml --what cell:static_read --dialect xyce";

struct ExportOptions {
  CommonOptions common;
  std::string flow;
  std::string what;
  std::string dialect = "ngspice";
  int images = 1;
  std::optional<int> positions = std::nullopt;
  bool transistors = false;
  std::optional<int> chip = std::nullopt;
  std::optional<double> time = std::nullopt;
  bool programmed = false;
};

void require_images(int images) {
  if (images >= 1 && images <= 4096) return;
  reject("--images", std::to_string(images), "must be 1 to 4096", "");
}

void require_positions(const std::optional<int>& positions) {
  if (!positions || *positions >= 1) return;
  reject("--positions", std::to_string(*positions), "must be 1 or more", "leave it out for all");
}

void export_decks(const ExportOptions& options) {
  require_images(options.images);
  require_positions(options.positions);
  config::FlowOptions flow = load_options(options.flow, options.common);
  require_writable_folder(flow.out);
  const flow::Exported exported =
      flow::export_flow(flow,
                        {.what = options.what,
                         .folder = flow.out.string(),
                         .dialect = netlist::parse_dialect(options.dialect, "--dialect"),
                         .images = options.images,
                         .positions = options.positions.value_or(0),
                         .transistors = options.transistors,
                         .chip = options.chip,
                         .time = options.time,
                         .programmed = options.programmed});
  tell(options.common, join(exported.files, "\n") + '\n');
  for (const std::string& note : exported.notes) {
    std::fprintf(stderr, "memspice: note: %s\n", note.c_str());
  }
  if (!options.common.json) return;
  print(nlohmann::ordered_json{{"files", exported.files}, {"notes", exported.notes}}.dump(2) +
        '\n');
}

}  // namespace

Command export_command() {
  const auto options = std::make_shared<ExportOptions>();
  Command command{.name = "export",
                  .text = "Write SPICE decks of tiles, layers, networks or cells",
                  .examples = kExportExamples,
                  .run = [options] { export_decks(*options); }};
  add_flow_file(command, options->flow);
  command.add({
      {"--what",
       "WHAT",
       &options->what,
       "tile:LAYER:ROW:COLUMN, layer:LAYER, block:LAYER, network or cell:NAME",
       Need::Required},
      {"--dialect",
       "NAME",
       &options->dialect,
       "ngspice, xyce or hspice: whose words the decks are in"},
      {"--images",
       "N",
       &options->images,
       "Of a layer or network: how many test images drive it, 1 to 4096"},
      {"--positions",
       "N",
       &options->positions,
       "Of a layer or block: how many positions of each image pass, evenly spread; default all"},
      {"--transistors",
       "",
       &options->transistors,
       "Of a layer or network: op-amps, diodes and transistors, not their twins"},
      {"--chip", "K", &options->chip, "The cells of sample K of [monte_carlo], from 0"},
      {"--time", "SECONDS", &options->time, "Of that sample: since programming, default the first"},
      {"--programmed", "", &options->programmed, "The cells as [programming] leaves them"},
  });
  add_variant(command, options->common);
  add_common(command, options->common, "Folder for the decks (default: results/NAME)");
  return command;
}

}  // namespace memspice::cli
