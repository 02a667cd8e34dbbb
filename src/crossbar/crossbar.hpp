#pragma once
// One crossbar array of linear cells with line resistance, solved exactly and without SPICE.
//
//        R_driver   R_row    (0,0)   R_row   (0,1)   R_row
//   V_0 --/\/\--o--/\/\------o------/\/\------o------/\/\-- ...        word line 0
//                            |  cell G_00     |  cell G_01
//                            o  (0,0)'        o  (0,1)'                bit lines
//                            | R_col          | R_col
//                           ...              ...
//                            | R_col          | R_col
//                            | R_sense        | R_sense
//                           gnd  I_0         gnd  I_1
//
// There is one wire segment between driver and first cell, between neighbouring cells, and between
// the last cell and the sense end. Every resistance may be 0 and every cell open (G = 0); both are
// exact. The array is the linear map I = G_eff^T V.
// i = word line (row, input), j = bit line (column, output).

#include <Eigen/Core>
#include <string>
#include <vector>

namespace memspice::crossbar {

enum class WordLineSide { Left, Right, Both };  ///< where word lines are driven
enum class BitLineSide { Bottom, Top, Both };   ///< where bit lines are sensed

/// Everything about the wires and terminals of an array but its cells.
struct Wiring {
  double row = 0.0;     ///< word-line wire per segment [Ohm], >= 0
  double column = 0.0;  ///< bit-line wire per segment [Ohm], >= 0
  double driver = 0.0;  ///< source resistance of each driver [Ohm], >= 0
  double sense = 0.0;   ///< resistance from each bit line's end to virtual ground [Ohm], >= 0
  WordLineSide drive_side = WordLineSide::Left;
  BitLineSide sense_side = BitLineSide::Bottom;
  /// Per-line values that take the place of `driver` and `sense` [Ohm]; empty: all lines alike.
  /// Infinity is an open line: a word line that nothing drives, a bit line that nothing senses.
  std::vector<double> driver_per_line = {};
  std::vector<double> sense_per_line = {};
  /// Throws InputError naming `place`.row and so on when a value is negative or not a number.
  void validate(const std::string& place) const;
  friend bool operator==(const Wiring&, const Wiring&) = default;
};

/// How a solve went; a numerical outcome is never an exception and never silence.
struct Summary {
  enum class Termination { Converged, Direct, NotConverged };
  Termination termination = Termination::Direct;
  int iterations = 0;  ///< 0 for a direct solve; the most over all vectors otherwise
  double residual =
      0.0;  ///< largest ||b - A x|| / ||b|| over all vectors (Kirchhoff's current law)
  double seconds = 0.0;
  std::string message;  ///< which way was taken and why
};

/// G_eff: n_word_lines x n_bit_lines [S], so that I = G_eff^T V.
struct Response {
  Eigen::MatrixXd G_eff;
  Summary summary;
};

/// Voltages and currents of many input vectors; columns are vectors.
struct Operation {
  Eigen::MatrixXd current;  ///< n_bit_lines x n_vectors [A], leaving each bit line into its sense
  /// Node voltages, one matrix per vector, each n_word_lines x n_bit_lines [V]; empty unless asked.
  std::vector<Eigen::MatrixXd> word_line_voltage;
  std::vector<Eigen::MatrixXd> bit_line_voltage;
  /// Wire currents, one matrix per vector; empty unless asked. Word lines: n_word_lines x
  /// (n_bit_lines + 1), rightwards, [j] flows into cell j from its left. Bit lines: (n_word_lines
  /// + 1) x n_bit_lines, downwards, [i] flows into cell i from above. [A]
  std::vector<Eigen::MatrixXd> word_line_current;
  std::vector<Eigen::MatrixXd> bit_line_current;
  Eigen::VectorXd
      power;  ///< dissipated in the whole array, drivers and senses included, per vector [W]
  Summary summary;
};

/// The exact response of an array of linear cells. G: n_word_lines x n_bit_lines [S], >= 0.
/// Throws InputError when G is empty, negative or not finite.
Response solve_response(const Eigen::MatrixXd& G, const Wiring& wiring);

struct VectorOptions {
  bool node_voltages = false;    ///< also fill the node voltages
  bool branch_currents = false;  ///< also fill the wire currents
  double tolerance = 1e-12;      ///< on the relative residual of an iterative way
};

/// Currents (and node voltages, power) for given inputs. V: n_word_lines x n_vectors [V].
Operation solve_vectors(const Eigen::MatrixXd& G,
                        const Wiring& wiring,
                        const Eigen::MatrixXd& V,
                        const VectorOptions& options = {});

/// Cells I = G sinh(alpha v)/alpha [A], by Newton's method with a line search; alpha in [1/V].
/// alpha = 0 is solve_vectors.
Operation solve_nonlinear(const Eigen::MatrixXd& G,
                          double alpha,
                          const Wiring& wiring,
                          const Eigen::MatrixXd& V,
                          const VectorOptions& options = {});

}  // namespace memspice::crossbar
