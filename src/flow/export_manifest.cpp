#include "flow/export_manifest.hpp"

#include <nlohmann/json.hpp>

#include "base/csv.hpp"
#include "study/variability.hpp"
#include "tile/tile_bench.hpp"

namespace memspice::flow {
namespace {

using Json = nlohmann::ordered_json;

bool is_shared(const config::FlowOptions& options) {
  return options.array.pairs == crossbar::PairLayout::SharedBitLine;
}

bool is_bare(const config::FlowOptions& options) {
  return std::holds_alternative<std::monostate>(options.array.access);
}

Json access_json(std::monostate) {
  return nullptr;
}

Json access_json(const device::AccessTransistor& transistor) {
  return {{"kind", "transistor"},
          {"transconductance", transistor.transconductance},
          {"width_metre", transistor.width},
          {"length_metre", transistor.length},
          {"threshold_volt", transistor.threshold},
          {"modulation_per_volt", transistor.modulation},
          {"gate_on_volt", transistor.gate_voltage},
          {"gate_off_volt", transistor.gate_off}};
}

Json access_json(const device::ExponentialSelector& selector) {
  return {{"kind", "exponential"}, {"i_0_ampere", selector.I_0}, {"v_0_volt", selector.V_0}};
}

Json access_json(const device::ThresholdSelector& selector) {
  return {{"kind", "threshold"},
          {"g_off_siemens", selector.G_off},
          {"g_on_siemens", selector.G_on},
          {"threshold_volt", selector.threshold},
          {"sharpness_volt", selector.sharpness}};
}

/// The array's word lines that carry the bias: one, or both signs of a pair.
Json bias_json(const config::FlowOptions& options, const mapping::Tile& tile) {
  if (!tile.has_bias) return nullptr;
  const int last = tile.word_lines() - 1;
  if (is_shared(options)) return {2 * last, 2 * last + 1};
  return last;
}

}  // namespace

Json device_json(const config::FlowOptions& options) {
  const config::DeviceOptions& device = options.device;
  Json json{{"model", device.model},
            {"card", device.card},
            {"g_min_siemens", device.window.g_min},
            {"g_max_siemens", device.window.g_max},
            {"levels", device.window.levels}};
  if (device.cell == nullptr) {
    json["alpha_per_volt"] = device.alpha;
  } else {
    json["subcircuit"] = device.cell->definition.name;
  }
  json["access"] =
      std::visit([](const auto& access) { return access_json(access); }, options.array.access);
  return json;
}

Json array_json(const config::FlowOptions& options) {
  const bool separate = options.array.source_line == synthesis::SourceLine::AlongBitLine;
  Json json{{"topology", options.array.topology},
            {"pairs", is_shared(options) ? "shared_bit_line" : "neighbouring_bit_lines"},
            {"source_line", separate ? "separate" : "shared"},
            {"input", options.array.pulses ? "pulses" : "amplitude"},
            {"read_volt", options.array.read_voltage}};
  json["lines"] = is_shared(options)
                      ? "word lines 2i (+V) and 2i+1 (-V) carry input i; bit line j is output "
                        "first_output + j"
                      : "word line i carries input i; bit lines 2j (+) and 2j+1 (-) are output "
                        "first_output + j";
  if (separate) json["lines"] = json["lines"].get<std::string>() + "; word lines are gates";
  return json;
}

Json wiring_json(const crossbar::Wiring& wiring) {
  return {{"row", wiring.row},
          {"column", wiring.column},
          {"driver", wiring.driver},
          {"sense", wiring.sense}};
}

Json tile_json(const config::FlowOptions& options, const mapping::Tile& tile) {
  Json json{{"word_lines", (is_shared(options) ? 2 : 1) * tile.word_lines()},
            {"bit_lines", is_shared(options) ? tile.bit_lines() / 2 : tile.bit_lines()},
            {"first_input", tile.first_input},
            {"inputs", tile.inputs.empty() ? Json(nullptr) : Json(tile.inputs)},
            {"first_output", tile.first_output},
            {"outputs", tile.output_count},
            {"bias_word_line", bias_json(options, tile)},
            {"open_word_lines", tile.open_word_lines},
            {"open_bit_lines", tile.open_bit_lines},
            {"conductance_file", tile.name + "_conductance.csv"}};
  json["memristor_file"] = is_bare(options) ? Json(nullptr) : Json(tile.name + "_memristor.csv");
  return json;
}

std::vector<std::pair<std::string, std::string>> cell_files(const config::FlowOptions& options,
                                                            const mapping::Tile& tile) {
  const tile::ArrayPhysics physics = physics_of(options);
  std::vector<std::pair<std::string, std::string>> files{
      {tile.name + "_conductance.csv",
       format_csv(tile::array_cells(tile.G, physics),
                  "conductance of each cell as a read shows it [S], a row per word line")}};
  if (is_bare(options)) return files;
  files.emplace_back(tile.name + "_memristor.csv",
                     format_csv(tile::array_spec(tile.name, tile.G, physics).G,
                                "conductance of each memristor [S], a row per word line"));
  return files;
}

tile::ArrayPhysics physics_of(const config::FlowOptions& options, const mapping::Tile& tile) {
  tile::ArrayPhysics physics = physics_of(options);
  physics.wiring = study::connected_wiring(tile, physics.wiring);
  return physics;
}

}  // namespace memspice::flow
