#pragma once
// A device trace as a figure: the I-V loop above the waveforms.

#include <string>

#include "device/trace.hpp"

namespace memspice::report {

/// A self-contained SVG, axes with ticks and units: I over v, then v, I and x over time.
std::string plot_trace(const device::Trace& trace, const std::string& title);

}  // namespace memspice::report
