#pragma once
// Least squares for one calibrated model (tile/calibration.hpp has the equation).

#include <Eigen/Core>
#include <vector>

#include "tile/characterization.hpp"
#include "tile/model.hpp"

namespace memspice::tile {

/// One measured tile with what the models need.
struct Sample {
  const Measurement* measurement = nullptr;
  const Array* array = nullptr;
  Eigen::MatrixXd G_eff;  ///< word lines x bit lines [S]
  Eigen::MatrixXd D;      ///< ngspice's differential currents, outputs x vectors [A]

  int fit_count() const noexcept { return measurement->held_out_tile ? 0 : measurement->fit_count; }
};

/// Root of the mean square; 0 for none.
double rms(const Eigen::MatrixXd& D);

/// Fits the first fit_count() vectors of each sample, each tile scaled by the RMS of its currents.
/// terms: 1, or more where cells bend as they conduct (Array::conductance_terms).
Calibration fit_model(const std::vector<Sample>& samples, const Array& array, int terms);

}  // namespace memspice::tile
