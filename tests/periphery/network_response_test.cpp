// Whole networks as one deck in stock ngspice, against the prediction from their parts.

#include "support/network_response.hpp"

#include <catch2/catch.hpp>

#include "circuit/rule_check.hpp"
#include "netlist/deck.hpp"
#include "periphery/operating_point.hpp"
#include "support/batch_ngspice.hpp"
#include "support/block_run.hpp"
#include "support/small_networks.hpp"

namespace memspice::periphery {
namespace {

using network::Graph;
using synthesis::Realisation;

std::unique_ptr<engine::Engine> engine() {
  return engine::make_ngspice_engine({.workers = 1,
                                      .failed_deck_folder = "",
                                      .worker_program = MEMSPICE_BIN_DIR "/memspice-worker"});
}

int largest(const Eigen::VectorXd& values) {
  Eigen::Index at = 0;
  values.maxCoeff(&at);
  return static_cast<int>(at);
}

/// The network's outputs on some images, three ways: outputs x images [V].
struct ThreeWays {
  Eigen::MatrixXd spice, predicted, ideal;
};

ThreeWays run_three_ways(const Graph& graph,
                         Realisation realisation,
                         const synthesis::ArrayMake& make) {
  const network::Tensor images = test::random_images(graph, 5);
  const auto planned = test::plan_network(graph, test::random_images(graph, 50, 4), realisation);
  const auto& figures = test::analog_figures();
  const TensorVoltages sources{{-1, test::voltages_of(images, planned.stages.scales.input)}};
  const auto circuit =
      synthesis::build_network_circuit(planned.stages, sources, {.arrays = make}, figures);
  CHECK(circuit::check_rules(circuit.circuit).empty());
  const auto deck = netlist::write_deck(circuit.circuit, circuit.analysis);
  const auto spice_engine = engine();
  const auto parts = measure_parts(planned.stages, figures, *spice_engine);
  const auto predicted = predict_network(planned.stages, sources, make, parts, figures);
  const int output = graph.output().value;
  return {test::run_batch_ngspice(deck).transpose(),
          predicted.at(output),
          test::voltages_of(network::run_graph(graph, images),
                            planned.stages.scales.of(graph.output()))};
}

void check_prediction(const ThreeWays& ways) {
  const double full_scale = test::analog_figures().signal.value;
  CHECK((ways.spice - ways.predicted).cwiseAbs().maxCoeff() < 0.02 * full_scale);
  for (Eigen::Index n = 0; n < ways.spice.cols(); ++n) {
    CHECK(largest(ways.spice.col(n)) == largest(ways.predicted.col(n)));
    // The network itself, behind 32 levels of conductance, bent cells and wires.
    CHECK((ways.spice - ways.ideal).col(n).cwiseAbs().maxCoeff() < 0.1 * full_scale);
  }
}

const synthesis::ArrayMake kWires = synthesis::bare_arrays(2.5, {.row = 1.0, .column = 1.0});

}  // namespace

TEST_CASE("a small CNN is one deck that its parts predict", "[periphery][network]") {
  const ThreeWays ways = run_three_ways(test::small_cnn(), Realisation::Behavioural, kWires);
  check_prediction(ways);
}

TEST_CASE("an MLP of op-amps and diodes is what its parts predict", "[periphery][network]") {
  const ThreeWays ways = run_three_ways(test::small_mlp(), Realisation::Transistor, kWires);
  check_prediction(ways);
}

TEST_CASE("LeNet-5's first layer is what its parts predict", "[periphery][network]") {
  const Graph graph = network::load_onnx(MEMSPICE_ROOT_DIR "/flows/networks/lenet5_fashion.onnx");
  const network::Tensor images = test::random_images(graph, 2);
  const auto planned = test::plan_network(graph, images, Realisation::Behavioural);
  const auto conv1 = graph.topological_order().front();
  const synthesis::SlidingStage slide = synthesis::slide_stage(planned.stages, conv1);
  const Eigen::MatrixXd x = test::voltages_of(images, planned.stages.scales.input);
  // Corners, an edge and the middle of the first image; the last pixel of the second.
  const std::vector<int> windows{0, 27, 28 * 7, 28 * 14 + 14, 28 * 28 - 1, 2 * 28 * 28 - 1};
  const TensorVoltages sources{{-1, slide.windows(x)(Eigen::all, windows)}};
  const auto& figures = test::analog_figures();
  const auto circuit =
      synthesis::build_network_circuit(slide.network, sources, {.arrays = kWires}, figures);
  const Eigen::MatrixXd spice =
      test::run_batch_ngspice(netlist::write_deck(circuit.circuit, circuit.analysis)).transpose();
  const auto predicted = predict_network(slide.network, sources, kWires, {}, figures);
  // What is not predicted: what the bit lines' wires leave of their conductance at the readouts.
  CHECK((spice - predicted.at(conv1.value)).cwiseAbs().maxCoeff() <
        1e-3 * spice.cwiseAbs().maxCoeff());
  CHECK(spice.cwiseAbs().maxCoeff() > 0.1 * figures.signal.value);
}

TEST_CASE("a CNN of transistors, layer after layer, is what its parts predict",
          "[periphery][network]") {
  const Graph graph = test::small_cnn(4);
  const network::Tensor images = test::random_images(graph, 5);
  const auto planned =
      test::plan_network(graph, test::random_images(graph, 50, 4), Realisation::Transistor);
  const auto& figures = test::analog_figures();
  TensorVoltages spice{{-1, test::voltages_of(images, planned.stages.scales.input)}};
  const auto spice_engine = engine();
  const auto parts = measure_parts(planned.stages, figures, *spice_engine);
  const auto predicted = predict_network(planned.stages, spice, kWires, parts, figures);
  for (const synthesis::NetworkStage& stage : planned.stages.stages) {
    if (std::holds_alternative<synthesis::WireStage>(stage.content)) {
      spice[stage.layer.value] = spice.at(stage.operands.front().value);
      continue;
    }
    TensorVoltages sources;  // what the circuits before gave
    for (const auto operand : stage.operands) sources[operand.value] = spice.at(operand.value);
    const auto circuit =
        synthesis::build_network_circuit(synthesis::stage_alone(planned.stages, stage.layer),
                                         sources,
                                         {.name = stage.name, .arrays = kWires},
                                         figures);
    const auto deck = netlist::write_deck(circuit.circuit, circuit.analysis);
    spice[stage.layer.value] = test::run_batch_ngspice(deck).transpose();
    const double error =
        (spice.at(stage.layer.value) - predicted.at(stage.layer.value)).cwiseAbs().maxCoeff();
    INFO(stage.name << " is off by " << error << " V");
    CHECK(error < 0.02 * figures.signal.value);
  }
  check_prediction({spice.at(graph.output().value),
                    predicted.at(graph.output().value),
                    test::voltages_of(network::run_graph(graph, images),
                                      planned.stages.scales.of(graph.output()))});

  // Without a start, ngspice 39 looks for an operating point of all these loops in one deck for
  // more than ten minutes.
  const int output = graph.output().value;
  const TensorVoltages first{{-1, spice.at(-1).leftCols(1)}};
  auto whole = synthesis::build_network_circuit(planned.stages, first, {.arrays = kWires}, figures);
  whole.analysis.start = solve_stages(planned.stages, first, kWires, figures, *spice_engine);
  const Eigen::MatrixXd together =
      test::run_batch_ngspice(netlist::write_deck(whole.circuit, whole.analysis)).transpose();
  // What the stages' own resistance (200 Ohm behind a gain of 1e4) leaves under the next one's
  // load.
  const Eigen::VectorXd load = together.col(0) - spice.at(output).col(0);
  CHECK(load.cwiseAbs().maxCoeff() < 5e-3 * figures.signal.value);
  CHECK(load.cwiseAbs().maxCoeff() > 0.0);
  const std::map<std::string, double> start(whole.analysis.start.begin(),
                                            whole.analysis.start.end());
  for (Eigen::Index n = 0; n < load.size(); ++n) {
    // The first stages are driven alike in both, so that the start is the staged solution itself.
    CHECK(start.at(whole.nets.at(output)[static_cast<std::size_t>(n)]) ==
          Approx(spice.at(output)(n, 0)).margin(1e-6));
  }
}

}  // namespace memspice::periphery
