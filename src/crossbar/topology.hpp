#pragma once
// Arrays built of more than one cell per weight or with more than two wires per cell.
//
//   NeighbouringBitLines            SharedBitLine                 gated cell (1T1R)
//
//   V_i --+-----+--                  V_i --+-----                  x_i (gate) ----.
//         G+    G-                         G+                      source line ---| |--G-- bit line
//         |     |                   -V_i --+-----                  V_read       transistor
//        I+    I-  out: I+ - I-            G-
//                                          |  out: I

#include "crossbar/cell_law.hpp"
#include "crossbar/crossbar.hpp"

namespace memspice::crossbar {

/// How the two cells of a signed weight lie.
enum class PairLayout {
  NeighbouringBitLines,  ///< bit lines 2k (+) and 2k + 1 (-), subtracted behind the senses
  SharedBitLine,         ///< word lines 2i (+V_i) and 2i + 1 (-V_i): the bit line subtracts
};

/// Signed weights, each the difference of two cells; both n_inputs x n_outputs [S].
struct CellPairs {
  Eigen::MatrixXd G_plus, G_minus;
  PairLayout layout = PairLayout::NeighbouringBitLines;

  /// The array's cells: n_inputs x 2 n_outputs, or 2 n_inputs x n_outputs. Throws InputError when
  /// the two differ in size.
  Eigen::MatrixXd cells() const;
};

/// Signed response, n_inputs x n_outputs [S]: I_out = G_eff^T V.
Response solve_pair_response(const CellPairs& pairs, const Wiring& wiring);

/// V: n_inputs x n_vectors [V]. `current` is per output (signed difference); node voltages and
/// wire currents are those of the array of cells().
Operation solve_pairs(const CellPairs& pairs,
                      const CellLaw& law,
                      const Wiring& wiring,
                      const Eigen::MatrixXd& V,
                      const VectorOptions& options = {});

/// Ohmic cells in series with a transistor in its linear region: G / (1 + G R_transistor) [S].
Eigen::MatrixXd with_transistor(const Eigen::MatrixXd& G, double R_transistor);

/// Cells between a source line and a bit line, switched by the input on their gate.
struct GatedArray {
  enum class SourceLine {
    AlongWordLine,  ///< one per row, with row wire, driven where word lines would be
    AlongBitLine,   ///< one per column, with column wire, driven at the end that is not sensed
                    ///< (at both where both are)
  };
  SourceLine source_line = SourceLine::AlongWordLine;
  double read_voltage = 0.2;  ///< of all source lines [V]
  double R_transistor = 0.0;  ///< of a conducting transistor in its linear region [Ohm]
  /// Throws InputError when a value is not finite or R_transistor < 0.
  void validate() const;
};

/// gates: n_word_lines x n_vectors of 0 (cells of the row off) and 1 (on). In the result the
/// word-line voltages are the source lines'. Wire currents are filled for AlongWordLine only.
/// Per-line drivers belong to the source lines. Throws InputError for other gate values.
Operation solve_gated(const Eigen::MatrixXd& G,
                      const CellLaw& law,
                      const GatedArray& gated,
                      const Wiring& wiring,
                      const Eigen::MatrixXd& gates,
                      const VectorOptions& options = {});

}  // namespace memspice::crossbar
