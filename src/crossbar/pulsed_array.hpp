#pragma once
// An array of dynamic memristors under write pulses.
//
//            unselected word line   selected word line   unselected bit line   selected bit line
//   v/2            A/2                    A                    A/2                   0
//   v/3            A/3                    A                    2A/3                  0
//   1t1r           0, gates off           A, gates on          A                     0
//
// A [V] is the pulse's amplitude, positive from word line to bit line: the selected cell sees A, a
// half-selected one A/2 or A/3, an unselected one 0 or -A/3, less what the wires take. A transistor
// (1t1r) is a resistance while its gate is on and an open circuit while it is off. Every line is
// held by its own source, behind the driver or sense resistance of the wiring. Pulses are
// rectangular; the lines settle at once (no capacitance).

#include <Eigen/Core>
#include <string>
#include <string_view>

#include "crossbar/crossbar.hpp"
#include "device/pulse.hpp"

namespace memspice::crossbar {

enum class BiasScheme { Half, Third, Gated };  ///< "v/2", "v/3", "1t1r"
/// Throws InputError with a suggestion.
BiasScheme parse_bias_scheme(std::string_view name, std::string_view place);
std::string_view name_of(BiasScheme scheme);

/// An array to write: what does not change while it is written.
struct PulsedArraySpec {
  const device::Memristor* cell = nullptr;  ///< every cell's model
  Wiring wiring;                            ///< every line must have its driver or sense
  BiasScheme scheme = BiasScheme::Half;
  double transistor = 0.0;  ///< 1t1r: resistance of a transistor that is on [Ohm], >= 0
};

/// One write pulse: the selected cell, and the source's amplitude [V] and width [s].
struct CellPulse {
  int i = 0, j = 0;  ///< word line, bit line
  device::Pulse pulse;
};

struct PulseEffect {
  double energy = 0.0;  ///< that the whole array dissipates, drivers and wires included [J]
  bool ok = true;
  std::string message = {};  ///< why it failed
};

/// Shares of the amplitude that each line's source is held at, and which word line's gates are on.
struct LineBias {
  Eigen::VectorXd word;  ///< n_word_lines [V/V]
  Eigen::VectorXd bit;   ///< n_bit_lines [V/V]
};
LineBias line_bias(BiasScheme scheme,
                   Eigen::Index n_word_lines,
                   Eigen::Index n_bit_lines,
                   const CellPulse& pulse);

/// The states of all cells, moved by pulse after pulse.
class PulsedArray {
 public:
  virtual ~PulsedArray() = default;
  virtual PulseEffect apply(const CellPulse& pulse) = 0;
  virtual double state(int i, int j) = 0;       ///< x of one cell, after all pulses so far
  virtual const Eigen::MatrixXd& states() = 0;  ///< n_word_lines x n_bit_lines [1]
};

/// Conductances of states, cell by cell [S].
Eigen::MatrixXd conductances_of(const device::Memristor& cell, const Eigen::MatrixXd& x);

}  // namespace memspice::crossbar
