#pragma once
// All tiles of one layer behind one call, so that whoever answers can see all the work at once:
// behavioural models answer one by one, ngspice in parallel and each distinct vector once.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "mapping/tile_plan.hpp"
#include "tile/measure.hpp"
#include "tile/model.hpp"

namespace memspice::tile {

/// Voltages for one tile of the layer.
struct Request {
  std::size_t block = 0, tile = 0;  ///< indices in the layer's plan
  Eigen::Ref<const FloatMatrix> V;  ///< word_lines x vectors [V]
  /// Number of the first vector among all that the data set drives the tile with, image by image:
  /// what names a read, whichever batch carries it.
  std::uint64_t first_vector = 0;
  /// How many neighbours in V are of one image; 0: all that an image drives the tile with. Fewer:
  /// the next image's first is as many numbers on as an image has in all.
  std::uint64_t vectors_of_image = 0;
};

class LayerTiles {
 public:
  virtual ~LayerTiles() = default;
  /// D[k] answers requests[k]: outputs x vectors [A]. Safe to call from many threads. Throws
  /// RunError when a simulator fails: there is no stand-in for its answer.
  virtual void respond(std::span<const Request> requests, std::span<FloatMatrix> D) const = 0;
  /// How many voltages a call should carry; 0: a whole batch.
  virtual std::size_t preferred_floats() const noexcept = 0;
};

/// One behavioural model per tile, models[block][tile] in the plan's order.
using Models = std::vector<std::vector<std::unique_ptr<const Model>>>;
std::unique_ptr<LayerTiles> make_behavioural_tiles(Models models);

/// ngspice in the loop. `layer` and what `spice` points at must outlive it; calls take turns.
std::unique_ptr<LayerTiles> make_spice_tiles(const mapping::LayerPlan& layer,
                                             const Array& array,
                                             const Spice& spice);

}  // namespace memspice::tile
