// memspice show: one crossbar of a network, cell by cell.

#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/units.hpp"
#include "cli/command.hpp"
#include "flow/show_tile.hpp"
#include "report/tile_maps.hpp"

namespace memspice::cli {
namespace {

constexpr const char* kShowExamples =
    "Solves one crossbar of a network under an input that an image gives it, and draws or writes\n"
    "every cell: conductance, node voltages, what wires keep from it, current. The end of --out\n"
    "says how: .svg a picture, .csv a row per cell, .npz arrays for NumPy.\n"
    "\n"
    "Examples:\n"
    "  memspice show flows/lenet5_fashion.toml --tile fc1:2:1 --out fc1.svg\n"
    "  memspice show flows/lenet5_fashion.toml --tile conv2:0:0 --image 7 --vector 12 --out c.npz\n"
    "  memspice show flows/lenet5_fashion.toml --tile conv1:0:0 --spice --out conv1.svg";

struct ShowOptions {
  CommonOptions common;
  std::string flow;
  flow::ShowRequest request;
};

using Write = std::string (*)(const flow::ShownTile&);

/// How a file of that name is written; none where nothing is asked for.
Write writer_of(const std::string& file) {
  if (file.empty()) return nullptr;
  if (file.ends_with(".svg")) {
    return [](const flow::ShownTile& shown) {
      return report::draw_tile_file(shown.cells, shown.spice, shown.name);
    };
  }
  if (file.ends_with(".csv")) {
    return
        [](const flow::ShownTile& shown) { return report::tile_table(shown.cells, shown.spice); };
  }
  if (file.ends_with(".npz")) {
    return
        [](const flow::ShownTile& shown) { return report::tile_archive(shown.cells, shown.spice); };
  }
  throw InputError({.place = "--out",
                    .value = file,
                    .rule = "must end in .svg, .csv or .npz",
                    .remedy = "for example --out tile.svg"});
}

/// The largest difference of a cell's current from ngspice's [A].
double spice_error(const flow::ShownTile& shown) {
  return (shown.spice->current - shown.cells.current).cwiseAbs().maxCoeff();
}

std::string describe(const flow::ShownTile& shown) {
  const tile::CellView& cells = shown.cells;
  std::string text = shown.name + ": " + std::to_string(cells.G.rows()) + " x " +
                     std::to_string(cells.G.cols()) + ", vector " + std::to_string(shown.vector) +
                     " of " + std::to_string(shown.vectors) + "; at most " +
                     format_quantity(cells.lost.maxCoeff(), Unit::Volt, 3) +
                     " lost to wires, currents of cells up to " +
                     format_quantity(cells.current.cwiseAbs().maxCoeff(), Unit::Ampere, 3);
  if (shown.spice) {
    text += ", in ngspice within " + format_quantity(spice_error(shown), Unit::Ampere, 2);
  }
  return text + '\n';
}

nlohmann::ordered_json to_json(const ShowOptions& options, const flow::ShownTile& shown) {
  nlohmann::ordered_json json{{"tile", shown.name},
                              {"word_lines", shown.cells.G.rows()},
                              {"bit_lines", shown.cells.G.cols()},
                              {"image", options.request.image},
                              {"vector", shown.vector},
                              {"vectors", shown.vectors},
                              {"most_voltage_lost", shown.cells.lost.maxCoeff()},
                              {"largest_current", shown.cells.current.cwiseAbs().maxCoeff()},
                              {"largest_spice_error", nullptr},
                              {"out", options.common.out}};
  if (shown.spice) json["largest_spice_error"] = spice_error(shown);
  return json;
}

void show(const ShowOptions& options) {
  const Write write = writer_of(options.common.out);
  CommonOptions common = options.common;
  common.out.clear();  // a file here, elsewhere the folder of a run
  const flow::ShownTile shown =
      flow::show_tile(load_options(options.flow, common), options.request);
  if (write != nullptr) write_file(options.common.out, write(shown));
  tell(options.common, describe(shown));
  if (options.common.json) print(to_json(options, shown).dump() + '\n');
}

}  // namespace

Command show_command() {
  const auto options = std::make_shared<ShowOptions>();
  Command command{.name = "show",
                  .text = "One crossbar of a network, cell by cell",
                  .examples = kShowExamples,
                  .run = [options] { show(*options); }};
  options->common.command = command.name;
  add_flow_file(command, options->flow);
  command.add(
      {{"--tile",
        "LAYER:ROW:COL",
        &options->request.tile,
        "Which, by layer and place among its tiles; of grouped layers LAYER:BLOCK:ROW:COL",
        Need::Required},
       {"--image", "N", &options->request.image, "Of the scored images, from 0 (default: 0)"},
       {"--vector",
        "N",
        &options->request.vector,
        "Of those that the image gives the layer, from 0 (default: the strongest)"},
       {"--spice", "", &options->request.in_spice, "Solve the whole array in ngspice too"}});
  add_variant(command, options->common);
  add_common(command, options->common, "File for the cells: .svg, .csv or .npz");
  return command;
}

}  // namespace memspice::cli
