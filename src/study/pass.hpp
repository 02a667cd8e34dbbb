#pragma once
// One walk of all test images through the network, and what computes each layer on it.

#include <map>
#include <string>

#include "simulate/options.hpp"

namespace memspice::study {

/// Which path computes a layer, by its name or "default": "crossbar", "spectral", "bitstream" or
/// "float".
using Paths = std::map<std::string, std::string>;
/// A layer's own path, or the default's; empty: crossbars.
std::string path_of(const Paths& paths, const std::string& layer);
bool runs_on_crossbars(const Paths& paths, const std::string& layer);

struct Pass {
  std::string name;                                              ///< of the fidelity, or "flow"
  simulate::Fidelity fidelity = simulate::Fidelity::Calibrated;  ///< of layers on crossbars
  /// Layers at a fidelity of their own; float: off crossbars.
  std::map<std::string, simulate::Fidelity> own_layers = {};

  simulate::Fidelity of(const std::string& layer) const;
  /// "calibrated", or "as set" where layers differ.
  std::string fidelity_text() const;
};

}  // namespace memspice::study
