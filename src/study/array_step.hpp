#pragma once
// How fast an array answers: a tile with its lines' capacitance, stepped in ngspice.

#include <optional>

#include "device/technology.hpp"
#include "report/network_periphery_report.hpp"
#include "study/bench.hpp"

namespace memspice::study {

/// Steps the bench's tile with the most cells, all word lines from 0 V to the read voltage, cells
/// ohmic, until its currents are settled to half an LSB of `bits`; nothing when the card states no
/// line capacitance. Throws RunError when ngspice fails.
std::optional<report::ArrayStep> step_largest_tile(const Bench& bench,
                                                   const device::Technology& technology,
                                                   int bits);

}  // namespace memspice::study
