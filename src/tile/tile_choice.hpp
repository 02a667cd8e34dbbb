#pragma once
// Which tiles of a network are put to ngspice, and which of them no fit may see.

#include <cstdint>
#include <string>
#include <vector>

#include "mapping/tile_plan.hpp"
#include "tile/array.hpp"
#include "tile/characterization.hpp"
#include "tile/spice_method.hpp"
#include "tile/spice_time.hpp"

namespace memspice::tile {

/// A tile of the plan, where it belongs, and what it is for.
struct TileChoice {
  const mapping::LayerPlan* layer = nullptr;
  std::size_t layer_index = 0, block = 0;
  const mapping::Tile* tile = nullptr;
  bool is_held_out = false;              ///< of the fit
  std::vector<std::string> serves = {};  ///< layers that share the model
};

/// Those that share a model stand together. options.tiles: settled.
std::vector<TileChoice> choose_tiles(const mapping::TilePlan& plan,
                                     const CharacterizeOptions& options,
                                     std::uint64_t seed);

/// What ngspice has to do for one of them.
TileRun run_of(const mapping::Tile& tile,
               const Array& array,
               const CharacterizeOptions& options,
               SpiceMethod method);

/// Processor time of ngspice for a whole network that "auto" spends [s]: less than an accuracy on
/// 10,000 images takes.
inline constexpr double kSecondsForAll = 60.0;
/// Tiles per scope where all would take longer.
inline constexpr int kSampledTiles = 2;

/// `options` with kAutoTiles decided by forecast, never by a clock: all tiles of the plan, or
/// kSampledTiles per scope.
CharacterizeOptions settled(CharacterizeOptions options,
                            const mapping::TilePlan& plan,
                            const Array& array,
                            SpiceMethod method);

}  // namespace memspice::tile
