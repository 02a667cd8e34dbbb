#pragma once
// Whole responses of many arrays at once, and in single precision.

#include <vector>

#include "crossbar/crossbar.hpp"

namespace memspice::crossbar {

enum class Precision {
  Double,
  /// About twice as fast; relative error about 1e-5 at 32 x 32, 1e-4 at 64 x 64, 1e-3 at 256 x 256
  /// (wire 1 Ohm, cells 1e-6 to 1e-4 S). Summary::residual holds the error of this very response
  /// on one random input vector, measured against a double-precision solve.
  Single,
};

struct ResponseOptions {
  Precision precision = Precision::Double;
  int jobs = 1;  ///< threads; 0: all cores. The result is the same for any number.
};

/// Response k belongs to G[k]; all arrays have the same wiring, sizes may differ. Arrays of one
/// size are eliminated side by side in SIMD lanes. Throws InputError like solve_response.
std::vector<Response> solve_responses(const std::vector<Eigen::MatrixXd>& G,
                                      const Wiring& wiring,
                                      const ResponseOptions& options = {});

}  // namespace memspice::crossbar
