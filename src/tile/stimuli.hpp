#pragma once
// The voltage vectors that a tile is characterized with.

#include <Eigen/Core>

#include "base/random.hpp"
#include "mapping/tile_plan.hpp"
#include "mapping/unfold.hpp"

namespace memspice::tile {

struct StimulusCounts {
  int fitted = 16;   ///< corner vectors first, then the network's own
  int held_out = 8;  ///< the network's own only
};

/// Corner vectors of a tile: all word lines at read voltage, all at half of it, every other one,
/// and one alone at the far end; with bipolar drive also their alternating signs.
/// Returns word_lines x corners [V].
Eigen::MatrixXd corner_vectors(int word_lines, double read_voltage, bool is_signed);

/// How many vectors corner_vectors gives.
int corner_count(bool is_signed);

/// word_lines x (fitted + held_out) [V]. The network's own vectors are drawn without repetition
/// from the distinct, non-zero columns of `samples` (input_count + 1 x samples [V]); where the
/// network has too few, vectors with uniformly random voltages make up the number, so that no
/// held-out vector is ever one that was fitted to.
Eigen::MatrixXd choose_stimuli(const mapping::TilePlan& plan,
                               const mapping::LayerPlan& layer,
                               const mapping::Tile& tile,
                               const mapping::FloatMatrix& samples,
                               StimulusCounts counts,
                               RandomStream random);

}  // namespace memspice::tile
