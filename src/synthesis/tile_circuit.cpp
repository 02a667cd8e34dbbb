#include "synthesis/tile_circuit.hpp"

#include <cmath>
#include <map>

#include "base/error.hpp"
#include "base/text.hpp"
#include "circuit/name.hpp"
#include "synthesis/array_lines.hpp"

namespace memspice::synthesis {
namespace {

using circuit::Circuit;
using circuit::Instance;
using circuit::kGround;
using circuit::Kind;
using circuit::NetId;

[[noreturn]] void reject(const std::string& place,
                         const std::string& value,
                         const std::string& rule,
                         const std::string& remedy) {
  throw InputError({.place = place, .value = value, .rule = rule, .remedy = remedy});
}

std::string shape(const Eigen::MatrixXd& matrix) {
  return std::to_string(matrix.rows()) + "x" + std::to_string(matrix.cols());
}

void check_length(const std::vector<double>& per_line,
                  Eigen::Index lines,
                  const std::string& place) {
  if (per_line.empty() || static_cast<Eigen::Index>(per_line.size()) == lines) return;
  reject(place,
         std::to_string(per_line.size()) + " values",
         "the tile has " + std::to_string(lines) + " such lines",
         "give one value per line or none");
}

void check_inputs(const TileSpec& spec, const Eigen::MatrixXd& V) {
  if (V.rows() != spec.G.rows() || V.cols() == 0) {
    reject(spec.name + ".V",
           shape(V),
           "needs a row for each of the " + std::to_string(spec.G.rows()) +
               " word lines and at least one column",
           "give one voltage per word line and vector");
  }
  if (!V.allFinite()) reject(spec.name + ".V", "", "holds NaN or infinity", "give finite voltages");
}

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

void add_zero_volts(Circuit& circuit, const std::string& name, NetId net) {
  Instance source;
  source.name = name;
  source.kind = Kind::VoltageSource;
  source.pins = {net, kGround};
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
      add_zero_volts(circuit, "open_" + std::to_string(i), line.nodes.front());
    }
  }
}

/// The sense of one bit line: all its ends meet in one ammeter, a source of 0 V.
void add_sense(Circuit& circuit, const std::string& number, const LineNets& line) {
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
  add_zero_volts(circuit, "sense_" + number, summed);
}

void add_senses(TileBench& bench, const std::vector<LineNets>& bit_lines) {
  for (std::size_t j = 0; j < bit_lines.size(); ++j) {
    add_sense(bench.circuit, std::to_string(j), bit_lines[j]);
    bench.analysis.probes.push_back(
        {circuit::Probe::Kind::SourceCurrent, "sense_" + std::to_string(j)});
  }
}

/// Adds a probe per net of the lines; returns lines x crossings.
Eigen::MatrixXi probe_nodes(TileBench& bench,
                            const std::vector<LineNets>& lines,
                            std::map<int, int>& known) {
  Eigen::MatrixXi probes(lines.size(), lines.front().nodes.size());
  for (Eigen::Index a = 0; a < probes.rows(); ++a) {
    for (Eigen::Index b = 0; b < probes.cols(); ++b) {
      const NetId net = lines[static_cast<std::size_t>(a)].nodes[static_cast<std::size_t>(b)];
      const int next = static_cast<int>(bench.analysis.probes.size());
      const auto [probe, is_new] = known.emplace(net.value, next);
      if (is_new) {
        bench.analysis.probes.push_back(
            {circuit::Probe::Kind::NetVoltage, bench.circuit.net_name(net)});
      }
      probes(a, b) = probe->second;
    }
  }
  return probes;
}

/// Gives the lines of a hierarchical bench nets of their own, and the subcircuit its instance.
void instantiate(Circuit& top, const std::shared_ptr<const Circuit>& array, ArrayNets& nets) {
  Instance instance;
  instance.name = "array";
  instance.kind = Kind::Subcircuit;
  instance.model = array->name();
  for (const NetId port : array->ports())
    instance.pins.push_back(top.add_net(array->net_name(port)));
  const auto rename = [&](std::vector<NetId>& terminals) {
    for (NetId& net : terminals) net = *top.find_net(array->net_name(net));
  };
  for (LineNets& line : nets.word_lines) rename(line.terminals);
  for (LineNets& line : nets.bit_lines) rename(line.terminals);
  if (instance.pins.empty()) return;
  top.add_subcircuit(array);
  top.add(std::move(instance));
}

struct BuiltArray {
  std::shared_ptr<const Circuit> circuit;
  ArrayNets nets;
};

void add_ports(std::vector<NetId>& ports, const std::vector<LineNets>& lines, std::size_t end) {
  for (const LineNets& line : lines) {
    if (line.terminals.size() <= end) continue;
    const NetId net = line.terminals[end];
    if (end > 0 && net == line.terminals.front()) continue;
    ports.push_back(net);
  }
}

BuiltArray build_array(const TileSpec& spec) {
  auto array = std::make_shared<Circuit>(circuit::legal_name(spec.name));
  BuiltArray built{array, add_array(*array, spec, true)};
  std::vector<NetId> ports;
  for (const std::size_t end : {0U, 1U}) add_ports(ports, built.nets.word_lines, end);
  for (const std::size_t end : {0U, 1U}) add_ports(ports, built.nets.bit_lines, end);
  array->set_ports(std::move(ports));
  return built;
}

}  // namespace

void TileSpec::validate() const {
  if (G.size() == 0) reject(name + ".G", shape(G), "is empty", "give at least one cell");
  if (!G.allFinite() || G.minCoeff() < 0) {
    reject(name + ".G", "", "conductances must be finite and at least 0 S", "0 S is an open cell");
  }
  if (!std::isfinite(alpha) || alpha < 0) {
    reject(name + ".alpha", to_text(alpha), "must be finite and at least 0 per volt", "0 is ohmic");
  }
  wiring.validate(name);
  check_length(wiring.driver_per_line, G.rows(), name + ".driver_per_line");
  check_length(wiring.sense_per_line, G.cols(), name + ".sense_per_line");
}

TileBench build_tile_bench(const TileSpec& spec,
                           const Eigen::MatrixXd& V,
                           const TileBenchOptions& options) {
  spec.validate();
  check_inputs(spec, V);
  const std::string name = circuit::legal_name(spec.name);
  TileBench bench{
      Circuit(options.hierarchical ? circuit::legal_name("bench_" + name) : name), {}, {}, {}};
  ArrayNets nets;
  if (options.hierarchical) {
    BuiltArray built = build_array(spec);
    nets = std::move(built.nets);
    instantiate(bench.circuit, built.circuit, nets);
  } else {
    nets = add_array(bench.circuit, spec, false);
  }
  add_drivers(bench.circuit, nets.word_lines, V);
  add_senses(bench, nets.bit_lines);
  bench.analysis.type = circuit::StimulusSweep{static_cast<int>(V.cols())};
  if (options.node_voltages && !options.hierarchical) {
    std::map<int, int> known;
    bench.word_line_probe = probe_nodes(bench, nets.word_lines, known);
    bench.bit_line_probe = probe_nodes(bench, nets.bit_lines, known).transpose();
  }
  return bench;
}

std::shared_ptr<const Circuit> build_tile_array(const TileSpec& spec) {
  spec.validate();
  return build_array(spec).circuit;
}

}  // namespace memspice::synthesis
