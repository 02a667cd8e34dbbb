#pragma once
// A rung of the accuracy ladder: one walk of all test images through the network, and how its
// crossbars are computed on it.

#include <map>
#include <string>
#include <vector>

#include "simulate/options.hpp"
#include "study/converter_options.hpp"

namespace memspice::study {

struct Rung {
  std::string name;  ///< of the fidelity, "flow", or of report::kConverterPasses
  simulate::Fidelity fidelity = simulate::Fidelity::Calibrated;  ///< of layers on crossbars
  /// Layers at a fidelity of their own; float: off crossbars.
  std::map<std::string, simulate::Fidelity> own_layers = {};

  ConverterEffects converters = {};  ///< that act

  simulate::Fidelity of(const std::string& layer) const;
  /// "calibrated", or "as set" where layers differ.
  std::string fidelity_text() const;
};

/// `last` with what each figure of the converters adds, one on top of the other; none where they
/// are ideal.
std::vector<Rung> converter_rungs(const ConverterErrorOptions& options, const Rung& last);

}  // namespace memspice::study
