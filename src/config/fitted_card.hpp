#pragma once
// A card out of what was fitted to measurements.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "config/memristor_card.hpp"
#include "device/device_fit.hpp"

namespace memspice::config {

/// A file that was fitted to.
struct MeasuredFile {
  std::string name;  ///< without its folder, so that the same data give the same card anywhere
  std::string kind;  ///< "iv"
  std::string hash;  ///< SHA-256 of its bytes
};

struct FittedCard {
  std::string name;  ///< of the card: its file is called so
  std::vector<MeasuredFile> files;
  device::DeviceFit fit;
  /// Gives what the data do not tell; of the same model.
  std::optional<ModelCard> base = {};
};

/// The card as TOML, which load_model_card reads: files, hashes and residuals as comments above,
/// each figure with its confidence as its source. The same fit gives the same bytes. Throws
/// InputError for a figure that the model needs and neither the data nor `base` tell.
std::string fitted_card_text(const FittedCard& card);

/// "V"; empty: a plain number. Precondition: the model has such a parameter.
std::string unit_of_parameter(const std::string& model, const std::string& name);

/// NAME=VALUE as values of the model's parameters in SI. Throws InputError for an unknown name or a
/// value in another unit.
std::map<std::string, double> parse_held_values(const std::string& model, const Overrides& sets);

}  // namespace memspice::config
