#pragma once
// Whether a state that a simulator gave can be: it starts where the card says, and stays within
// the model's bounds.

#include <Eigen/Core>
#include <string>

#include "device/memristor_card.hpp"

namespace memspice::device {

/// How far a simulated state may be off [1]: its error per time step is some 1e-6, and a state that
/// drained or ran through a bound is off by far more.
inline constexpr double kStateTolerance = 1e-4;

struct StateBounds {
  double low = -1e300, high = 1e300;  ///< [1]
};

/// The parameter that holds a model's state at the start.
inline constexpr const char* kInitialState = "x_init";

/// The range that the model's table gives its initial state: none where it states none.
StateBounds state_bounds(const ParameterTable& table);

/// What is wrong with a state that starts at `x`, in a sentence; empty when nothing is.
std::string find_start_fault(double x, double x_init);

/// What is wrong with the states `x` at `time` [s], in a sentence; empty when nothing is.
std::string find_bound_fault(const Eigen::VectorXd& time,
                             const Eigen::VectorXd& x,
                             const StateBounds& bounds);

}  // namespace memspice::device
