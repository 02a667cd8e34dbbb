#pragma once
// A switching measurement as the search sees it: readings, and what a model says in their place.

#include <functional>

#include "device/device_fit.hpp"
#include "device/measurement.hpp"
#include "device/memristor.hpp"
#include "device/switching_laws.hpp"

namespace memspice::device {

/// How a model runs along the data.
struct Course {
  bool is_reversed = false;
  /// After so many readings the state is read off the data anew (0: never), which keeps a start
  /// that is far off near the data: multiple shooting (Bock, 1981) with the states given.
  Eigen::Index restart = 0;
};

struct SwitchingData {
  SwitchingFeatures features = {};
  Eigen::VectorXd measured;  ///< [A] or [S]
  std::string what;          ///< "current"
  std::string unit;          ///< "A"
  /// What the model reads less what was read in shares of the largest, per reading; not finite
  /// where it cannot be integrated.
  std::function<Eigen::VectorXd(const Memristor&, const Course&)> misfit = {};
  /// Data and what a model reads.
  std::function<std::vector<FitPicture>(const Eigen::VectorXd& predicted)> draw = {};
};

/// Throws InputError as fit_hysteresis and fit_pulses say.
SwitchingData hysteresis_data(const ColumnTable& table);
SwitchingData pulse_data(const ColumnTable& table);

}  // namespace memspice::device
