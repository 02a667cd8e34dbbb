#pragma once
// How far apart wires and cells may be.

#include "crossbar/array.hpp"

namespace memspice::crossbar {

/// Largest wire or terminal [Ohm] times largest cell [S]: what is left of a voltage behind such a
/// wire is rounded with the whole voltage, an error of 2e-16 times this number in the currents.
inline constexpr double kLargestContrast = 1e8;

/// Throws InputError when `array` and its cells G are further apart.
void require_contrast(const Array& array, const Eigen::MatrixXd& G);

}  // namespace memspice::crossbar
