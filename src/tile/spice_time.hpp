#pragma once
// How long ngspice takes for a tile: a forecast from counts, good to a factor of about three.
//
// Sparse 1.3 orders and factors an array with line resistance once; each further vector of the same
// sweep reuses the order. Measured on ngspice 39, Debian 12, one core of an AMD EPYC 9004 at
// 2.6 GHz, linear cells:
//   first operating point   16 x 16 0.04 s, 32 x 32 0.15 s, 64 x 64 5 s, 128 x 128 93 s
//   each further vector     64 x 64 0.35 s, a fourteenth of the first
// Cells with a sinh take some four Newton steps a vector: LeNet-5's 10 tiles of at most 64 x 64
// with 24 vectors took 84 s on two cores, where linear ones would take some 30 s.
//
// With every node held (tile/pinned_solver.hpp) nothing is factorised, and all is proportional to
// the cells. Same processor, cells with a sinh, pieces of 256 cells, our own part included: see
// spice_time.cpp.

#include <Eigen/Core>

namespace memspice::tile {

/// One deck.
struct TileRun {
  Eigen::Index cells = 0;  ///< word lines x bit lines
  long vectors = 1;        ///< operating points of the sweep
  bool is_linear = false;  ///< ohmic cells
  bool has_wires = true;   ///< without them every cell stands alone, and large arrays are quick
  bool is_pinned = false;  ///< asked with every node held
  bool has_law = true;     ///< ours: else conductances of pinned tiles come from differences
};

/// Processor time of ngspice [s].
double forecast_seconds(const TileRun& run);

}  // namespace memspice::tile
