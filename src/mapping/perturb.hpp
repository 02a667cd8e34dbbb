#pragma once
// A plan as one real chip holds it: the static effects of device/nonideality.hpp on every cell.

#include <cstdint>

#include "base/random.hpp"
#include "device/nonideality.hpp"
#include "mapping/tile_plan.hpp"

namespace memspice::mapping {

/// One chip, programmed once, looked at once. Each effect forks a stream of its own from `chip`
/// (device to device, stuck cells, drift exponents, open lines) or from `programming` (programming
/// error, cycle to cycle), named by effect and tile: switching one leaves the draws of the others.
struct ChipState {
  RandomStream chip;
  RandomStream programming;
  double time = 0.0;  ///< since programming [s]; read where drift is on
};
/// Chip and programming by number; the same numbers give the same draws.
ChipState draw_chip(std::uint64_t seed, std::uint64_t chip, std::uint64_t programming);

/// The plan with every tile's G and open lines as drawn; the same geometry and scales, because
/// neither the mapping nor the converters know what the cells became. Read noise is no part of it
/// (tile/noisy_tiles.hpp). Without an effect the same plan, bit for bit. A tile's replicas share
/// its draws: sub-images look at one sample of each kernel's cells.
TilePlan perturb(const TilePlan& plan,
                 const device::NonidealityOptions& options,
                 const ChipState& state);

/// G with the cells on open lines at zero: what ideal wires leave of the tile [S].
Eigen::MatrixXd connected_cells(const Tile& tile);

}  // namespace memspice::mapping
