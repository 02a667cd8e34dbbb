#pragma once
// Layers whose [path] is "bitstream": their kernels in a machine, and the study that [bitstream]
// asks for.

#include <optional>

#include "stochastic/cost.hpp"
#include "stochastic/options.hpp"
#include "study/study.hpp"

namespace memspice::study {

struct BitstreamOptions {
  stochastic::Options bitstream;
  std::optional<stochastic::GateCard> gates = {};  ///< where a layer takes that path
};

/// Adds the kernels of the layers that take that path, and the ranges of their inputs. Reads the
/// bench's network, calibration images and paths.
void add_bitstreams(const stochastic::Options& options, Bench& bench);

/// Accuracy by bits beside fixed point, faults, latency, area: bitstream layers as configured, all
/// other layers float. Nothing when no layer takes that path.
std::unique_ptr<const Study> make_bitstream_study(BitstreamOptions options);

}  // namespace memspice::study
