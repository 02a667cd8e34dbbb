#pragma once

#include <map>
#include <string>
#include <string_view>

namespace memspice::simulate {

/// How a layer with weights is computed.
enum class Fidelity {
  Float,       ///< the float reference
  Ideal,       ///< quantized conductances and converters, no wires
  Mesh,        ///< with line resistance, exact
  Calibrated,  ///< with line resistance and the cells' non-linearity, fitted to ngspice
  Spice,       ///< every vector through ngspice
};
Fidelity parse_fidelity(std::string_view name, std::string_view place);  ///< throws InputError
std::string_view to_text(Fidelity fidelity);

/// [fidelity]: one default, and one per layer where it differs.
struct FidelityOptions {
  Fidelity standard = Fidelity::Calibrated;
  std::map<std::string, Fidelity> layers;  ///< by layer name
};

}  // namespace memspice::simulate
