#pragma once
// Spread of programmed conductances over devices and from one programming to the next.
//
//   ln G = mu_state + a_device + e,   a ~ N(0, sigma_d2d),  e ~ N(0, sigma_c2c)
//
// Mean squares by Henderson's third method (Biometrics 9 (1953) 226), which holds for any number of
// readings per device: M_e from what states and devices leave, M_a from what devices take beyond
// states. Intervals: device/confidence.hpp.

#include <optional>

#include "device/confidence.hpp"
#include "device/device_fit.hpp"
#include "device/measurement.hpp"

namespace memspice::device {

/// Readings as logarithms with their groups.
struct SpreadReadings {
  Eigen::VectorXd log_G;    ///< ln(G / S)
  std::vector<int> state;   ///< per reading, 0 .. n_states - 1
  std::vector<int> device;  ///< per reading, 0 .. n_devices - 1
  int n_states = 1, n_devices = 1;
};

struct SpreadFit {
  std::optional<MeanSquare> within;      ///< (sigma_c2c)^2; absent: no reading is repeated
  std::optional<SpreadComponent> among;  ///< sigma_d2d; absent: one device, or no repeats
  std::optional<MeanSquare> total;       ///< with no repeats: both spreads together
};
SpreadFit fit_components(const SpreadReadings& readings);

/// Adds cycle_to_cycle.sigma and device_to_device.sigma to the figures, or why they are not told.
/// Throws InputError with more than a thousand devices, whose equations are dense.
void add_spread(const SpreadReadings& readings, DeviceFit& fit);

/// A measurement of kind Spread. Throws InputError with fewer than three readings.
DeviceFit fit_spread(const ColumnTable& table);

}  // namespace memspice::device
