#pragma once
// How the two cells of a signed weight lie in an array, and which lines bring them current.
//
//   NeighbouringBitLines            SharedBitLine                 separate source lines (1T1R)
//
//   V_i --+-----+--                  V_i --+-----                  x_i (gate) ----.
//         G+    G-                         G+                      source line ---| |--G-- bit line
//         |     |                   -V_i --+-----                  V_read       transistor
//        I+    I-  out: I+ - I-            G-
//                                          |  out: I
//
//   UnitColumn
//
//   V_i --+-----+-- ... --+--
//         G_0   G_1       G_u        out_j: I_j - I_u, one unit column for all outputs
//         |     |         |
//        I_0   I_1       I_u
//
// The plan's form has a row per input and columns 2j (+) and 2j + 1 (-) of output j; with a unit
// column, column j of output j and the unit column as its last. A topology turns it into the
// array's lines and leads the array's answers back to it. The form of pairs says which two
// conductances, or what wires leave of them, each output subtracts: 2j and 2j + 1 in any topology.

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "crossbar/cell_law.hpp"
#include "crossbar/crossbar.hpp"

namespace memspice::crossbar {

/// How the two cells of a signed weight lie, or what its one cell is compared with.
enum class PairLayout {
  NeighbouringBitLines,  ///< bit lines 2j (+) and 2j + 1 (-), subtracted behind the senses
  SharedBitLine,         ///< word lines 2i (+V_i) and 2i + 1 (-V_i): the bit line subtracts
  UnitColumn,            ///< one cell; the last bit line's current is taken from every other's
};

/// Which lines bring the current to the cells.
enum class SourceLine {
  Shared,        ///< the word lines themselves; they are the source lines of gated cells, too
  AlongBitLine,  ///< one source line per bit line, with column wire, driven at the end that is not
                 ///< sensed (at both where both are); the word lines are then gate lines only
};

/// What a line of the array is to the plan.
struct LineRole {
  Eigen::Index number = 0;   ///< of the input or the output; of a unit column, outputs
  bool is_negative = false;  ///< a word line carries the opposite, a bit line is subtracted
};

/// What the lines of an array are held at, point by point.
struct LineDrive {
  Eigen::MatrixXd V;      ///< driven lines x points [V]: word lines, or source lines
  Eigen::MatrixXd gates;  ///< word lines x points: 0 off, 1 on; empty: they are no inputs
};

class Topology {
 public:
  virtual ~Topology() = default;

  /// As flow files and manifests name them: "shared_bit_line", "separate".
  virtual std::string_view pairs() const noexcept = 0;
  virtual std::string_view source_line_name() const noexcept { return "shared"; }
  virtual SourceLine source_line() const noexcept { return SourceLine::Shared; }
  virtual bool takes_signs() const noexcept { return true; }  ///< inputs may be negative
  virtual bool bit_lines_subtract() const noexcept = 0;       ///< both signs on one bit line
  virtual std::string lines_text() const = 0;                 ///< which line is which, for people
  virtual std::string output_text() const = 0;                ///< "D_j = I_2j - I_2j+1"

  virtual LineRole word_line(Eigen::Index k) const = 0;
  virtual LineRole bit_line(Eigen::Index k) const = 0;
  virtual std::vector<Eigen::Index> word_lines_of(Eigen::Index input) const = 0;

  /// G of the plan as it lies in the array: n_word_lines x n_bit_lines [S].
  virtual Eigen::MatrixXd cells(const Eigen::MatrixXd& G) const = 0;
  /// G of the plan in the form of pairs: inputs x 2 outputs [S].
  virtual Eigen::MatrixXd pairs_of(const Eigen::MatrixXd& G) const { return G; }
  /// V: inputs x points [V]. Throws InputError for inputs that the lines cannot carry.
  virtual LineDrive drive(const Eigen::MatrixXd& V, Eigen::Index n_bit_lines) const = 0;
  /// What `cells` of the array do under `drive`.
  virtual Operation solve(const Eigen::MatrixXd& cells,
                          const CellLaw& law,
                          const Wiring& wiring,
                          const LineDrive& drive,
                          const VectorOptions& options = {}) const = 0;
  /// Outputs x points [A] of the bit lines' currents I: bit lines x points [A].
  virtual Eigen::MatrixXd outputs(const Eigen::MatrixXd& I) const = 0;

  /// G_eff of an array's cells, n_word_lines x n_bit_lines [S]: solve_response, or what was kept
  /// of it.
  using LinearSolver = std::function<Eigen::MatrixXd(const Eigen::MatrixXd&, const Wiring&)>;
  /// The linear response to G of the plan, in the form of pairs [S]. Where `solver` is of no use it
  /// is not asked.
  virtual Eigen::MatrixXd response(const Eigen::MatrixXd& G,
                                   const Wiring& wiring,
                                   const LinearSolver& solver) const = 0;
};

/// Source lines along the bit lines lie beside neighbouring bit lines, whatever `pairs` says, and
/// are held at `read_voltage` [V].
std::shared_ptr<const Topology> make_topology(PairLayout pairs,
                                              SourceLine source_line,
                                              double read_voltage);

/// Cells between source lines along the bit lines, all at `read_voltage` [V], and the bit lines.
/// gates: n_word_lines x n_points of 0 (cells of the row off) and 1 (on). In the result the
/// word-line voltages are the source lines'; there are no wire currents. Per-line drivers belong to
/// the source lines. Throws InputError for other gate values.
Operation solve_gated(const Eigen::MatrixXd& G,
                      const CellLaw& law,
                      const Wiring& wiring,
                      double read_voltage,
                      const Eigen::MatrixXd& gates,
                      const VectorOptions& options = {});

}  // namespace memspice::crossbar
