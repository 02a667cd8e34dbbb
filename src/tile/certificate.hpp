#pragma once
// How far an answer can be from the circuit's true operating point, from Kirchhoff's residual
// alone.
//
//   sum_j |I_j(x) - I_j(x*)|  <=  sum_k |F_k(x)|
//
// x: node voltages, F_k: current left over at node k [A] as ngspice computes it from the complete
// deck, x*: where all F_k are 0. It holds for cells whose current does not fall as a voltage rises:
// F(x) - F(x*) = J (x - x*), J has non-negative conductances (mean values) and is grounded through
// drivers and senses, so that a current injected at a node leaves through them in shares between 0
// and 1 that add up to 1. Cells need not be symmetric: what a cell takes from one end it gives to
// the other, and the shares add up along the columns of J.

#include <cmath>

namespace memspice::tile {

struct Certificate {
  double bound = std::nan("");     ///< of all output currents of a vector together, its worst [A]
  double relative = std::nan("");  ///< bound / the tile's largest output current
  double residual = 0.0;           ///< the largest |F_k| [A]
  int corrections = 0;             ///< Newton steps from our own solution
  long evaluations = 0;            ///< points for which ngspice gave all F_k
  bool monotone = true;            ///< false: a cell's current was found to fall; then no bound
};

/// What holds for both: the larger bounds, none where one has none, all evaluations together.
Certificate worst_of(const Certificate& a, const Certificate& b);

}  // namespace memspice::tile
