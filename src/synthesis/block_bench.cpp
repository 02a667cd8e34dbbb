#include "synthesis/block_bench.hpp"

#include "base/error.hpp"
#include "circuit/name.hpp"

namespace memspice::synthesis {
namespace {

using circuit::Circuit;
using circuit::kGround;
using circuit::Kind;
using circuit::NetId;
using circuit::Waveform;

void add_input(Circuit& circuit, const AnalogBlock& block, int k, NetId net, Waveform wave) {
  const bool is_current = block.takes_currents;
  circuit.add({.name = "drive_" + std::to_string(k),
               .kind = is_current ? Kind::CurrentSource : Kind::VoltageSource,
               .pins = is_current ? std::vector{kGround, net} : std::vector{net, kGround},
               .waveform = std::move(wave)});
}

void add_supply(Circuit& circuit, const std::string& name, double V) {
  const NetId net = circuit.add_net(name);
  circuit.add({.name = name,
               .kind = Kind::VoltageSource,
               .pins = {net, kGround},
               .waveform = circuit::Dc{V}});
}

/// The bench, each input driven as `wave(k)` says.
template <typename WaveOf>
BlockBench build_bench(const AnalogBlock& block,
                       const device::AnalogFigures& figures,
                       const WaveOf& wave) {
  BlockBench bench{Circuit(circuit::legal_name("bench_" + block.body->name())), {}};
  Circuit& top = bench.circuit;
  add_supply(top, "vdd", figures.vdd.value);
  add_supply(top, "vss", figures.vss.value);
  std::vector<NetId> pins{*top.find_net("vdd"), *top.find_net("vss")};
  for (int k = 0; k < block.inputs; ++k) {
    pins.push_back(top.add_net("in_" + std::to_string(k)));
    add_input(top, block, k, pins.back(), wave(k));
  }
  for (int k = 0; k < block.outputs; ++k) {
    const std::string name = "out_" + std::to_string(k);
    pins.push_back(top.add_net(name));
    top.add({.name = "load_" + std::to_string(k),
             .pins = {pins.back(), kGround},
             .value = figures.resistor.value});
    bench.analysis.probes.push_back({circuit::Probe::Kind::NetVoltage, name});
  }
  top.add_subcircuit(block.body);
  top.add({.name = "block",
           .kind = Kind::Subcircuit,
           .pins = std::move(pins),
           .model = block.body->name()});
  for (const char* supply : {"vdd", "vss"}) {
    bench.analysis.probes.push_back({circuit::Probe::Kind::SourceCurrent, supply});
  }
  bench.analysis.accuracy = analog_accuracy();
  return bench;
}

void require_inputs(const AnalogBlock& block, Eigen::Index count) {
  if (count == block.inputs) return;
  throw InputError({.place = block.body->name(),
                    .value = std::to_string(count) + " inputs",
                    .rule = "has " + std::to_string(block.inputs),
                    .remedy = "give one value per input"});
}

}  // namespace

circuit::Accuracy analog_accuracy() {
  return {.reltol = 1e-6, .abstol = 1e-12, .vntol = 1e-9, .gmin = 1e-15, .iterations = 500};
}

BlockBench build_static_bench(const AnalogBlock& block,
                              const device::AnalogFigures& figures,
                              const Eigen::MatrixXd& inputs) {
  require_inputs(block, inputs.rows());
  BlockBench bench = build_bench(block, figures, [&](int k) -> Waveform {
    const Eigen::VectorXd levels = inputs.row(k);
    return circuit::Swept{{levels.begin(), levels.end()}};
  });
  bench.analysis.type = circuit::StimulusSweep{static_cast<int>(inputs.cols())};
  return bench;
}

BlockBench build_step_bench(const AnalogBlock& block,
                            const device::AnalogFigures& figures,
                            const Eigen::VectorXd& from,
                            const Eigen::VectorXd& to,
                            const StepOptions& options) {
  require_inputs(block, from.size());
  require_inputs(block, to.size());
  BlockBench bench = build_bench(block, figures, [&](int k) -> Waveform {
    return circuit::PiecewiseLinear{{0.0, options.delay, options.delay + options.rise},
                                    {from[k], from[k], to[k]}};
  });
  bench.analysis.type = circuit::Transient{.stop = options.delay + options.duration,
                                           .step = options.max_step,
                                           .max_step = options.max_step};
  return bench;
}

}  // namespace memspice::synthesis
