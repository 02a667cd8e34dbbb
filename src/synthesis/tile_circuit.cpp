#include "synthesis/tile_circuit.hpp"

#include <cmath>
#include <map>

#include "base/error.hpp"
#include "base/text.hpp"
#include "circuit/name.hpp"
#include "synthesis/array_lines.hpp"
#include "synthesis/tile_terminals.hpp"

namespace memspice::synthesis {
namespace {

using circuit::Circuit;
using circuit::Instance;
using circuit::Kind;
using circuit::NetId;

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

void check_levels(const std::string& place,
                  const Eigen::MatrixXd& V,
                  Eigen::Index lines,
                  const std::string& kind) {
  if (V.rows() != lines || V.cols() == 0) {
    reject(place,
           shape(V),
           "needs a row for each of the " + std::to_string(lines) + ' ' + kind +
               " lines and at least one column",
           "give one voltage per " + kind + " line and vector");
  }
  if (!V.allFinite()) reject(place, "", "holds NaN or infinity", "give finite voltages");
}

void check_inputs(const TileSpec& spec, const Eigen::MatrixXd& V, const TileBenchOptions& options) {
  const bool shared = spec.source_line == SourceLine::Shared;
  check_levels(spec.name + ".V", V, spec.driven_lines(), shared ? "word" : "source");
  const auto check_other = [&](const Eigen::MatrixXd& levels,
                               const std::string& key,
                               Eigen::Index lines,
                               const std::string& kind) {
    if (levels.size() == 0) return;
    check_levels(spec.name + '.' + key, levels, lines, kind);
    if (levels.cols() == V.cols()) return;
    reject(spec.name + '.' + key,
           std::to_string(levels.cols()) + " vectors",
           "V has " + std::to_string(V.cols()),
           "give one column per vector");
  };
  check_other(options.gate_voltage, "gate_voltage", spec.G.rows(), "gate");
  check_other(options.bit_line_voltage, "bit_line_voltage", spec.G.cols(), "bit");
  if (options.gate_voltage.size() > 0 && !spec.cell.has_gate()) {
    reject(spec.name + ".gate_voltage", "", "the cells have no gate", "leave it empty");
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
  for (auto& [i, net] : nets.gates) net = *top.find_net(array->net_name(net));
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
  for (const auto& [i, net] : built.nets.gates) ports.push_back(net);
  array->set_ports(std::move(ports));
  return built;
}

void validate_cell(const TileSpec& spec) {
  device::validate_access(spec.cell.access, spec.name + ".cell");
  if (spec.source_line == SourceLine::AlongBitLine && !spec.cell.has_gate()) {
    reject(spec.name + ".source_line",
           "",
           "source lines along the bit lines need cells that a gate switches",
           "give the cells a transistor, or let the word lines carry the current");
  }
  if (spec.cell.memristor && spec.cell.memristor->definition.ports.size() < 2) {
    reject(spec.name + ".cell",
           spec.cell.memristor->definition.name,
           "a memristor has two ports at least: word-line side, bit-line side",
           "name another definition");
  }
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
  check_length(wiring.driver_per_line, driven_lines(), name + ".driver_per_line");
  check_length(wiring.sense_per_line, G.cols(), name + ".sense_per_line");
  validate_cell(*this);
}

namespace {

/// The array in the bench: as a subcircuit of its own, or its parts.
ArrayNets place_array(Circuit& top, const TileSpec& spec, bool hierarchical) {
  if (!hierarchical) return add_array(top, spec, false);
  BuiltArray built = build_array(spec);
  instantiate(top, built.circuit, built.nets);
  return std::move(built.nets);
}

void probe_voltages(TileBench& bench, const TileSpec& spec, const ArrayNets& nets) {
  std::map<int, int> known;
  bench.word_line_probe = probe_nodes(bench, nets.word_lines, known);
  if (spec.source_line == SourceLine::AlongBitLine) bench.word_line_probe.transposeInPlace();
  bench.bit_line_probe = probe_nodes(bench, nets.bit_lines, known).transpose();
}

}  // namespace

TileBench build_tile_bench(const TileSpec& spec,
                           const Eigen::MatrixXd& V,
                           const TileBenchOptions& options) {
  spec.validate();
  check_inputs(spec, V, options);
  const std::string name = circuit::legal_name(spec.name);
  TileBench bench{
      Circuit(options.hierarchical ? circuit::legal_name("bench_" + name) : name), {}, {}, {}};
  const ArrayNets nets = place_array(bench.circuit, spec, options.hierarchical);
  add_drivers(bench.circuit, nets.word_lines, V);
  bench.analysis.probes = add_senses(bench.circuit, nets.bit_lines, options.bit_line_voltage);
  if (spec.cell.has_gate()) {
    const auto& transistor = std::get<device::AccessTransistor>(spec.cell.access);
    add_gates(bench.circuit, nets.gates, options.gate_voltage, transistor.gate_voltage);
  }
  bench.analysis.type = circuit::StimulusSweep{static_cast<int>(V.cols())};
  if (options.node_voltages && !options.hierarchical) probe_voltages(bench, spec, nets);
  return bench;
}

std::shared_ptr<const Circuit> build_tile_array(const TileSpec& spec) {
  spec.validate();
  return build_array(spec).circuit;
}

}  // namespace memspice::synthesis
