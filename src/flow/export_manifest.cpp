#include "flow/export_manifest.hpp"

#include <nlohmann/json.hpp>

#include "base/csv.hpp"

namespace memspice::flow {
namespace {

using Json = nlohmann::ordered_json;

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
Json bias_json(const tile::Array& array, const mapping::Tile& tile) {
  if (!tile.has_bias) return nullptr;
  const std::vector<Eigen::Index> lines = array.topology().word_lines_of(tile.word_lines() - 1);
  return lines.size() == 1 ? Json(lines.front()) : Json(lines);
}

}  // namespace

Json device_json(const config::DeviceOptions& device, const device::Access& access) {
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
  json["access"] = std::visit([](const auto& kind) { return access_json(kind); }, access);
  return json;
}

Json array_json(const tile::Array& array, const std::string& topology) {
  const crossbar::Topology& lines = array.topology();
  return {{"topology", topology},
          {"pairs", lines.pairs()},
          {"source_line", lines.source_line_name()},
          {"input", array.input().name()},
          {"read_volt", array.spec().read_voltage},
          {"lines", lines.lines_text()}};
}

Json wiring_json(const crossbar::Wiring& wiring) {
  return {{"row", wiring.row},
          {"column", wiring.column},
          {"driver", wiring.driver},
          {"sense", wiring.sense}};
}

Json tile_json(const tile::Array& array, const mapping::Tile& tile) {
  const Eigen::MatrixXd cells = array.cells(tile.G);
  Json json{{"word_lines", cells.rows()},
            {"bit_lines", cells.cols()},
            {"first_input", tile.first_input},
            {"inputs", tile.inputs.empty() ? Json(nullptr) : Json(tile.inputs)},
            {"first_output", tile.first_output},
            {"outputs", tile.output_count},
            {"groups", tile.groups},
            {"bias_word_line", bias_json(array, tile)},
            {"open_word_lines", tile.open_word_lines},
            {"open_bit_lines", tile.open_bit_lines},
            {"conductance_file", tile.name + "_conductance.csv"}};
  json["memristor_file"] = array.has_access() ? Json(tile.name + "_memristor.csv") : Json(nullptr);
  return json;
}

std::vector<std::pair<std::string, std::string>> cell_files(const tile::Array& array,
                                                            const mapping::Tile& tile) {
  std::vector<std::pair<std::string, std::string>> files{
      {tile.name + "_conductance.csv",
       format_csv(array.cells(tile.G),
                  "conductance of each cell as a read shows it [S], a row per word line")}};
  if (!array.has_access()) return files;
  files.emplace_back(tile.name + "_memristor.csv",
                     format_csv(array.memristors(tile.G),
                                "conductance of each memristor [S], a row per word line"));
  return files;
}

}  // namespace memspice::flow
