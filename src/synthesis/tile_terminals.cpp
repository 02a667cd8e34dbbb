#include "synthesis/tile_terminals.hpp"

namespace memspice::synthesis {
namespace {

using circuit::Circuit;
using circuit::kGround;
using circuit::Kind;
using circuit::NetId;
using circuit::Swept;
using circuit::Waveform;

Swept swept(const Eigen::VectorXd& levels) {
  return {{levels.begin(), levels.end()}};
}

void add_voltage(Circuit& circuit, const std::string& name, NetId net, Waveform wave) {
  circuit.add({.name = name,
               .kind = Kind::VoltageSource,
               .pins = {net, kGround},
               .waveform = std::move(wave)});
}

/// The driver at one terminal: a voltage source, or its Norton form behind a resistance.
///
///        I = V/R                     o terminal
///   gnd --(->)--o terminal           |
///               |                   (+) V          driver = 0 Ohm
///   gnd --/\/\--+                   gnd
void add_driver(Circuit& circuit,
                const std::string& number,
                NetId terminal,
                double R,
                const Eigen::VectorXd& V) {
  if (R == 0) return add_voltage(circuit, "drive_" + number, terminal, swept(V));
  circuit.add({.name = "drive_" + number,
               .kind = Kind::CurrentSource,
               .pins = {kGround, terminal},
               .waveform = swept(V / R)});
  circuit.add({.name = "driver_" + number, .pins = {terminal, kGround}, .value = R});
}

/// Row k of V; empty where V is.
Eigen::VectorXd levels_of(const Eigen::MatrixXd& V, Eigen::Index k) {
  if (V.size() == 0) return {};
  return V.row(k);
}

/// levels[k] [V] at vector k, or `standard` [V] where there are no levels.
Waveform levels_or(const Eigen::VectorXd& levels, double standard) {
  if (levels.size() == 0) return circuit::Dc{standard};
  return swept(levels);
}

/// The sense of one bit line: all its ends meet in one ammeter.
void add_sense(Circuit& circuit,
               const std::string& number,
               const LineNets& line,
               const Eigen::VectorXd& levels) {
  const bool is_direct = line.termination == 0 && !line.terminals.empty();
  // No current flows where there is no cell: the ammeter stands alone and reads 0.
  const bool is_alone = !line.has_cells && !line.nodes.empty();
  const NetId summed = is_direct  ? line.terminals.front()
                       : is_alone ? line.nodes.front()
                                  : circuit.add_net("s_" + number);
  if (!is_direct && !is_alone) {
    for (std::size_t k = 0; k < line.terminals.size(); ++k) {
      const std::string name = "sense_" + number + (k == 0 ? "" : "_second");
      circuit.add(
          {.name = name + "_r", .pins = {line.terminals[k], summed}, .value = line.termination});
    }
  }
  add_voltage(circuit, "sense_" + number, summed, levels_or(levels, 0.0));  // an ammeter
}

}  // namespace

void add_drivers(Circuit& circuit,
                 const std::vector<LineNets>& word_lines,
                 const Eigen::MatrixXd& V) {
  for (std::size_t i = 0; i < word_lines.size(); ++i) {
    const LineNets& line = word_lines[i];
    for (std::size_t k = 0; k < line.terminals.size(); ++k) {
      const std::string number = std::to_string(i) + (k == 0 ? "" : "_right");
      add_driver(circuit,
                 number,
                 line.terminals[k],
                 line.termination,
                 V.row(static_cast<Eigen::Index>(i)));
    }
    // An open line without cells would be a net that nothing holds.
    if (line.terminals.empty() && !line.has_cells && !line.nodes.empty()) {
      add_voltage(circuit, "open_" + std::to_string(i), line.nodes.front(), circuit::Dc{0.0});
    }
  }
}

std::vector<circuit::Probe> add_senses(Circuit& circuit,
                                       const std::vector<LineNets>& bit_lines,
                                       const Eigen::MatrixXd& V) {
  std::vector<circuit::Probe> probes;
  for (std::size_t j = 0; j < bit_lines.size(); ++j) {
    const std::string number = std::to_string(j);
    add_sense(circuit, number, bit_lines[j], levels_of(V, static_cast<Eigen::Index>(j)));
    probes.push_back({circuit::Probe::Kind::SourceCurrent, "sense_" + number});
  }
  return probes;
}

void add_gates(Circuit& circuit,
               const std::map<int, NetId>& gates,
               const Eigen::MatrixXd& V,
               double standard) {
  for (const auto& [i, net] : gates) {
    add_voltage(circuit, "gate_" + std::to_string(i), net, levels_or(levels_of(V, i), standard));
  }
}

}  // namespace memspice::synthesis
