#pragma once
// Error statistics of a multiplier over all operand pairs.

#include "stochastic/generator.hpp"
#include "stochastic/multiplier.hpp"

namespace memspice::stochastic {

/// Of result minus exact product, in LSB of the output (the form's unit, see multiplier.hpp).
struct ErrorStatistics {
  double mean = 0.0, mean_abs = 0.0, std = 0.0, max = 0.0, min = 0.0;
  double mean_latency = 0.0;  ///< cycles per product, over all pairs
  long long pairs = 0;
};

/// All pairs of activation_range and weight_range. Baselines: AND of two unipolar streams
/// (unsigned), XNOR of two bipolar ones (signed), AND of activation and magnitude steered by the
/// weight's sign (mixed); 2^bits cycles each, results in the same unit. parallel: stream bits per
/// cycle of the deterministic multiplier. Time grows as 4^bits: 8 bits take a millisecond, 16 bits
/// some seconds.
ErrorStatistics tabulate_errors(Form form, int bits, Generator generator, int parallel = 1);

}  // namespace memspice::stochastic
