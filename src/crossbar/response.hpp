#pragma once
// Whole responses of many arrays at once, and in single precision.

#include <vector>

#include "crossbar/crossbar.hpp"

namespace memspice::crossbar {

enum class Precision {
  Double,
  /// About twice as fast; relative error 2e-5, 8e-5, 3e-4, 9e-4, 2e-3, 4e-3 from 32 x 32 to
  /// 1024 x 1024 (measured at wire 1 Ohm, cells 1e-6 to 1e-4 S). Summary::residual holds the error
  /// of this very response on one random input vector, measured against a double-precision solve.
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
