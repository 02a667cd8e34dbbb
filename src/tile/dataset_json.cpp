#include <nlohmann/json.hpp>

#include "tile/certificate_json.hpp"
#include "tile/characterization.hpp"

namespace memspice::tile {
namespace {

using Json = nlohmann::ordered_json;

/// A matrix as an array of rows.
Json rows_of(const Eigen::MatrixXd& matrix) {
  Json rows = Json::array();
  for (Eigen::Index r = 0; r < matrix.rows(); ++r) {
    const Eigen::VectorXd row = matrix.row(r);
    rows.push_back(std::vector<double>(row.begin(), row.end()));
  }
  return rows;
}

Json entry_of(const Measurement& m) {
  Json entry;
  entry["layer"] = m.layer;
  if (m.serves.size() > 1) entry["serves"] = m.serves;
  entry["tile"] = m.tile;
  entry["held_out_tile"] = m.held_out_tile;
  entry["vectors_fit"] = m.held_out_tile ? 0 : m.fit_count;
  entry["provenance"] = {{"deck_sha256", m.provenance.deck_sha256},
                         {"engine", m.provenance.engine},
                         {"card", m.provenance.card},
                         {"seed", m.provenance.seed}};
  entry["summary"] = {{"done", m.I.size() > 0},
                      {"message", m.summary.message},
                      {"seconds", m.summary.seconds},
                      {"attempts", m.summary.attempts},
                      {"saved_deck", m.summary.saved_deck}};
  if (m.certificate) entry["certificate"] = certificate_json(*m.certificate);
  entry["conductance_siemens"] = rows_of(m.G);
  entry["voltage_volt"] = rows_of(m.V.transpose());
  entry["current_ampere"] = rows_of(m.I.transpose());
  return entry;
}

/// What differs from one memristor per crossing, word lines that carry amplitudes, and
/// neighbouring bit lines.
void add_topology(Json& json, const Array& array) {
  const crossbar::Topology& topology = array.topology();
  if (array.has_access()) json["cell"] = device::cell_name(array.spec().access);
  if (topology.bit_lines_subtract()) json["pairs"] = topology.pairs();
  if (!topology.takes_signs()) json["source_line"] = topology.source_line_name();
  if (array.spec().pulse_bits > 0) json["pulse_bits"] = array.spec().pulse_bits;
}

}  // namespace

std::string to_json(const Dataset& dataset, const Array& array) {
  const crossbar::Wiring& wiring = array.wiring();
  Json json;
  json["array"] = {{"wire_row_ohm", wiring.row},
                   {"wire_column_ohm", wiring.column},
                   {"driver_ohm", wiring.driver},
                   {"sense_ohm", wiring.sense},
                   {"alpha_per_volt", array.spec().alpha},
                   {"read_voltage_volt", array.spec().read_voltage}};
  add_topology(json["array"], array);
  json["runs"] = dataset.runs;
  json["failed"] = dataset.failed;
  json["layout"] = "conductance: a row per word line; voltage and current: a row per vector";
  json["tiles"] = Json::array();
  for (const Measurement& measurement : dataset.measurements) {
    json["tiles"].push_back(entry_of(measurement));
  }
  return json.dump(1) + '\n';
}

}  // namespace memspice::tile
