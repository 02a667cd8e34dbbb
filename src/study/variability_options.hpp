#pragma once
// [nonideality] and [monte_carlo]: what is drawn, and how often.

#include <vector>

#include "device/nonideality.hpp"

namespace memspice::study {

/// What a sample of [monte_carlo] draws anew.
enum class Vary {
  Chips,         ///< another chip, programmed once
  Programmings,  ///< the same chip, programmed again
};

struct MonteCarloOptions {
  int samples = 1;                                ///< >= 1; read where an effect is on
  std::vector<double> percentiles = {5, 50, 95};  ///< of accuracy, each in (0, 100)
  Vary vary = Vary::Chips;
};

struct VariabilityOptions {
  device::NonidealityOptions effects;
  MonteCarloOptions monte_carlo;
};

}  // namespace memspice::study
