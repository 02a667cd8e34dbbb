#pragma once
// A device trace as a picture: the I-V loop beside the waveforms.

#include <string>

#include "device/trace.hpp"

namespace memspice::report {

/// A self-contained SVG: on the left I over v, on the right v, I and x over time, each scaled to
/// its own extent, which its label tells.
std::string plot_trace(const device::Trace& trace, const std::string& title);

}  // namespace memspice::report
