#pragma once
// A rung of the accuracy ladder: one walk of all test images through the network, and how its
// crossbars are computed on it.

#include <map>
#include <string>

#include "simulate/options.hpp"

namespace memspice::study {

struct Rung {
  std::string name;                                              ///< of the fidelity, or "flow"
  simulate::Fidelity fidelity = simulate::Fidelity::Calibrated;  ///< of layers on crossbars
  /// Layers at a fidelity of their own; float: off crossbars.
  std::map<std::string, simulate::Fidelity> own_layers = {};

  simulate::Fidelity of(const std::string& layer) const;
  /// "calibrated", or "as set" where layers differ.
  std::string fidelity_text() const;
};

}  // namespace memspice::study
