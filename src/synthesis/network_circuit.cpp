#include "synthesis/network_circuit.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "synthesis/block_bench.hpp"

namespace memspice::synthesis {
namespace {

using circuit::kGround;
using circuit::NetId;
using network::Graph;
using network::LayerId;

using Sources = std::map<int, Eigen::MatrixXd>;

std::string tensor_name(const NetworkStages& network, LayerId id) {
  for (const NetworkStage& stage : network.stages) {
    if (stage.layer == id) return stage.name;
  }
  if (id == kPassingPixel) return "pixel";
  return id == Graph::kInput ? "input" : "input_" + std::to_string(id.value);
}

Eigen::Index stimuli_of(const Sources& sources) {
  Eigen::Index most = 1;
  for (const auto& [id, V] : sources) most = std::max(most, V.cols());
  return most;
}

const Eigen::MatrixXd& source_of(const Sources& sources, LayerId id, const std::string& name) {
  const auto found = sources.find(id.value);
  const bool agrees = found != sources.end() &&
                      (found->second.cols() == 1 || found->second.cols() == stimuli_of(sources));
  if (agrees) return found->second;
  throw InputError({.place = name,
                    .value = {},
                    .rule = "has no voltages, or not one per image",
                    .remedy = "give the same number of images for every source"});
}

void add_sources(NetworkDraft& draft,
                 const NetworkStages& network,
                 LayerId id,
                 const Sources& sources) {
  if (draft.tensors().count(id.value) != 0) return;
  const std::string name = tensor_name(network, id);
  const Eigen::MatrixXd& V = source_of(sources, id, name);
  const NetworkDraft::Nets nets = draft.nets(name, static_cast<int>(V.rows()));
  const bool is_held = V.cols() < stimuli_of(sources);
  for (Eigen::Index k = 0; k < V.rows(); ++k) {
    const Eigen::VectorXd levels = V.row(k);
    draft.source(name + '_' + std::to_string(k),
                 nets[static_cast<std::size_t>(k)],
                 is_held ? circuit::Waveform(circuit::Dc{levels[0]})
                         : circuit::Swept{{levels.begin(), levels.end()}});
  }
  draft.tensors()[id.value] = nets;
}

/// Puts one node in the place of a part's inputs: what equal resistors from all of them bring it
/// to.
void join_inputs(NetworkDraft& draft, const std::string& name, double R, std::vector<NetId>& pins) {
  const NetId node = draft.net(name + "_mean");
  for (std::size_t k = 2; k < pins.size(); ++k) {  // behind the supplies
    draft.resistor(name + "_r_" + std::to_string(k - 2), pins[k], node, R);
  }
  pins.resize(2);
  pins.push_back(node);
}

NetworkDraft::Nets add_parts(NetworkDraft& draft, const NetworkStage& stage) {
  const auto& parts = std::get<PartStage>(stage.content);
  NetworkDraft::Nets outputs = draft.nets(stage.name, stage.size);
  for (std::size_t k = 0; k < parts.uses.size(); ++k) {
    const std::string name = stage.name + '_' + std::to_string(k);
    std::vector<NetId> pins{draft.vdd(), draft.vss()};
    for (const PartInput& in : parts.uses[k]) {
      const LayerId operand = stage.operands.at(static_cast<std::size_t>(in.operand));
      pins.push_back(draft.element(operand, in.index));
    }
    if (parts.averaging > 0) join_inputs(draft, name, parts.averaging, pins);
    pins.push_back(outputs[k]);
    draft.block(name, parts.part.body, std::move(pins));
  }
  return outputs;
}

NetworkDraft::Nets add_stage(NetworkDraft& draft,
                             const NetworkStage& stage,
                             const ArrayMake& arrays) {
  if (std::holds_alternative<PartStage>(stage.content)) return add_parts(draft, stage);
  if (std::holds_alternative<ArrayStage>(stage.content)) {
    return add_array_stage(draft, stage, arrays);
  }
  return draft.tensors().at(stage.operands.front().value);
}

/// The network's outputs drive a following stage's input resistors; a value that nothing takes
/// leaks.
void add_loads(NetworkDraft& draft, const NetworkStages& network) {
  const NetworkDraft::Nets outputs = draft.tensors().at(network.output.value);
  for (std::size_t k = 0; k < outputs.size(); ++k) {
    draft.resistor(
        "load_" + std::to_string(k), outputs[k], kGround, draft.figures().resistor.value);
  }
  for (const NetworkStage& stage : network.stages) {
    for (const NetId net : draft.tensors().at(stage.layer.value)) draft.leak(net, 1);
  }
}

std::map<int, std::vector<std::string>> names_of(NetworkDraft& draft) {
  std::map<int, std::vector<std::string>> names;
  for (const auto& [id, nets] : draft.tensors()) {
    for (const NetId net : nets) names[id].push_back(draft.circuit().net_name(net));
  }
  return names;
}

}  // namespace

NetworkCircuit build_network_circuit(const NetworkStages& network,
                                     const Sources& sources,
                                     const NetworkCircuitOptions& options,
                                     const device::AnalogFigures& figures) {
  NetworkDraft draft(options.name, figures);
  for (const NetworkStage& stage : network.stages) {
    for (const LayerId operand : stage.operands) add_sources(draft, network, operand, sources);
    draft.tensors()[stage.layer.value] = add_stage(draft, stage, options.arrays);
  }
  add_loads(draft, network);
  circuit::Analysis analysis;
  analysis.type = circuit::StimulusSweep{static_cast<int>(stimuli_of(sources))};
  analysis.accuracy = analog_accuracy();
  auto names = names_of(draft);
  std::vector<LayerId> probed = options.probed;
  probed.push_back(network.output);
  for (const LayerId id : probed) {
    for (const std::string& net : names.at(id.value)) {
      analysis.probes.push_back({circuit::Probe::Kind::NetVoltage, net});
    }
  }
  const DeviceCount devices = count_devices(draft.circuit());
  return {std::move(draft.circuit()), std::move(analysis), std::move(names), devices};
}

}  // namespace memspice::synthesis
