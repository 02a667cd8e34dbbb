#pragma once
// A tile whose lines have capacitance, its word lines stepped from 0 V: how fast an array answers.
//
//            driver   R_row   w_i_0   R_row   w_i_1
//   step --/\/\--o--/\/\--------o------/\/\-----o---- ...     as tile_circuit.hpp draws the tile,
//                               |               |             and at every node of every line the
//                              === C           === C          capacitance C of its segment to
//                              gnd             gnd            ground

#include <vector>

#include "synthesis/tile_circuit.hpp"

namespace memspice::synthesis {

struct TileStepOptions {
  double line_capacitance = 0.0;                  ///< of one segment of a line, to ground [F], > 0
  double delay = 0.0;                             ///< at 0 V until then [s]
  double rise = 0.0;                              ///< [s], > 0
  double duration = 0.0;                          ///< after the delay [s]
  double max_step = 0.0;                          ///< [s]
  void validate(const std::string& place) const;  ///< throws InputError
};

/// A Transient. Probes: the current leaving each bit line [A], then that into the + pin of each
/// driver's source [A], which delivers -V I.
struct TileStepBench {
  circuit::Circuit circuit;
  circuit::Analysis analysis;
  std::vector<int> driven_line;  ///< of each driver's source
};

/// V: what each line steps to, spec.driven_lines() [V]. Throws InputError as build_tile_bench does.
TileStepBench build_tile_step_bench(const TileSpec& spec,
                                    const Eigen::VectorXd& V,
                                    const TileStepOptions& options);

/// Elmore delay of a step through a word line and a bit line of the tile, the cells' currents small
/// beside the lines' charging [s]: C (m R_driver + m(m+1)/2 R_row + n R_sense + n(n+1)/2 R_column)
/// for m bit lines and n word lines. Source: Elmore, J. Appl. Phys. 19 (1948) 55.
double elmore_delay(const TileSpec& spec, double line_capacitance);

}  // namespace memspice::synthesis
