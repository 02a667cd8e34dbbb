#pragma once
// What writing a network onto its crossbars took and left: what [programming] answers.

#include <optional>
#include <string>
#include <vector>

#include "simulate/share.hpp"

namespace memspice::report {

/// Writing one layer's cells.
struct LayerProgramming {
  std::string name;
  long cells = 0;
  long failed = 0;         ///< whose last writing did not reach its target
  long out = 0;            ///< out of tolerance at the end, disturbed ones included
  long pulses = 0;         ///< over all cells
  int most_pulses = 0;     ///< of one cell
  double energy = 0.0;     ///< of pulses and reads [J]
  double time = 0.0;       ///< of the tile that takes longest; tiles are written side by side [s]
  double error_rms = 0.0;  ///< of the final conductance, in shares of the window
  double error_max = 0.0;
  double disturb_mean = 0.0;  ///< |change| after a cell's own writing, relative to its conductance
  double disturb_max = 0.0;
};

/// What held nodes show of every pulse: Kirchhoff's residual, over all pulses and times.
struct WritingBound {
  double bound = 0.0;     ///< on the error of all line currents together, the worst [A]
  double relative = 0.0;  ///< to the pulse's largest line current, the worst
  double own = 0.0;       ///< the same of memspice's solutions before ngspice corrected any
  long corrections = 0;   ///< over all pulses
  long most_corrections = 0;
  double seconds = 0.0;  ///< inside ngspice
};

/// The same corner of an array written by memspice and, pulse by pulse, by ngspice.
struct ProgrammingAgreement {
  std::string tile;   ///< whose targets were written
  int lines = 0;      ///< word lines and bit lines of the corner
  long pulses = 0;    ///< in ngspice
  double fast = 0.0;  ///< largest difference of final conductances to ngspice, relative
  std::optional<double> reference = {};    ///< of the coupled reference; absent: array too large
  double energy = 0.0;                     ///< relative difference of the energy to ngspice's
  std::optional<WritingBound> bound = {};  ///< absent: the whole array was one circuit
  double seconds = 0.0;                    ///< wall time
  std::string failure = {};                ///< why there is no comparison
};

struct ProgrammingReport {
  std::string card, scheme, ramp;   ///< "stanford_rram/hfox_jiang_2014", "v/2", "amplitude ramp"
  int passes = 1;                   ///< at most
  std::string fidelity;             ///< of the layers: "calibrated", or "as set"
  simulate::Share perfect = {};     ///< accuracy of the mapped conductances, 0 .. 1
  simulate::Share programmed = {};  ///< accuracy of the written ones, 0 .. 1
  std::optional<simulate::PairedChange> change = {};  ///< from perfect to programmed
  std::vector<LayerProgramming> layers = {};
  LayerProgramming all = {};  ///< sums, and the worst of any layer
  std::optional<ProgrammingAgreement> agreement = {};
  std::vector<long> pulse_counts = {};  ///< cells by the number of their pulses
  double seconds = 0.0;                 ///< wall time of the writing
  std::string failure = {};             ///< of the first cell that could not be computed
};

}  // namespace memspice::report
