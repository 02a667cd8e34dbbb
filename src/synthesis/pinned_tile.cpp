#include "synthesis/pinned_tile.hpp"

#include <algorithm>
#include <map>

#include "circuit/name.hpp"
#include "synthesis/array_lines.hpp"

namespace memspice::synthesis {
namespace {

using circuit::Circuit;
using circuit::Instance;
using circuit::Kind;
using circuit::NetId;
using Role = PinnedTile::Role;

constexpr int no_pin = -1;

/// Numbers nets as pins, in the order in which they are first named.
class Pins {
 public:
  int pin_of(NetId net, PinnedTile::Pin pin, int order) {
    const auto [known, is_new] = index_.emplace(net.value, static_cast<int>(held_.size()));
    if (is_new) {
      held_.push_back({net, order});
      pins_.push_back(pin);
    }
    return known->second;
  }
  int find(NetId net) const {
    const auto known = index_.find(net.value);
    return known == index_.end() ? no_pin : known->second;
  }
  const std::vector<circuit::HeldNet>& held() const noexcept { return held_; }
  std::vector<PinnedTile::Pin> take() && { return std::move(pins_); }

 private:
  std::map<int, int> index_;  ///< by net
  std::vector<circuit::HeldNet> held_;
  std::vector<PinnedTile::Pin> pins_;
};

/// A line's terminals joined by their resistances to one net of their own, which stands for the
/// source; without resistance the terminal is that net. A line without a cell or without a
/// terminal gets none: no current flows in it.
void add_terminal(
    Circuit& circuit, Pins& pins, const LineNets& line, PinnedTile::Pin pin, const char* name) {
  if (!line.has_cells || line.terminals.empty()) return;
  if (line.termination == 0) {
    for (const NetId net : line.terminals) pins.pin_of(net, pin, no_pin);
    return;
  }
  const std::string named = name + std::to_string(pin.line);
  const NetId source = circuit.add_net(named);
  pins.pin_of(source, pin, no_pin);
  for (std::size_t k = 0; k < line.terminals.size(); ++k) {
    circuit.add({.name = named + "_r" + std::to_string(k),
                 .pins = {line.terminals[k], source},
                 .value = line.termination});
  }
}

void add_terminals(Circuit& circuit, Pins& pins, const ArrayNets& nets) {
  for (std::size_t k = 0; k < nets.word_lines.size(); ++k) {
    add_terminal(circuit, pins, nets.word_lines[k], {Role::Driver, static_cast<int>(k)}, "drive_");
  }
  for (std::size_t j = 0; j < nets.bit_lines.size(); ++j) {
    add_terminal(circuit, pins, nets.bit_lines[j], {Role::Sense, static_cast<int>(j)}, "sense_");
  }
  for (const auto& [i, net] : nets.gates) pins.pin_of(net, {Role::Gate, i}, i);
}

/// Pins of the nodes of one family of lines, lines x crossings. `order_by_line`: nodes of one line
/// belong together; else those of one crossing do, so that pieces are bands of word lines.
Eigen::MatrixXi pin_nodes(const Circuit& circuit,
                          Pins& pins,
                          const std::vector<LineNets>& lines,
                          bool order_by_line) {
  const auto crossings = static_cast<Eigen::Index>(lines.front().nodes.size());
  Eigen::MatrixXi found(static_cast<Eigen::Index>(lines.size()), crossings);
  for (Eigen::Index a = 0; a < found.rows(); ++a) {
    const LineNets& line = lines[static_cast<std::size_t>(a)];
    for (Eigen::Index b = 0; b < crossings; ++b) {
      const NetId net = line.nodes[static_cast<std::size_t>(b)];
      const bool is_used = line.has_cells && circuit.pins_on(net) > 0;
      const int order = static_cast<int>(order_by_line ? a : b);
      found(a, b) = is_used ? pins.pin_of(net, {Role::Node, static_cast<int>(a)}, order) : no_pin;
    }
    // Between a driver or a sense and the first wire there is a node without a cell.
    for (const NetId net : line.terminals) {
      if (line.has_cells) pins.pin_of(net, {Role::Node, static_cast<int>(a)}, no_pin);
    }
  }
  return found;
}

std::vector<PinnedTile::Wire> wires_between(const Circuit& circuit, const Pins& pins) {
  std::vector<PinnedTile::Wire> wires;
  for (const Instance& instance : circuit.instances()) {
    const bool is_cell = instance.name.starts_with("cell_");  // an ohmic one
    if (instance.kind != Kind::Resistor || is_cell) continue;
    const int a = pins.find(instance.pins[0]);
    const int b = pins.find(instance.pins[1]);
    if (a != no_pin && b != no_pin) wires.push_back({a, b, 1.0 / instance.value});
  }
  return wires;
}

/// Crossings whose two nodes hold an element: the array leaves out open cells and unreached ones.
Eigen::MatrixXi cells_of(const TileSpec& spec, const Circuit& circuit) {
  Eigen::MatrixXi is_cell(spec.G.rows(), spec.G.cols());
  for (Eigen::Index i = 0; i < spec.G.rows(); ++i) {
    for (Eigen::Index j = 0; j < spec.G.cols(); ++j) {
      const std::string name = "cell_" + std::to_string(i) + "_" + std::to_string(j);
      is_cell(i, j) = circuit.find_instance(name) ? 1 : 0;
    }
  }
  return is_cell;
}

}  // namespace

PinnedTile build_pinned_tile(const TileSpec& spec, int nets_per_piece) {
  spec.validate();
  Circuit circuit(circuit::legal_name(spec.name));
  const ArrayNets nets = add_array(circuit, spec, false);
  Pins pins;
  add_terminals(circuit, pins, nets);
  const bool shared = spec.source_line == SourceLine::Shared;
  PinnedTile tile;
  tile.word_pin = pin_nodes(circuit, pins, nets.word_lines, shared);
  if (!shared) tile.word_pin.transposeInPlace();
  tile.bit_pin = pin_nodes(circuit, pins, nets.bit_lines, false).transpose();
  tile.is_cell = cells_of(spec, circuit);
  tile.wires = wires_between(circuit, pins);
  tile.pieces = circuit::cut_at(circuit, pins.held(), nets_per_piece);
  tile.pins = std::move(pins).take();
  return tile;
}

}  // namespace memspice::synthesis
