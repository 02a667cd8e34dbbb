#include "simulate/options.hpp"

#include <array>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/text.hpp"

namespace memspice::simulate {
namespace {

constexpr std::array<std::pair<Fidelity, const char*>, 5> kFidelities{
    {{Fidelity::Float, "float"},
     {Fidelity::Ideal, "ideal"},
     {Fidelity::Mesh, "mesh"},
     {Fidelity::Calibrated, "calibrated"},
     {Fidelity::Spice, "spice"}}};

}  // namespace

Fidelity parse_fidelity(std::string_view name, std::string_view place) {
  std::vector<std::string> known;
  for (const auto& [fidelity, text] : kFidelities) {
    if (name == text) return fidelity;
    known.emplace_back(text);
  }
  throw InputError({.place = std::string(place),
                    .value = '"' + std::string(name) + '"',
                    .rule = "is no fidelity",
                    .remedy = suggest(name, known)});
}

std::string_view to_text(Fidelity fidelity) {
  for (const auto& [known, text] : kFidelities) {
    if (known == fidelity) return text;
  }
  return "";
}

}  // namespace memspice::simulate
