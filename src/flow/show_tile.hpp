#pragma once
// One crossbar of a network under an input that the network gives it.

#include <optional>
#include <string>

#include "config/flow_options.hpp"
#include "tile/cell_view.hpp"

namespace memspice::flow {

/// Which crossbar, and what drives it.
struct ShowRequest {
  std::string tile;           ///< "conv2:1:0" (layer, row, column of its tiles), or its name
  int image = 0;              ///< of the data that is scored, from 0
  std::optional<int> vector;  ///< of the image's at that layer, from 0; none: the strongest
  bool in_spice = false;      ///< whole circuit, by ngspice too
};

struct ShownTile {
  std::string name;      ///< "conv2_b0_r1_c0"
  int vector = 0;        ///< that was taken
  int vectors = 0;       ///< that the image gives the tile
  tile::CellView cells;  ///< as memspice solves them
  std::optional<tile::CellView> spice;
};

/// "conv2:1:0" is conv2_b0_r1_c0, "dw:3:0:0" is dw_b3_r0_c0; a name stands for itself.
std::string name_of_tile(const std::string& asked);

/// Maps the network and solves the tile's array, all nodes. Inputs are those of the float network.
/// Throws InputError for a layer, tile, image or vector that is not there.
ShownTile show_tile(const config::FlowOptions& options, const ShowRequest& request);

}  // namespace memspice::flow
