#pragma once
// How long cells off the selected lines have stood under which amplitude: a ledger that is settled
// cell by cell when a state is wanted, so that a pulse costs no more than its own lines.

#include <Eigen/Core>
#include <map>

namespace memspice::crossbar {

class ExposureLedger {
 public:
  ExposureLedger(Eigen::Index n_word_lines, Eigen::Index n_bit_lines)
      : n_word_lines_(n_word_lines), n_bit_lines_(n_bit_lines) {}

  /// A pulse on cell (i, j): amplitude [V], width [s].
  void add(Eigen::Index i, Eigen::Index j, double amplitude, double width);

  /// Calls move(amplitude, time) for what cell (i, j) has seen unselected since its last settling.
  template <typename Move>
  void settle(Eigen::Index i, Eigen::Index j, Move move) {
    for (auto& [amplitude, book] : books_) {
      const double time = book.total - book.row(i) - book.column(j) - book.settled(i, j);
      // What is left of sums and differences of times is rounding.
      if (!(time > 1e-12 * book.total)) continue;
      book.settled(i, j) += time;
      move(amplitude, time);
    }
  }

 private:
  /// Pulses of one amplitude [s].
  struct Book {
    double total = 0.0;
    Eigen::VectorXd row, column;  ///< of cells on this line
    Eigen::MatrixXd settled;      ///< less the time that a cell itself was selected
  };

  Eigen::Index n_word_lines_, n_bit_lines_;
  std::map<double, Book> books_;
};

}  // namespace memspice::crossbar
