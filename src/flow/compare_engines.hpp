#pragma once
// Both engines on every model: the table of `memspice device compare`.

#include <string>
#include <vector>

#include "device/trace_difference.hpp"
#include "engine/engine.hpp"

namespace memspice::flow {

/// One line of the comparison of both engines.
struct EngineAgreement {
  std::string model, card, drive;
  device::TraceDifference difference;
  /// ngspice against the published equations: the C++ class with the least smoothing of thresholds
  /// and bounds that a card may state, which moves no curve by 1e-5.
  device::TraceDifference unsmoothed;
  std::string failure = {};  ///< empty when both engines finished
};

/// Every model that has a C++ class, on its published cards, under sine, triangle and pulse,
/// through both engines. The static read model rests: its curve is compared, not a loop.
std::vector<EngineAgreement> compare_engines(engine::Engine& engine);

}  // namespace memspice::flow
