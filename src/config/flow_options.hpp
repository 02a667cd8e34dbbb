#pragma once
// Everything a flow file says, in SI, checked. The only place that knows TOML is this module.

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "crossbar/crossbar.hpp"
#include "device/conductance_window.hpp"
#include "device/nonideality.hpp"
#include "device/technology.hpp"
#include "engine/engine.hpp"
#include "mapping/converter_options.hpp"
#include "mapping/options.hpp"
#include "mapping/prune.hpp"
#include "network/dataset.hpp"
#include "network/import_options.hpp"
#include "report/output_options.hpp"
#include "report/provenance.hpp"
#include "simulate/options.hpp"
#include "stochastic/options.hpp"
#include "study/converter_options.hpp"
#include "study/layer_path.hpp"
#include "study/periphery_options.hpp"
#include "study/programming_options.hpp"
#include "study/spectral_options.hpp"
#include "study/variability_options.hpp"
#include "study/verify_options.hpp"
#include "tile/characterization.hpp"
#include "tile/own_cell.hpp"
#include "tile/spice_method.hpp"

namespace memspice::config {

struct DeviceOptions {
  std::string model = "static_read";   ///< folder under device_models/
  std::string card = "hfox_1t1r";      ///< parameter set of that model, or a path to one
  device::ConductanceWindow window;    ///< the card's, unless the flow overrides it
  double alpha = 0.0;                  ///< the card's, unless overridden [1/V]
  device::NonidealityOptions effects;  ///< what the card says of how cells differ
  /// Cells of a user's own subcircuit; null: the static read model.
  std::shared_ptr<const tile::OwnCell> cell = nullptr;
};

struct ArrayOptions {
  crossbar::Wiring wiring;                  ///< the technology card's, unless overridden
  double read_voltage = 0.2;                ///< [V]
  double read_time = 0.0;                   ///< [s]
  std::string technology = "generic_45nm";  ///< name under device_models/technology/, or a path
  std::string topology = "1r";              ///< cells: "1r", "1t1r" or "1s1r"
  device::Access access = {};               ///< what stands in series with each memristor
  crossbar::PairLayout pairs = crossbar::PairLayout::NeighbouringBitLines;
  crossbar::SourceLine source_line = crossbar::SourceLine::Shared;
  bool pulses = false;  ///< inputs bit after bit, as pulses of the read voltage
};

struct DataOptions {
  network::DatasetOptions test;         ///< the images to score
  network::DatasetOptions calibration;  ///< for ranges and stimuli; never the test images
};

/// One run. Field defaults are what an absent key means.
struct FlowOptions {
  std::filesystem::path file;  ///< the flow file
  std::string name;            ///< its stem: "lenet5_fashion"
  std::string variant;         ///< which [[variant]] of it; empty: it has none
  std::uint64_t seed = 1;
  int jobs = 0;                            ///< threads and workers; 0: all cores
  std::filesystem::path out;               ///< results folder
  std::filesystem::path network_file;      ///< empty: the flow is about [periphery] alone
  network::ImportOptions network_options;  ///< what the file leaves open
  double expected_accuracy = 0.0;  ///< of the float network, as its training gave; 0: not told
  DataOptions data;
  DeviceOptions device;
  ArrayOptions array;
  mapping::Options mapping;
  mapping::ConverterOptions converters;
  study::ConverterErrorOptions converter_errors;  ///< [converters] too
  mapping::PruneOptions prune;
  tile::CharacterizeOptions characterize;
  simulate::FidelityOptions fidelity;
  device::NonidealityOptions nonideality;
  study::MonteCarloOptions monte_carlo;
  study::ProgrammingOptions programming;
  study::VerifyOptions verify;
  /// [path]: layer -> crossbar | spectral | fastest | bitstream | float
  study::Paths path;
  study::SpectralOptions spectral;
  stochastic::Options bitstream;
  study::PeripheryOptions periphery;
  engine::Options spice;
  tile::SpiceMethod spice_method = tile::SpiceMethod::Pinned;  ///< asked for
  std::filesystem::path store;
  report::OutputOptions output;
  report::Origin origin;
};

/// Command-line overrides: `--set table.key=value`, in order.
using Overrides = std::vector<std::string>;

/// Reads, overrides and checks a flow file. Every key is read or refused: throws InputError with
/// file:line:column, the value, the rule and the remedy. Does not open the network or the data.
/// `variant`: of a file that holds several runs, the one to read (config/read_variants.hpp).
FlowOptions load_flow(const std::filesystem::path& file,
                      const Overrides& overrides = {},
                      const std::string& variant = "");

/// Reads device_models/technology/<name>.toml, or a path.
device::Technology load_technology(const std::string& name);

/// Reads device_models/<model>/<card>.toml, or a path.
device::ReadCard load_read_card(const std::string& model, const std::string& card);

/// What the same card says of how cells differ: [nonideality.EFFECT]; mostly nothing.
device::NonidealityOptions load_card_effects(const std::string& model, const std::string& card);

}  // namespace memspice::config
