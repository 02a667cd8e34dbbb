#pragma once
// What line resistance takes from the differential conductances of tiles.

#include <Eigen/Core>
#include <optional>

namespace memspice::study {

/// Of as many tiles as are added; an empty one has no share.
class LineLoss {
 public:
  /// Both in the form of pairs, inputs x 2 outputs [S]: as programmed, and the array's response.
  void add(const Eigen::MatrixXd& G, const Eigen::MatrixXd& response);
  /// RMS of what is lost relative to the RMS of all; none where no output differs from 0.
  std::optional<double> share() const;

 private:
  double lost_ = 0.0, all_ = 0.0;  // sums of squares [S^2]
};

}  // namespace memspice::study
