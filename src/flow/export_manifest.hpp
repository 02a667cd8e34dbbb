#pragma once
// What the manifests of tiles, layers and networks say in the same words.

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <utility>
#include <vector>

#include "flow/export_plan.hpp"

namespace memspice::flow {

/// Memristor and access device of a cell.
nlohmann::ordered_json device_json(const config::DeviceOptions& device,
                                   const device::Access& access);
/// Topology, pairs, source line and input: how cells and lines lie, and what drives them.
/// `topology`: as the flow calls it, "1t1r".
nlohmann::ordered_json array_json(const tile::Array& array, const std::string& topology);
/// The four resistances around the cells [Ohm].
nlohmann::ordered_json wiring_json(const crossbar::Wiring& wiring);

/// A tile as the array that it is in a deck: its lines, what they carry, and the files of its
/// cells.
nlohmann::ordered_json tile_json(const tile::Array& array, const mapping::Tile& tile);

/// Those files by name, as text: the conductance of each whole cell as a read shows it, in the
/// array's lines; and of the memristors alone where something lies in series.
std::vector<std::pair<std::string, std::string>> cell_files(const tile::Array& array,
                                                            const mapping::Tile& tile);

}  // namespace memspice::flow
