#pragma once
// Dynamic models out of what switches a device: sweeps through its hysteresis, and pulse trains.
//
//   hysteresis   I(v_k, x(t_k)) against the current, v straight between readings
//   pulses       dI/dv(0, x) after each pulse against the conductance
//
// Least squares over all readings, each counted alike in shares of the largest, from several starts
// (device/switching_laws.hpp); the best model by its residual unless one is named. Intervals hold
// for noise that is equal over the readings.

#include <map>
#include <string>

#include "device/device_fit.hpp"
#include "device/measurement.hpp"

namespace memspice::device {

struct SwitchingOptions {
  std::string model = {};  ///< "vteam", "yakopcic", "stanford_rram"; empty: the best of them
  std::map<std::string, double> held = {};  ///< parameters that are not fitted, SI
};

/// A measurement of kind Hysteresis. Throws InputError where times do not rise or there are too few
/// readings, RunError where no start leads anywhere.
DeviceFit fit_hysteresis(const ColumnTable& table, const SwitchingOptions& options);

/// A measurement of kind Pulses; a row is a pulse and the read after it. A row whose amplitude is 0
/// is a read alone. Throws likewise.
DeviceFit fit_pulses(const ColumnTable& table, const SwitchingOptions& options);

}  // namespace memspice::device
