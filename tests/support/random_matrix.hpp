#pragma once
// Matrices of uniform random numbers, the same in every run.

#include <Eigen/Core>
#include <string_view>

#include "base/random.hpp"

namespace memspice::test {

/// rows x columns numbers from low to high; another `purpose` gives others.
inline Eigen::MatrixXd random_matrix(
    int rows, int columns, double low, double high, std::string_view purpose) {
  RandomStream random(3, purpose);
  Eigen::MatrixXd matrix(rows, columns);
  for (double& value : matrix.reshaped()) value = random.uniform(low, high);
  return matrix;
}

}  // namespace memspice::test
