#pragma once
// What write-verify left: reads against their targets.
//
//   gaussian     read = target + s z             programming.sigma
//   log-normal   ln(read / target) = s z         cycle_to_cycle.sigma
//
// Both have one parameter; the likelier of the two is taken (largest likelihood). Devices beyond
// that, from repeats: device/fit_spread.hpp on ln(read / target).

#include "device/device_fit.hpp"
#include "device/measurement.hpp"

namespace memspice::device {

/// A measurement of kind Programmed: window and levels from the targets, the programming error.
/// Throws InputError with fewer than two targets or five reads.
DeviceFit fit_programmed(const ColumnTable& table);

}  // namespace memspice::device
