#pragma once

#include <vector>

#include "device/device_fit.hpp"
#include "device/fit_switching.hpp"
#include "device/measurement.hpp"

namespace memspice::device {

/// Fits what a measurement of its kind tells; `name` of the data goes to each figure; `options` say
/// which model a measurement of switching is fitted with. Throws InputError as the kinds' fits do
/// (fit_sweeps.hpp, fit_programmed.hpp, ...), and for a model that the kind cannot tell.
DeviceFit fit_measurement(const Measurement& measurement,
                          const std::string& name,
                          const SwitchingOptions& options = {});

/// One device's fits as one: of a figure that several tell the first holds, with a note on the
/// others; what any of them tells is not undetermined. Precondition: one fit at least. Throws
/// InputError where they belong to cards of different models.
DeviceFit put_together(const std::vector<DeviceFit>& fits);

}  // namespace memspice::device
