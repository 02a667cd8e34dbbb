#include "mapping/unfold.hpp"

namespace memspice::mapping {

Eigen::MatrixXd word_line_voltages(const Tile& tile, const FloatMatrix& V) {
  Eigen::MatrixXd drive(tile.word_lines(), V.cols());
  for (int i = 0; i < tile.word_lines(); ++i) {
    drive.row(i) = V.row(tile.input_row(i)).cast<double>();
  }
  return drive;
}

}  // namespace memspice::mapping
