#pragma once
// Where the search for a dynamic model's parameters starts, out of what the data show at a glance.
//
// What one drive cannot tell is held: of VTEAM the widths, since k / (w_off - w_on) alone acts; of
// Stanford's model the lengths and the activation energy, since the gap counts in decay lengths and
// speed exp(-e_a / kT) alone acts but for the heating; of thresholds and exponents what takes more
// amplitudes than the drive has.

#include <string>
#include <vector>

#include "device/switching_start.hpp"

namespace memspice::device {

/// Models that can be fitted: "vteam", "yakopcic", "stanford_rram".
std::vector<std::string> switching_models();

/// Starts for a model, each with thresholds at another share of the drive; `held`: values that the
/// user gives. Throws InputError for a model that cannot be fitted.
std::vector<SwitchingStart> switching_starts(const std::string& model,
                                             const SwitchingFeatures& features,
                                             const NamedValues& held);

}  // namespace memspice::device
