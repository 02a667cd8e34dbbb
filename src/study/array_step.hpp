#pragma once
// How fast an array answers: a tile with its lines' capacitance, stepped.

#include <optional>

#include "device/technology.hpp"
#include "report/network_periphery_report.hpp"
#include "study/bench.hpp"

namespace memspice::study {

/// Steps the bench's tile with the most cells, all word lines from 0 V to the read voltage, until
/// its currents are settled to half an LSB of `bits`; nothing when the card states no line
/// capacitance. Cells have the curvature of the static read model; with an access device and of a
/// user's own they are ohmic, as they read. By our own integration with every node held to ngspice
/// (tile/charging_certificate.hpp); where [spice] asks for whole circuits, or cells are open, by
/// one transient of ngspice. Throws RunError when ngspice fails or leaves too much at the nodes.
std::optional<report::ArrayStep> step_largest_tile(const Bench& bench,
                                                   const device::Technology& technology,
                                                   int bits);

}  // namespace memspice::study
