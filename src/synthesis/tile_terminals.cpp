#include "synthesis/tile_terminals.hpp"

namespace memspice::synthesis {
namespace {

using circuit::Circuit;
using circuit::Instance;
using circuit::kGround;
using circuit::Kind;
using circuit::NetId;

void add_source(Circuit& circuit,
                Kind kind,
                const std::string& name,
                std::vector<NetId> pins,
                const Eigen::VectorXd& levels) {
  Instance source;
  source.name = name;
  source.kind = kind;
  source.pins = std::move(pins);
  source.waveform = circuit::Swept{{levels.begin(), levels.end()}};
  circuit.add(std::move(source));
}

void add_resistor(Circuit& circuit, const std::string& name, NetId a, NetId b, double R) {
  Instance resistor;
  resistor.name = name;
  resistor.pins = {a, b};
  resistor.value = R;
  circuit.add(std::move(resistor));
}

void add_constant(Circuit& circuit, const std::string& name, NetId net, double V) {
  Instance source;
  source.name = name;
  source.kind = Kind::VoltageSource;
  source.pins = {net, kGround};
  source.waveform = circuit::Dc{V};
  circuit.add(std::move(source));
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
  if (R == 0)
    return add_source(circuit, Kind::VoltageSource, "drive_" + number, {terminal, kGround}, V);
  add_source(circuit, Kind::CurrentSource, "drive_" + number, {kGround, terminal}, V / R);
  add_resistor(circuit, "driver_" + number, terminal, kGround, R);
}

/// An ammeter to ground, or to levels[k] [V] at vector k where there are levels.
void add_ammeter(Circuit& circuit,
                 const std::string& name,
                 NetId net,
                 const Eigen::VectorXd& levels) {
  if (levels.size() == 0) return add_constant(circuit, name, net, 0.0);
  add_source(circuit, Kind::VoltageSource, name, {net, kGround}, levels);
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
      add_resistor(circuit, name + "_r", line.terminals[k], summed, line.termination);
    }
  }
  add_ammeter(circuit, "sense_" + number, summed, levels);
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
      add_constant(circuit, "open_" + std::to_string(i), line.nodes.front(), 0.0);
    }
  }
}

void add_senses(Circuit& circuit,
                const std::vector<LineNets>& bit_lines,
                const Eigen::MatrixXd& V) {
  for (std::size_t j = 0; j < bit_lines.size(); ++j) {
    const Eigen::VectorXd levels =
        V.size() == 0 ? Eigen::VectorXd() : Eigen::VectorXd(V.row(static_cast<Eigen::Index>(j)));
    add_sense(circuit, std::to_string(j), bit_lines[j], levels);
  }
}

void add_gates(Circuit& circuit,
               const std::map<int, NetId>& gates,
               const Eigen::MatrixXd& V,
               double standard) {
  for (const auto& [i, net] : gates) {
    const std::string name = "gate_" + std::to_string(i);
    if (V.size() > 0) {
      add_source(circuit, Kind::VoltageSource, name, {net, kGround}, V.row(i));
    } else {
      add_constant(circuit, name, net, standard);
    }
  }
}

}  // namespace memspice::synthesis
