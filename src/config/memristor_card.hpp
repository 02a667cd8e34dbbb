#pragma once
// Cards of the dynamic memristor models, read as strictly as every other file.

#include <string>

#include "config/flow_options.hpp"
#include "device/memristor_card.hpp"

namespace memspice::config {

/// Reads device_models/<model>/<card>.toml, or a path; `sets`: NAME=VALUE, laid over it in order.
/// Optional parameters come filled in. A model without a C++ class takes the parameters of its
/// subcircuit (device_models/<model>/<model>.sub, or <model>.sub beside a card given by its path),
/// as SI numbers. Throws InputError with file:line:column for an unknown, missing, mis-united or
/// out-of-range parameter, a missing source, and what the model itself refuses.
device::MemristorCard load_memristor_card(const std::string& model,
                                          const std::string& card,
                                          const Overrides& sets = {});

/// The file of a model's subcircuit for a card named as above.
std::string subcircuit_file(const std::string& model, const std::string& card);

/// Names of the cards shipped with a model, sorted.
std::vector<std::string> shipped_cards(const std::string& model);

}  // namespace memspice::config
