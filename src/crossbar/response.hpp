#pragma once
// How well a whole response satisfies the equations that it never evaluates.

#include "crossbar/crossbar.hpp"

namespace memspice::crossbar {

/// How far a response is off on one random input vector, relative to solve_vectors, whose own
/// residual of Kirchhoff's current law is counted in: what a direct way, which evaluates no
/// equation by itself, is checked by. Not a number when either is none.
double response_error(const Eigen::MatrixXd& G, const Wiring& wiring, const Eigen::MatrixXd& G_eff);

}  // namespace memspice::crossbar
