#pragma once
// The visible list of analog circuits: name -> builder with its size parameters. What [periphery]
// of a flow file, `characterize` and `export --what cell:NAME` can name.

#include <map>
#include <span>
#include <string>
#include <vector>

#include "base/units.hpp"
#include "device/analog_figures.hpp"
#include "synthesis/analog_block.hpp"

namespace memspice::synthesis {

/// A number that a circuit is generated from.
struct SizeParameter {
  std::string name;  ///< "window"
  double standard = 0.0;
  bool is_whole = false;
  std::string meaning;  ///< for people
  Unit unit = Unit::None;
};

/// One circuit as a person asked for it.
struct BlockRequest {
  std::string name{};     ///< of the block; empty: the builder's choice
  std::string circuit{};  ///< of the catalogue
  Realisation realisation = Realisation::Transistor;
  std::map<std::string, double> sizes{};  ///< by parameter; absent: its standard
  double size(const std::string& parameter) const { return sizes.at(parameter); }
  int whole(const std::string& parameter) const { return static_cast<int>(size(parameter)); }
};

struct CatalogueEntry {
  std::string name;     ///< "max_pool"
  std::string summary;  ///< for people
  std::vector<SizeParameter> parameters;
  bool has_twin = true;  ///< a behavioural realisation exists
  /// `request` holds every parameter.
  std::function<AnalogBlock(const BlockRequest& request, const device::AnalogFigures&)> build;
};

/// Families of circuits, each defined beside its list. A new one: a function here, a line in
/// block_catalogue().
std::vector<CatalogueEntry> neuron_entries();
std::vector<CatalogueEntry> pooling_entries();
std::vector<CatalogueEntry> readout_entries();
std::vector<CatalogueEntry> layer_entries();

/// Every circuit.
const std::vector<CatalogueEntry>& block_catalogue();

/// The requests that `name` means, by their own name or their circuit's; of none, the catalogue's
/// circuit of that name at its standard sizes.
std::vector<BlockRequest> requests_called(const std::string& name,
                                          std::span<const BlockRequest> requests);
/// Every name that means a circuit: those of the requests, then the catalogue's.
std::vector<std::string> circuit_names(std::span<const BlockRequest> requests);

/// Throws InputError naming `place` and what is near for an unknown circuit.
const CatalogueEntry& find_circuit(const std::string& circuit, const std::string& place);

/// Builds what was asked for, absent sizes at their standard. Throws InputError naming the block
/// for an unknown circuit or parameter, a fraction where a whole number is due, a twin that does
/// not exist, and as the builders do.
AnalogBlock build_block(const BlockRequest& request, const device::AnalogFigures& figures);

/// "4" or "3 bits": the sizes of a request for people; empty when the circuit has none.
std::string describe_sizes(const BlockRequest& request);

}  // namespace memspice::synthesis
