#pragma once
// What layers computed in the spectrum give: accuracy, operations, memory words, energy.

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "simulate/share.hpp"
#include "spectral/digital_cost.hpp"

namespace memspice::report {

/// A layer that is computed digitally.
struct SpectralLayer {
  std::string name;
  std::string path;                 ///< "spectral", "float", or "digital" in a spectral network
  int transform = 0;                ///< side of its transforms [pixels]; 0: it has none
  spectral::Counts counts = {};     ///< per image, as it is computed
  spectral::Counts spatial = {};    ///< the same layer in space; zeros in a spectral network
  double seconds_spectral = 0.0;    ///< measured per image on one thread; 0: not measured [s]
  double seconds_spatial = 0.0;     ///< [s]
  spectral::DigitalCost cost = {};  ///< per image
};

struct SpectralReport {
  bool is_network = false;              ///< a spectral network, not convolutions of an ordinary one
  simulate::Share float_accuracy = {};  ///< of the layer graph in float
  simulate::Share accuracy = {};        ///< with these layers in the spectrum, all others in float
  double largest_difference = 0.0;      ///< of the scores from float's, relative to their largest
  std::optional<simulate::PairedChange> change = {};  ///< from float
  double seconds = 0.0;                               ///< of one pass over all images
  std::vector<SpectralLayer> layers = {};
  spectral::Counts total = {};
  spectral::DigitalCost total_cost = {};
  int lanes = 16;
  double area = 0.0;      ///< of the unit that computes them [m^2]
  std::string card = {};  ///< of its arithmetic
};

/// The keys of the counts: real_multiplications, real_additions, words_in, words_kernel, words_out.
nlohmann::ordered_json counts_json(const spectral::Counts& counts);

}  // namespace memspice::report
