#pragma once
// One array as pictures: where its conductances lie, where its wires take voltage, and where its
// current flows.

#include <optional>
#include <string>
#include <vector>

#include "report/heat_map.hpp"
#include "tile/cell_view.hpp"

namespace memspice::report {

/// Conductance, voltage lost and current of every cell, each as the array lies.
std::vector<HeatMap> tile_maps(const tile::CellView& view);
/// Current of every cell in ngspice less what memspice says of it.
HeatMap spice_error_map(const tile::CellView& view, const tile::CellView& spice);

/// A picture of all of them in full, for a file.
std::string draw_tile_file(const tile::CellView& view,
                           const std::optional<tile::CellView>& spice,
                           const std::string& title);
/// A row per cell: its word line, bit line, conductance, node voltages, lost voltage, current, and
/// the current in ngspice where that was asked.
std::string tile_table(const tile::CellView& view, const std::optional<tile::CellView>& spice);
/// The same as arrays for NumPy.
std::string tile_archive(const tile::CellView& view, const std::optional<tile::CellView>& spice);

}  // namespace memspice::report
