#include "crossbar/exposure.hpp"

namespace memspice::crossbar {

void ExposureLedger::add(Eigen::Index i, Eigen::Index j, double amplitude, double width) {
  Book& book = books_[amplitude];
  if (book.row.size() == 0) {
    book.row = Eigen::VectorXd::Zero(n_word_lines_);
    book.column = Eigen::VectorXd::Zero(n_bit_lines_);
    book.settled = Eigen::MatrixXd::Zero(n_word_lines_, n_bit_lines_);
  }
  book.total += width;
  book.row(i) += width;
  book.column(j) += width;
  // The selected cell stands in both sums but was unselected in neither.
  book.settled(i, j) -= width;
}

}  // namespace memspice::crossbar
