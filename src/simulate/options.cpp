#include "simulate/options.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

namespace memspice::simulate {

std::vector<Fidelity> fidelities() {
  std::vector<Fidelity> all{Fidelity::Float};
  for (const tile::ModelKind& model : tile::model_kinds()) all.emplace_back(model.name);
  all.push_back(Fidelity::Spice);
  return all;
}

Fidelity parse_fidelity(std::string_view name, std::string_view place) {
  std::vector<std::string> known;
  for (const Fidelity fidelity : fidelities()) {
    if (name == fidelity.name()) return fidelity;
    known.emplace_back(fidelity.name());
  }
  throw InputError({.place = std::string(place),
                    .value = '"' + std::string(name) + '"',
                    .rule = "is no fidelity",
                    .remedy = suggest(name, known)});
}

}  // namespace memspice::simulate
