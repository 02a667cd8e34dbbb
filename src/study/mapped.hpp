#pragma once
// The network laid onto crossbars, and the activations that calibration draws on.

#include "base/random.hpp"
#include "mapping/tile_plan.hpp"
#include "mapping/unfold.hpp"
#include "network/ranges.hpp"

namespace memspice::study {

struct Mapped {
  mapping::TilePlan plan;
  network::Activations activations;  ///< on the calibration images, at the DACs' percentile
};

/// A layer's block inputs on the calibration images as word-line voltages, `count` vectors drawn at
/// random: (input_count + 1) x count [V].
mapping::FloatMatrix sample_voltages(const Mapped& mapped,
                                     const network::Graph& graph,
                                     const mapping::LayerPlan& layer,
                                     const mapping::Block& block,
                                     int count,
                                     RandomStream random);

}  // namespace memspice::study
