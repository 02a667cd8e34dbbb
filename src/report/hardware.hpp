#pragma once
// What the units that compute a network's layers take, whichever path they are on, so that paths
// can be laid side by side.

#include <optional>

#include "report/run_report.hpp"

namespace memspice::report {

/// Per image; units of different paths add up.
struct Hardware {
  double energy = 0.0;  ///< of crossbars with converters, digital arithmetic, bitstream units [J]
  double words = 0.0;   ///< of memory words, counted for digital layers alone [J]
  double total_energy() const { return energy + words; }  ///< [J]
  double latency = 0.0;                                   ///< one unit after the other [s]
  double area = 0.0;                                      ///< [m^2]
};
/// Nothing where no figures are there: layers on crossbars without a [cost] card.
std::optional<Hardware> hardware_of(const RunReport& report);

/// Energy per image of everything that is counted, arrays, converters and digital units [J].
std::optional<double> total_energy(const RunReport& report);
/// Of the crossbars and their periphery, where the technology card states [cost] [W]: what flows
/// while a layer works, and the average over images at full throughput, idle layers switched off.
std::optional<double> static_power(const RunReport& report);
std::optional<double> average_power(const RunReport& report);

}  // namespace memspice::report
