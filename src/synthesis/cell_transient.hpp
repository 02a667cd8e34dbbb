#pragma once
// One cell during a pulse, as ngspice integrates it.
//
//   V_p(t) --R_p--[ cell ]--R_n-- V_n(t)        starts in state x, the pulse already there
//
// R_p and R_n: what an array shows at the cell's ends; 0: the ends are held.

#include <Eigen/Core>
#include <span>
#include <string>
#include <vector>

#include "engine/engine.hpp"
#include "synthesis/dynamic_cell.hpp"

namespace memspice::synthesis {

struct CellDrive {
  double x = 0.0;               ///< at the start
  Eigen::VectorXd t;            ///< [s], rising from 0 to the pulse's width
  Eigen::VectorXd V_p, V_n;     ///< at each t, linear between [V]
  double R_p = 0.0, R_n = 0.0;  ///< [Ohm]
};

struct CellPath {
  Eigen::VectorXd t;     ///< ngspice's own time points [s], those of the drive among them
  Eigen::VectorXd x, I;  ///< at each of them [1], [A]; empty on failure
  engine::Summary summary;
  bool ok() const noexcept { return summary.termination == engine::Termination::Done; }

  /// Place of the point nearest to `time` [s].
  Eigen::Index nearest(double time) const;
};

/// For people: the simulator's words and where its deck lies.
std::string explain_failure(const engine::Summary& summary);

/// Throws RunError when the simulator was lost, or over its time limit, as often as the engine
/// tries: that says nothing of the circuit. place: "pulse on cell (1, 2)"; what: "its transient".
void throw_if_lost(const engine::Summary& summary,
                   const std::string& place,
                   const std::string& what);

/// All cells side by side. A state that does not start where it should or leaves 0 .. 1 is a
/// failure.
std::vector<CellPath> follow_cells(const DynamicCell& cell,
                                   std::span<const CellDrive> drives,
                                   engine::Engine& engine);

}  // namespace memspice::synthesis
