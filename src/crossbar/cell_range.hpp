#pragma once
// How far the cells' non-linearity may go.

namespace memspice::crossbar {

/// Largest alpha V: sinh of it (2.4e8) is still a current that a cell can carry, and V here is the
/// largest voltage that any input applies. [1]
inline constexpr double kLargestExponent = 20.0;

}  // namespace memspice::crossbar
