#pragma once
// Figures of a fabrication technology and its periphery, each with its source.

#include <optional>
#include <string>

#include "device/analog_figures.hpp"
#include "device/cost_figures.hpp"
#include "device/technology_figure.hpp"

namespace memspice::device {

/// What a technology card (device_models/technology/*.toml) states.
struct Technology {
  std::string name;
  Figure wire_row;                         ///< word-line resistance per segment [Ohm]
  Figure wire_column;                      ///< bit-line resistance per segment [Ohm]
  Figure driver;                           ///< output resistance of a word-line driver [Ohm]
  Figure sense;                            ///< input resistance of a column readout [Ohm]
  Figure read_voltage;                     ///< full-scale read voltage [V]
  Figure read_time;                        ///< duration of one read of a tile [s]
  std::optional<Figure> line_capacitance;  ///< of a line's segment to ground [F]; absent: unknown
  std::optional<AnalogFigures> analog;     ///< absent: the card states no [analog] tables
  std::optional<CostFigures> cost;         ///< absent: the card states no [cost] tables
  /// Throws InputError naming the card when it states none.
  const AnalogFigures& require_analog() const;
};

/// A memristor's card (device_models/<model>/<set>.toml) as far as reading goes.
struct ReadCard {
  std::string model;  ///< folder under device_models/, e.g. "static_read"
  std::string name;   ///< the parameter set, e.g. "hfox_1t1r"
  Figure g_min;       ///< [S]
  Figure g_max;       ///< [S]
  Figure levels;      ///< distinct conductances; 0: continuous
  Figure alpha;       ///< non-linearity [1/V]
};

}  // namespace memspice::device
