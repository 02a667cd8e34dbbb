#pragma once
// Drift of conductances after programming.
//
//   ln G(t) = ln G(t_0) - nu ln(t / t_0) + e      per device; t_0: the earliest time of all
//   nu ~ N(nu_mean, nu_sigma)                     over the devices
//
// Each device's line is fitted by least squares. The lines' slopes scatter by nu_sigma and by their
// own errors: nu_sigma^2 = var(slopes) - mean(error^2), with the interval of two mean squares
// (device/confidence.hpp).

#include "device/device_fit.hpp"
#include "device/measurement.hpp"

namespace memspice::device {

/// A measurement of kind Retention: nu, nu_sigma and t0. Throws InputError for a time that is not
/// above zero, and for a device with fewer than three reads or reads at one time alone.
DeviceFit fit_retention(const ColumnTable& table);

}  // namespace memspice::device
