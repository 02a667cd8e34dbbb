#pragma once
// The cost of a spectral network before it is trained, as a table and as keys.

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "spectral/digital_cost.hpp"

namespace memspice::report {

/// A spectral network's shape and what it takes.
struct SpectralCost {
  spectral::Architecture architecture;
  spectral::NetworkCost cost;
  spectral::Counts transform;  ///< of the image
  bool fused = true;
  spectral::DigitalCard card;
  int lanes = 16;
};
SpectralCost spectral_cost(const spectral::Architecture& architecture,
                           bool fused,
                           const spectral::DigitalCard& card,
                           int lanes);

std::string spectral_cost_text(const SpectralCost& cost);
/// "layers", "total" (of the layers), "transform", "classifier",
/// "energy_joule".
nlohmann::ordered_json spectral_cost_json(const SpectralCost& cost);
std::string to_json(const SpectralCost& cost);  ///< the same as a file holds it

/// Energy per image of transform, layers and classifier [J].
double spectral_energy(const SpectralCost& cost);

}  // namespace memspice::report
