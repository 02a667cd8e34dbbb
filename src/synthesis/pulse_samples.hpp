#pragma once
// The times of a pulse at which all cells of an array are asked, and what lies between them.
//
// During a pulse the nodes move with the selected cell's current alone. So the samples stand at the
// pulse's ends and where they part the way of that current evenly: a runaway has its own. Between
// two of them everything is taken to be linear in that current.

#include <Eigen/Core>

#include "synthesis/cell_transient.hpp"

namespace memspice::synthesis {

struct PulseSamples {
  Eigen::VectorXd t;  ///< [s], 0 and the pulse's width among them
  /// Of each interval, the share that its end has in the mean of what is linear in the current.
  Eigen::VectorXd late;

  Eigen::Index count() const { return t.size(); }
  /// Integrals from 0 to each sample; rate: quantities x samples [1/s].
  Eigen::MatrixXd integrals(const Eigen::MatrixXd& rate) const;
};

/// Both ends of the pulse and nothing else.
PulseSamples two_samples(double width);

PulseSamples choose_samples(const CellPath& selected);

/// Those time points of the path that stand nearest to `t`.
PulseSamples nearest_samples(const CellPath& selected, const Eigen::VectorXd& t);

/// Quantities known at `times` (quantities x times), linear between them, at `wanted` [s].
Eigen::MatrixXd at_times(const Eigen::MatrixXd& values,
                         const Eigen::VectorXd& times,
                         const Eigen::VectorXd& wanted);

}  // namespace memspice::synthesis
