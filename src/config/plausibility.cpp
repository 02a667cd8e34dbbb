#include "config/plausibility.hpp"

#include <array>
#include <cmath>

#include "base/units.hpp"

namespace memspice::config {
namespace {

/// In the order of Usual. The ranges are wide: they hold what was built and published, from
/// nanosiemens cells and single-ohm wires to diffused lines, not what is wise.
struct Range {
  Unit unit;
  double low, high;
  const char* below;  ///< what a value below may have been meant as
  const char* above;
};

constexpr std::array<Range, 5> kRanges{{
    {Unit::Siemens,
     1e-12,
     1e-2,
     "conductances are in S: write 50e-6 or \"50 uS\"",
     "conductances are in S: write 1/R for a resistance R, 50e-6 for 50 uS"},
    {Unit::Ohm,
     1e-6,
     1e4,
     "a wire is in Ohm per segment",
     "a wire is in Ohm per segment, one cell"},
    {Unit::Ohm, 1e-6, 1e7, "a resistance is in Ohm", "a resistance is in Ohm"},
    {Unit::Volt, 1e-3, 10.0, "voltages are in V", "voltages are in V: write 0.2 for 200 mV"},
    {Unit::PerVolt, 1e-3, 100.0, "alpha is in 1/V", "alpha is in 1/V: 2.5 for cells that bend"},
}};

}  // namespace

void note_unusual(const std::string& place,
                  double value,
                  Usual usual,
                  std::vector<std::string>& notes) {
  const Range& range = kRanges[static_cast<std::size_t>(usual)];
  const double size = std::abs(value);
  if (size == 0.0 || std::isinf(size) || (size >= range.low && size <= range.high)) return;
  notes.push_back(place + ": " + format_quantity(value, range.unit) + ": usual is " +
                  format_quantity(range.low, range.unit) + " to " +
                  format_quantity(range.high, range.unit) + "; " +
                  (size < range.low ? range.below : range.above));
}

void note_unusual_wiring(const crossbar::Wiring& wiring,
                         const std::string& place,
                         std::vector<std::string>& notes) {
  const bool is_square = wiring.row == wiring.column;
  note_unusual(place + (is_square ? "wire" : "wire_row"), wiring.row, Usual::Wire, notes);
  if (!is_square) note_unusual(place + "wire_column", wiring.column, Usual::Wire, notes);
  note_unusual(place + "driver", wiring.driver, Usual::Terminal, notes);
  note_unusual(place + "sense", wiring.sense, Usual::Terminal, notes);
}

std::vector<std::string> find_unusual(const FlowOptions& options) {
  std::vector<std::string> notes;
  if (options.network_file.empty()) return notes;
  const device::ConductanceWindow& window = options.device.window;
  note_unusual("device.g_min", window.g_min, Usual::Conductance, notes);
  note_unusual("device.g_max", window.g_max, Usual::Conductance, notes);
  note_unusual("device.alpha", options.device.alpha, Usual::NonLinearity, notes);
  note_unusual_wiring(options.array.wiring, "array.", notes);
  note_unusual("array.read_voltage", options.array.read_voltage, Usual::ReadVoltage, notes);
  return notes;
}

}  // namespace memspice::config
