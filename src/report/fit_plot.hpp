#pragma once

#include <string>
#include <vector>

#include "device/device_fit.hpp"

namespace memspice::report {

/// A self-contained SVG, one picture below the other: data as dots, laws as lines, axes with ticks
/// and units.
std::string plot_fit(const std::vector<device::FitPicture>& pictures);

}  // namespace memspice::report
