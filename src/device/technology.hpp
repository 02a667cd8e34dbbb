#pragma once
// Figures of a fabrication technology and its periphery, each with its source.

#include <string>

namespace memspice::device {

/// A value and where it comes from: a paper and table, or the derivation of an assumption.
struct Figure {
  double value = 0.0;  ///< SI
  std::string source;
};

/// What a technology card (device_models/technology/*.toml) states.
struct Technology {
  std::string name;
  Figure wire_row;      ///< word-line resistance per segment [Ohm]
  Figure wire_column;   ///< bit-line resistance per segment [Ohm]
  Figure driver;        ///< output resistance of a word-line driver [Ohm]
  Figure sense;         ///< input resistance of a column readout [Ohm]
  Figure read_voltage;  ///< full-scale read voltage [V]
  Figure read_time;     ///< duration of one read of a tile [s]
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
