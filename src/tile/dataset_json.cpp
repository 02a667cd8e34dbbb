#include <nlohmann/json.hpp>

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
  entry["conductance_siemens"] = rows_of(m.G);
  entry["voltage_volt"] = rows_of(m.V.transpose());
  entry["current_ampere"] = rows_of(m.I.transpose());
  return entry;
}

/// What differs from one memristor per crossing, word lines that carry amplitudes, and
/// neighbouring bit lines.
void add_topology(Json& array, const ArrayPhysics& physics) {
  if (physics.access.index() != 0) array["cell"] = device::cell_name(physics.access);
  if (physics.pairs == crossbar::PairLayout::SharedBitLine) array["pairs"] = "shared_bit_line";
  if (physics.source_line == synthesis::SourceLine::AlongBitLine) array["source_line"] = "separate";
  if (physics.pulse_bits > 0) array["pulse_bits"] = physics.pulse_bits;
}

}  // namespace

std::string to_json(const Dataset& dataset, const ArrayPhysics& physics) {
  Json json;
  json["array"] = {{"wire_row_ohm", physics.wiring.row},
                   {"wire_column_ohm", physics.wiring.column},
                   {"driver_ohm", physics.wiring.driver},
                   {"sense_ohm", physics.wiring.sense},
                   {"alpha_per_volt", physics.alpha},
                   {"read_voltage_volt", physics.read_voltage}};
  add_topology(json["array"], physics);
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
