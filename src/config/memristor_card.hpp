#pragma once
// Cards of the memristor models, read as strictly as every other file.

#include <memory>
#include <optional>
#include <string>

#include "config/flow_options.hpp"
#include "config/model_catalog.hpp"
#include "device/current_table.hpp"
#include "device/memristor.hpp"
#include "device/memristor_card.hpp"
#include "device/nonideality.hpp"
#include "device/read_law.hpp"
#include "periphery/trace_device.hpp"

namespace memspice::config {

/// A card with what its model says of it.
struct ModelCard {
  device::MemristorCard card;                ///< complete: optional parameters filled in
  device::ParameterTable table;              ///< its parameters, in the order of the model
  std::string subcircuit;                    ///< path of <model>.sub
  bool has_class = true;                     ///< false: ngspice alone runs it
  std::optional<device::ReadLaw> read = {};  ///< [read]; empty: no array is built of it
  device::NonidealityOptions effects = {};   ///< of the static read model: how cells differ
  std::shared_ptr<const device::TableCurrents> currents = {};  ///< of the model "table"
};

/// Reads device_models/<model>/<card>.toml, or a path; `sets`: NAME=VALUE, laid over it in order.
/// A model without a C++ class takes the parameters of its subcircuit (<model>.sub beside the card,
/// else the shipped one) with the units and bounds that the card states:
/// config/subcircuit_card.hpp. Throws InputError with file:line:column for an unknown, missing,
/// mis-united or out-of-range parameter, a missing source, and what the model itself refuses.
ModelCard load_model_card(const std::string& model,
                          const std::string& card,
                          const Overrides& sets = {});

/// Its C++ class; precondition: it has one. Throws InputError as device::make_memristor does.
std::unique_ptr<device::Memristor> make_model(const ModelCard& model);

/// What a trace takes of it; `temperature` [K].
periphery::DeviceUnderTest device_under_test(const ModelCard& model, double temperature = 300.15);

/// The card alone.
device::MemristorCard load_memristor_card(const std::string& model,
                                          const std::string& card,
                                          const Overrides& sets = {});

}  // namespace memspice::config
