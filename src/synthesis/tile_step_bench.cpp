#include "synthesis/tile_step_bench.hpp"

#include <cmath>
#include <map>

#include "base/error.hpp"
#include "base/text.hpp"
#include "circuit/name.hpp"
#include "synthesis/array_lines.hpp"
#include "synthesis/block_bench.hpp"
#include "synthesis/tile_terminals.hpp"

namespace memspice::synthesis {
namespace {

using circuit::Circuit;
using circuit::kGround;
using circuit::Kind;
using circuit::NetId;

/// A voltage source that steps, behind the driver's resistance.
void add_step(TileStepBench& bench,
              const std::string& number,
              NetId terminal,
              double R,
              double V,
              const TileStepOptions& options) {
  Circuit& circuit = bench.circuit;
  const NetId at = R > 0 ? circuit.add_net("step_" + number) : terminal;
  if (R > 0) circuit.add({.name = "driver_" + number, .pins = {at, terminal}, .value = R});
  circuit.add(
      {.name = "drive_" + number,
       .kind = Kind::VoltageSource,
       .pins = {at, kGround},
       .waveform = circuit::PiecewiseLinear{
           {0.0, options.delay, options.delay + options.rise, options.delay + options.duration},
           {0.0, 0.0, V, V}}});
  bench.analysis.probes.push_back({circuit::Probe::Kind::SourceCurrent, "drive_" + number});
}

void add_capacitors(Circuit& circuit, const ArrayNets& nets, double C) {
  std::map<int, double> at_net;
  for (const auto* lines : {&nets.word_lines, &nets.bit_lines}) {
    for (const LineNets& line : *lines) {
      for (const NetId net : line.nodes) at_net[net.value] += C;
    }
  }
  for (const auto& [net, farads] : at_net) {
    if (net == kGround.value) continue;
    circuit.add({.name = "line_" + circuit.net_name(NetId{net}),
                 .kind = Kind::Capacitor,
                 .pins = {NetId{net}, kGround},
                 .value = farads});
  }
}

void require_levels(const TileSpec& spec, const Eigen::VectorXd& V) {
  if (V.size() == spec.driven_lines() && V.allFinite()) return;
  reject(spec.name + ".V",
         std::to_string(V.size()) + " levels",
         "needs a finite level for each of the " + std::to_string(spec.driven_lines()) +
             " driven lines",
         "give one voltage per line");
}

void add_steps(TileStepBench& bench,
               const ArrayNets& nets,
               const Eigen::VectorXd& V,
               const TileStepOptions& options) {
  for (std::size_t i = 0; i < nets.word_lines.size(); ++i) {
    const LineNets& line = nets.word_lines[i];
    for (std::size_t k = 0; k < line.terminals.size(); ++k) {
      const std::string number = std::to_string(i) + (k == 0 ? "" : "_right");
      const double level = V[static_cast<Eigen::Index>(i)];
      add_step(bench, number, line.terminals[k], line.termination, level, options);
      bench.driven_line.push_back(static_cast<int>(i));
    }
  }
}

}  // namespace

void TileStepOptions::validate(const std::string& place) const {
  for (const auto& [key, value] : {std::pair{"line_capacitance", line_capacitance},
                                   {"delay", delay},
                                   {"rise", rise},
                                   {"duration", duration},
                                   {"max_step", max_step}}) {
    if (value > 0 && std::isfinite(value)) continue;
    throw InputError({.place = place + '.' + key,
                      .value = to_text(value),
                      .rule = "must be above 0",
                      .remedy = "choose another value"});
  }
}

TileStepBench build_tile_step_bench(const TileSpec& spec,
                                    const Eigen::VectorXd& V,
                                    const TileStepOptions& options) {
  spec.validate();
  options.validate(spec.name);
  require_levels(spec, V);
  TileStepBench bench{Circuit(circuit::legal_name("step_" + spec.name)), {}, {}};
  const ArrayNets nets = add_array(bench.circuit, spec, false);
  bench.analysis.probes = add_senses(bench.circuit, nets.bit_lines, {});
  add_steps(bench, nets, V, options);
  add_capacitors(bench.circuit, nets, options.line_capacitance);
  bench.analysis.type = circuit::Transient{.stop = options.delay + options.duration,
                                           .step = options.max_step,
                                           .max_step = options.max_step};
  bench.analysis.accuracy = analog_accuracy();
  bench.analysis.accuracy.abstol = 1e-15;  // the currents of weak cells are nanoamperes
  return bench;
}

double elmore_delay(const TileSpec& spec, double line_capacitance) {
  const auto m = static_cast<double>(spec.G.cols()), n = static_cast<double>(spec.G.rows());
  return line_capacitance * (m * spec.wiring.driver + m * (m + 1) / 2 * spec.wiring.row +
                             n * spec.wiring.sense + n * (n + 1) / 2 * spec.wiring.column);
}

}  // namespace memspice::synthesis
