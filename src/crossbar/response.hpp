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

/// How far a response is off on one random input vector, relative to solve_vectors, whose own
/// residual of Kirchhoff's current law is counted in: what a direct way, which evaluates no
/// equation by itself, is checked by. Not a number when either is none.
double response_error(const Eigen::MatrixXd& G, const Wiring& wiring, const Eigen::MatrixXd& G_eff);

/// Response k belongs to G[k]; all arrays have the same wiring, sizes may differ. Arrays of one
/// size are eliminated side by side in SIMD lanes; long narrow arrays, for whose dense fronts the
/// memory would be the square of the long side, are solved line by line of the short side. In
/// double precision Summary::residual is not evaluated (not a number) unless a solve gave it.
/// Throws InputError like solve_response.
std::vector<Response> solve_responses(const std::vector<Eigen::MatrixXd>& G,
                                      const Wiring& wiring,
                                      const ResponseOptions& options = {});

}  // namespace memspice::crossbar
