#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "tile/model.hpp"

namespace memspice::simulate {

/// How a layer with weights is computed: in float, by one of tile::model_kinds(), or by ngspice.
class Fidelity {
 public:
  static const Fidelity Float;  ///< the float reference
  static const Fidelity Spice;  ///< every vector through ngspice
  // Tile models that other code asks for by name.
  static const Fidelity Ideal;       ///< quantized conductances and converters, no wires
  static const Fidelity Mesh;        ///< with line resistance, exact
  static const Fidelity Calibrated;  ///< and with the cells' non-linearity, fitted to ngspice
  static const Fidelity Exact;       ///< the same, every vector solved

  /// `name` must outlive it.
  constexpr explicit Fidelity(std::string_view name) noexcept : name_(name) {}
  constexpr std::string_view name() const noexcept { return name_; }
  /// Null for Float and Spice.
  const tile::ModelKind* model() const noexcept { return tile::find_model(name_); }
  /// Whether tiles at it are made of their arrays' linear responses.
  bool needs_response() const noexcept { return model() != nullptr && model()->needs_response; }
  /// Whether it takes ngspice: for a fit, or for every vector.
  bool needs_ngspice() const noexcept {
    return *this == Spice || (model() != nullptr && model()->needs_calibration);
  }
  friend bool operator==(const Fidelity&, const Fidelity&) = default;

 private:
  std::string_view name_;
};
inline constexpr Fidelity Fidelity::Float{"float"};
inline constexpr Fidelity Fidelity::Spice{"spice"};
inline constexpr Fidelity Fidelity::Ideal{"ideal"};
inline constexpr Fidelity Fidelity::Mesh{"mesh"};
inline constexpr Fidelity Fidelity::Calibrated{"calibrated"};
inline constexpr Fidelity Fidelity::Exact{"exact"};

/// Float, the tile models in their order, Spice: each adds an imperfection to the one before.
std::vector<Fidelity> fidelities();
Fidelity parse_fidelity(std::string_view name, std::string_view place);  ///< throws InputError
inline std::string_view to_text(Fidelity fidelity) {
  return fidelity.name();
}

/// [fidelity]: one default, and one per layer where it differs.
struct FidelityOptions {
  Fidelity standard = Fidelity::Calibrated;
  std::map<std::string, Fidelity> layers;  ///< by layer name
};

}  // namespace memspice::simulate
