#pragma once
// A tile whose every vector is solved: the non-linear equations of its array with line resistance,
// as crossbar::Topology solves them, without a fit. What a circuit simulator says, without one, as
// far as the cells' law is theirs: a transistor's knows the voltage across the cell, not what the
// bit line's own voltage takes from the gate's (6e-5 of a current at 0.2 V).

#include <Eigen/Core>
#include <memory>

#include "tile/array.hpp"
#include "tile/model.hpp"

namespace memspice::tile {

/// G: in the plan's form [S]. A vector that stands several times in a call is solved once. respond
/// throws RunError for a vector whose solution does not converge.
std::unique_ptr<Model> make_exact(const Array& array, const Eigen::MatrixXd& G);

/// The same in double precision: outputs x vectors [A].
Eigen::MatrixXd answer_exact(const Array& array,
                             const Eigen::MatrixXd& G,
                             const Eigen::MatrixXd& V);

}  // namespace memspice::tile
