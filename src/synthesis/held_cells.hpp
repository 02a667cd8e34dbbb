#pragma once
// Memristors that are held from outside, ends and state: ngspice says what they carry and how fast
// their states would move.
//
//   V_p o--[ cell ]--o V_n      I = what V_p gives
//             |
//             o V_x             dx/dt = -I_x / C      C: the capacitor that keeps the state
//
// Nothing joins two cells, so that one circuit of a few, asked point after point, serves an array
// of any size: the work is linear in the cells. The capacitance is measured once, from the current
// of a state that is drawn up and down.

#include <Eigen/Core>
#include <map>

#include "engine/engine.hpp"
#include "engine/pinned.hpp"
#include "synthesis/dynamic_cell.hpp"

namespace memspice::synthesis {

/// Columns are points.
struct HeldPoints {
  Eigen::MatrixXd p, n;  ///< potentials of the ends, cells x points [V]
  Eigen::MatrixXd x;     ///< states, cells x points [1]
};

struct HeldAnswers {
  Eigen::MatrixXd I;     ///< from p to n, cells x points [A]; empty on failure
  Eigen::MatrixXd rate;  ///< dx/dt, cells x points [1/s]
  engine::Summary summary;
  bool ok() const noexcept { return summary.termination == engine::Termination::Done; }
};

class HeldCells {
 public:
  /// Both must outlive it. Throws InputError for a cell that keeps more than its state, so that its
  /// currents are no function of ends and state.
  HeldCells(const DynamicCell& cell, engine::Engine& engine);

  /// `width`: of the pulse, which bounds the rates of some models [s].
  HeldAnswers evaluate(const HeldPoints& points, double width);

 private:
  const engine::PinnedDeck& deck_for(double width);
  bool measure_capacitance(engine::Summary& summary);

  const DynamicCell& cell_;
  engine::Engine& engine_;
  double C_ = 0.0;                              ///< [F]; 0: not measured yet
  std::map<double, engine::PinnedDeck> decks_;  ///< by width
};

}  // namespace memspice::synthesis
