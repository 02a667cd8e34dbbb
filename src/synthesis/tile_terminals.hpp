#pragma once
// The sources at a tile's edges: drivers, senses, gates. Every source is a level per vector.

#include <Eigen/Core>
#include <map>
#include <vector>

#include "circuit/analysis.hpp"
#include "synthesis/array_lines.hpp"

namespace memspice::synthesis {

/// A driver at every driven end: sources `drive_i`. V: lines x vectors [V].
void add_drivers(circuit::Circuit& circuit,
                 const std::vector<LineNets>& lines,
                 const Eigen::MatrixXd& V);

/// An ammeter `sense_j` per bit line behind its sense resistances. V: bit lines x vectors [V] that
/// the ammeters stand at; empty: 0 V. Returns the probes of their currents.
std::vector<circuit::Probe> add_senses(circuit::Circuit& circuit,
                                       const std::vector<LineNets>& bit_lines,
                                       const Eigen::MatrixXd& V);

/// A source `gate_i` at every gate line. V: word lines x vectors [V]; empty: all at `standard`.
void add_gates(circuit::Circuit& circuit,
               const std::map<int, circuit::NetId>& gates,
               const Eigen::MatrixXd& V,
               double standard);

}  // namespace memspice::synthesis
