#include "study/pass.hpp"

namespace memspice::study {

std::string path_of(const Paths& paths, const std::string& layer) {
  auto path = paths.find(layer);
  if (path == paths.end()) path = paths.find("default");
  return path == paths.end() ? std::string() : path->second;
}

bool runs_on_crossbars(const Paths& paths, const std::string& layer) {
  const std::string path = path_of(paths, layer);
  return path.empty() || path == "crossbar";
}

simulate::Fidelity Pass::of(const std::string& layer) const {
  const auto own = own_layers.find(layer);
  return own == own_layers.end() ? fidelity : own->second;
}

std::string Pass::fidelity_text() const {
  return own_layers.empty() ? std::string(simulate::to_text(fidelity)) : "as set";
}

}  // namespace memspice::study
