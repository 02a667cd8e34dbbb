#include "study/rung.hpp"

namespace memspice::study {

simulate::Fidelity Rung::of(const std::string& layer) const {
  const auto own = own_layers.find(layer);
  return own == own_layers.end() ? fidelity : own->second;
}

std::string Rung::fidelity_text() const {
  return own_layers.empty() ? std::string(simulate::to_text(fidelity)) : "as set";
}

}  // namespace memspice::study
