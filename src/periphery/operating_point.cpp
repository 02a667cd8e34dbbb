#include "periphery/operating_point.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "netlist/deck.hpp"

namespace memspice::periphery {
namespace {

using synthesis::NetworkStage;
using Voltages = std::map<std::string, double>;
using Operands = std::map<int, Eigen::MatrixXd>;

/// A stage alone between its operands as sources: what every net of it comes to.
Voltages solve_alone(const synthesis::NetworkCircuit& circuit,
                     const std::string& stage,
                     engine::Engine& engine) {
  circuit::Analysis analysis = circuit.analysis;
  analysis.probes.clear();
  analysis.all_nets = true;
  const engine::Waveforms answer = engine.run(netlist::write_deck(circuit.circuit, analysis));
  if (!answer.ok()) {
    throw RunError({.place = "layer " + stage,
                    .value = "its circuit alone",
                    .rule = "has no operating point: " + answer.summary.message,
                    .remedy = "export it without --transistors, or that layer alone"});
  }
  Voltages voltages;
  for (std::size_t k = 0; k < answer.nets.size(); ++k) {
    voltages[answer.nets[k]] = answer.values(0, static_cast<Eigen::Index>(k));
  }
  return voltages;
}

/// What the stage's operands came to, by LayerId.
Operands operands_of(const NetworkStage& stage, const Operands& known) {
  Operands operands;
  for (const network::LayerId operand : stage.operands) {
    operands[operand.value] = known.at(operand.value);
  }
  return operands;
}

/// One column: what the nets of a stage's output came to [V].
Eigen::MatrixXd output_of(const std::vector<std::string>& nets, const Voltages& solved) {
  Eigen::MatrixXd V(static_cast<Eigen::Index>(nets.size()), 1);
  for (Eigen::Index k = 0; k < V.size(); ++k) {
    V(k) = solved.at(to_lower(nets[static_cast<std::size_t>(k)]));
  }
  return V;
}

}  // namespace

std::vector<std::pair<std::string, double>> solve_stages(const synthesis::NetworkStages& network,
                                                         const Operands& sources,
                                                         const synthesis::ArrayMake& arrays,
                                                         const device::AnalogFigures& figures,
                                                         engine::Engine& engine) {
  Operands known;
  for (const auto& [id, V] : sources) known[id] = V.leftCols(1);
  Voltages all;
  for (const NetworkStage& stage : network.stages) {
    const int id = stage.layer.value;
    if (std::holds_alternative<synthesis::WireStage>(stage.content)) {
      known[id] = known.at(stage.operands.front().value);
      continue;
    }
    const auto circuit =
        synthesis::build_network_circuit(synthesis::stage_alone(network, stage.layer),
                                         operands_of(stage, known),
                                         {.name = stage.name, .arrays = arrays},
                                         figures);
    const Voltages solved = solve_alone(circuit, stage.name, engine);
    known[id] = output_of(circuit.nets.at(id), solved);
    all.insert(solved.begin(), solved.end());
  }
  return {all.begin(), all.end()};
}

}  // namespace memspice::periphery
