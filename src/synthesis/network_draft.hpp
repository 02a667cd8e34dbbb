#pragma once
// A network's circuit while it is being drawn: supplies, sources, and the nets of its tensors.

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "circuit/circuit.hpp"
#include "crossbar/topology.hpp"
#include "synthesis/network_stage.hpp"
#include "synthesis/tile_circuit.hpp"

namespace memspice::synthesis {

class NetworkDraft {
 public:
  using NetId = circuit::NetId;
  using Nets = std::vector<NetId>;

  NetworkDraft(const std::string& name, const device::AnalogFigures& figures);

  circuit::Circuit& circuit() noexcept { return top_; }
  const device::AnalogFigures& figures() const noexcept { return figures_; }
  NetId vdd() const noexcept { return vdd_; }
  NetId vss() const noexcept { return vss_; }

  /// Parts; free text becomes a legal name.
  NetId net(const std::string& name);
  Nets nets(const std::string& base, int count);  ///< base_0 ..
  void resistor(const std::string& name, NetId a, NetId b, double R);
  void source(const std::string& name, NetId net, circuit::Waveform wave);
  /// An instance; pins in the order of the body's ports.
  void block(const std::string& name,
             const std::shared_ptr<const circuit::Circuit>& body,
             std::vector<NetId> pins);
  /// A net without pins, or with one, leads to ground through a leak.
  void leak(NetId net, int pins);

  /// The net of all gate lines, held at `V`: every gate is on while inputs are amplitudes.
  NetId gate(double V);

  /// The nets of a tensor, by LayerId.
  std::map<int, Nets>& tensors() noexcept { return tensors_; }
  /// That of one element; what lies outside a plane is ground.
  NetId element(network::LayerId id, int index) const;

 private:
  circuit::Circuit top_;
  const device::AnalogFigures& figures_;
  NetId vdd_, vss_;
  std::optional<NetId> gate_;
  std::map<int, Nets> tensors_;
};

/// What arrays are made of, and how pairs lie on them.
struct ArrayMake {
  /// The array of a tile, drivers and senses included.
  std::function<TileSpec(const mapping::Tile&)> spec;
  /// Where bit lines subtract, word lines take an input and its inverse, and the readout's other
  /// input stays open.
  std::shared_ptr<const crossbar::Topology> topology;
};
/// Bare cells of alpha [1/V], pairs on neighbouring bit lines.
ArrayMake bare_arrays(double alpha = 0.0, const crossbar::Wiring& wiring = {});

/// Crossbars, bias drivers, inverters and readouts of a layer with weights; returns its outputs'
/// nets.
NetworkDraft::Nets add_array_stage(NetworkDraft& draft,
                                   const NetworkStage& stage,
                                   const ArrayMake& make);

}  // namespace memspice::synthesis
