#pragma once
// A crossbar tile as a circuit, with the bench that drives and reads it.
//
//        driver         row wire    w_0_0  row wire    w_0_1
//   V_0 --/\/\--o wl_0 ---/\/\------o--------/\/\------o              word line 0
//                                   |  cell_0_0        |  cell_0_1
//                                   o  b_0_0           o  b_0_1      bit lines
//                                   |  column wire     |
//                                  ...                ...
//                                   |  column wire     |
//                                   o  bl_0            o  bl_1
//                                   |  sense           |  sense
//                                   o  s_0             o  s_1
//                                   |  ammeter 0 V     |  ammeter 0 V
//                                  gnd  sense_0       gnd  sense_1
//
// The wiring's conventions are those of crossbar/crossbar.hpp. A resistance of 0 makes its two
// nets one; an open cell (G = 0) is absent; wire that leads to no cell is absent, for no current
// flows in it. All three are exact. i = word line, j = bit line.

#include <Eigen/Core>
#include <memory>
#include <string>

#include "circuit/analysis.hpp"
#include "circuit/circuit.hpp"
#include "crossbar/topology.hpp"
#include "synthesis/cell.hpp"

namespace memspice::synthesis {

using crossbar::SourceLine;

/// One crossbar array. Cells are I = G sinh(alpha v)/alpha, alone or in series with an access
/// device, or any other `cell`; alpha = 0 gives resistors.
struct TileSpec {
  std::string name = "tile";  ///< free text; the circuit takes circuit::legal_name of it
  Eigen::MatrixXd G;          ///< n_word_lines x n_bit_lines [S]; 0: the cell is absent
  double alpha = 0.0;         ///< [1/V], >= 0
  crossbar::Wiring wiring{};  ///< [Ohm]; drivers belong to the lines that bring the current
  CellDesign cell{};
  SourceLine source_line = SourceLine::Shared;  ///< AlongBitLine needs cells with a gate
  /// Lines that drivers hold: word lines, or the source lines along the bit lines.
  Eigen::Index driven_lines() const noexcept {
    return source_line == SourceLine::Shared ? G.rows() : G.cols();
  }
  /// Throws InputError naming the tile when a value is out of range or a shape does not fit.
  void validate() const;
};

/// A circuit that can be run, and where its results are.
struct TileBench {
  circuit::Circuit circuit;
  /// A StimulusSweep over the columns of V. Probe j is the current leaving bit line j into its
  /// sense, both ends together when both are sensed [A]; node voltages follow when asked for.
  circuit::Analysis analysis;
  /// Which probe reads node (i,j): n_word_lines x n_bit_lines; empty unless asked for. Nodes that
  /// are one net share a probe.
  Eigen::MatrixXi word_line_probe;
  Eigen::MatrixXi bit_line_probe;
};

struct TileBenchOptions {
  bool node_voltages = false;  ///< also probe every node; flat circuits only
  bool hierarchical = false;   ///< wires and cells as a subcircuit of their own, for export
  /// Of each gate line, n_word_lines x n_vectors [V]; empty: all at the transistor's gate_voltage.
  Eigen::MatrixXd gate_voltage = {};
  /// Behind each sense, n_bit_lines x n_vectors [V]; empty: virtual ground. For half-selected
  /// reads.
  Eigen::MatrixXd bit_line_voltage = {};
};

/// The tile with its drivers and senses, driven by V: driven_lines() x n_vectors [V], at most
/// netlist::kMaxStimuli vectors in one deck. A driver above 0 Ohm is a Norton source (current
/// source across the driver resistor), which ngspice solves a quarter faster. Parts that neither
/// a driver nor a sense reaches carry no current and are shown at 0 V. Throws InputError as
/// TileSpec::validate does and when V does not fit.
TileBench build_tile_bench(const TileSpec& spec,
                           const Eigen::MatrixXd& V,
                           const TileBenchOptions& options = {});

/// Wires and cells alone, as a subcircuit with a port per terminal: wl_0.. at the driven side,
/// then bl_0.. at the sensed side; `wr_i` and `bt_j` are the second ends when both are used.
/// A line with no cell has no port, nor has a line whose driver or sense is open. Gated cells add
/// the gate lines gl_0.. at the end; source lines along the bit lines are sl_0.. in wl's place.
std::shared_ptr<const circuit::Circuit> build_tile_array(const TileSpec& spec);

}  // namespace memspice::synthesis
