#pragma once
// What each part of the periphery costs a network: accuracy, and the circuits behind it.

#include <optional>
#include <string>
#include <vector>

#include "simulate/share.hpp"

namespace memspice::report {

/// One part with its measured behaviour.
struct PeripheryCost {
  std::string part;    ///< "readout"
  int layers = 0;      ///< that it acts on
  int circuits = 0;    ///< distinct ones behind it
  double error = 0.0;  ///< largest of their errors against the ideal function, of full scale
  simulate::Share alone = {};     ///< accuracy with this part alone, the others exact, 0 .. 1
  simulate::Share together = {};  ///< accuracy with this part and all before it
  std::optional<simulate::PairedChange> alone_change = {}, together_change = {};  ///< from the base
};

/// One circuit and what it serves.
struct PeripheryCircuit {
  std::string layer, circuit, size;
  double full_scale = 0.0;  ///< of the layer's values that the circuit's input range stands for;
                            ///< readouts: [A]
  double error_max = 0.0;   ///< against the ideal function, of full scale
  double error_rms = 0.0;
  std::optional<double> curve_error = {};  ///< of the curve against ngspice, of full scale; absent:
                                           ///< every possible input is a point of it
  double offset = 0.0;                     ///< [V]
  double settling = 0.0;                   ///< [s]
  double energy = 0.0;                     ///< of one settling [J]
  long uses = 0;                           ///< settlings per image; 0: the cost model counts them
};

/// A tile with its lines' capacitance, stepped from 0 V to the read voltage on all word lines.
struct ArrayStep {
  std::string tile;
  int word_lines = 0, bit_lines = 0;
  double settling = 0.0;  ///< of every bit line's current to half an LSB [s]
  double estimate = 0.0;  ///< Elmore delay times ln(2^(bits + 1)) [s]
  double energy = 0.0;    ///< that charging takes beyond what the cells dissipate [J]
  /// What ngspice leaves at the nodes that our own integration gives, all together, of the largest
  /// output at rest; absent: ngspice's own transient, or a run that asks the store alone.
  std::optional<double> residual = {};
};

struct NetworkPeripheryReport {
  std::string base_name;               ///< of the pass that the parts are added to: "calibrated"
  simulate::Share base = {};           ///< its accuracy
  simulate::Share no_converters = {};  ///< the same with converters that neither round nor clip
  simulate::Share all = {};            ///< accuracy with all parts
  std::optional<simulate::PairedChange> no_converters_change = {};  ///< from the base
  std::optional<simulate::PairedChange> all_change = {};
  std::optional<double> dice = {};  ///< with all parts, where pixels are labelled
  std::vector<PeripheryCost> parts = {};
  std::vector<PeripheryCircuit> circuits = {};
  std::optional<ArrayStep> array = {};
  std::vector<std::string> exact = {};  ///< what stays ideal, and why
  double seconds = 0.0;                 ///< wall time of the passes
};

}  // namespace memspice::report
