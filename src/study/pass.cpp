#include "study/pass.hpp"

namespace memspice::study {

simulate::Fidelity Pass::of(const std::string& layer) const {
  const auto own = own_layers.find(layer);
  return own == own_layers.end() ? fidelity : own->second;
}

std::string Pass::fidelity_text() const {
  return own_layers.empty() ? std::string(simulate::to_text(fidelity)) : "as set";
}

}  // namespace memspice::study
