#pragma once
// Read noise on top of any tiles, exact in distribution without a draw per cell and vector.
//
//   Gaussian:  D_j <- D_j + sqrt(sum_i V_i^2 (s_i,2j^2 + s_i,2j+1^2)) z
//              z standard normal, one per output and vector: a sum of independent Gaussians is one
//   telegraph: D_j <- D_j - sum_i V_i a (b_i,2j G_i,2j - b_i,2j+1 G_i,2j+1)
//              b = 1 with the given probability, one per cell and image: a trap holds its state
//              during an image and has forgotten it by the next
//
// The draws of a read follow from seed, tile and the read's number alone: the same for any number
// of jobs and any batch. Differs from the array: a cell's noise enters at its word line's drive
// voltage, as ohmic and without the loss in the wires, which overstates it by the share that the
// wires take.

#include <memory>

#include "base/random.hpp"
#include "device/nonideality.hpp"
#include "tile/layer_tiles.hpp"

namespace memspice::tile {

/// What the noise of a layer is made of.
struct NoiseSource {
  const mapping::LayerPlan* layer = nullptr;  ///< the cells as they are; read when tiles are made
  device::ReadNoise noise;
  RandomStream random;  ///< forked by tile
};

/// `quiet` with read noise added; `quiet` itself when the noise is off.
std::shared_ptr<const LayerTiles> add_read_noise(std::shared_ptr<const LayerTiles> quiet,
                                                 const NoiseSource& source);

}  // namespace memspice::tile
