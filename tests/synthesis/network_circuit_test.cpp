// Networks as circuits: what they are made of, and what is refused.

#include "synthesis/network_circuit.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>

#include "base/error.hpp"
#include "base/files.hpp"
#include "circuit/rule_check.hpp"
#include "mapping/unfold.hpp"
#include "netlist/deck.hpp"
#include "support/batch_ngspice.hpp"
#include "support/block_run.hpp"
#include "support/small_networks.hpp"

namespace memspice::synthesis {
namespace {

using Catch::Matchers::Contains;
using namespace network;

NetworkCircuit circuit_of(const Graph& graph,
                          const test::PlannedNetwork& planned,
                          const network::Tensor& images,
                          const std::string& name = "network") {
  NetworkCircuitOptions options;
  options.name = name;
  options.probed = {graph.topological_order().front()};
  return build_network_circuit(planned.stages,
                               {{-1, test::voltages_of(images, planned.stages.scales.input)}},
                               options,
                               test::analog_figures());
}

/// A network of one layer without weights, planned as a circuit.
void plan_one(const Shape& in, Operation operation) {
  Graph graph;
  graph.set_input_shape(in);
  graph.add({"odd", std::move(operation), {}}, {Graph::kInput});
  const auto ranges = measure_ranges(graph, test::random_images(graph, 4), 100.0);
  plan_stages(graph, mapping::TilePlan{}, ranges, {}, test::analog_figures());
}

}  // namespace

TEST_CASE("a network's devices are counted by formula", "[synthesis][network]") {
  const Graph graph = test::small_cnn();
  const network::Tensor images = test::random_images(graph, 2);
  for (const Realisation realisation : {Realisation::Behavioural, Realisation::Transistor}) {
    const auto planned = test::plan_network(graph, images, realisation);
    const NetworkCircuit circuit = circuit_of(graph, planned, images);
    CHECK(circuit::check_rules(circuit.circuit).empty());
    // Pairs of rows x outputs, bias word line included, times the positions: conv 4x4 windows of
    // 9 + 1 lines, reduce and expand once, up 2x2 pixels of 4 lines x 2 channels x 9 taps, and the
    // classifier. Rows above 64 would be cut into row tiles without adding cells.
    const int conv = 16 * (9 + 1) * 4, reduce = (4 + 1) * 2, expand = (2 + 1) * 4;
    const int up = 4 * 4 * (2 * 9), classify = (2 * 4 * 4 + 1) * 3;
    CHECK(circuit.devices.memristors == 2 * (conv + reduce + expand + up + classify));
    // A bias follower per position of the layers with a bias word line.
    const int followers = 16 + 1 + 1 + 1;
    const int read = 64 + 2 + 4 + 32 + 3;
    if (realisation == Realisation::Behavioural) {
      CHECK(circuit.devices.op_amps == followers);
      // A source per readout, ReLU (64 + 2 + 32), mean, sigmoid, product and maximum.
      CHECK(circuit.devices.behavioural == read + 98 + 4 + 4 + 64 + 16);
      CHECK(circuit.devices.transistors == 0);
    } else {
      // Two a readout, one a ReLU, one a mean, five a maximum of four.
      const auto of = [&](const char* name) {
        for (const NetworkStage& stage : planned.stages.stages) {
          if (stage.name == name) return std::get<PartStage>(stage.content).part.devices.op_amps;
        }
        return 0;
      };
      CHECK(circuit.devices.op_amps ==
            followers + 2 * read + 98 + 4 + 5 * 16 + 4 * of("gate") + 64 * of("scaled"));
      CHECK(circuit.devices.behavioural == 0);
    }
  }
}

TEST_CASE("windows are the mapping's own", "[synthesis][network]") {
  const Graph graph = test::small_cnn();
  const network::Tensor images = test::random_images(graph, 2);
  const auto planned =
      test::plan_network(graph, images, Realisation::Behavioural, {.rows = 8, .columns = 4});
  const SlidingStage slide = slide_stage(planned.stages, graph.find("conv"));
  const Eigen::MatrixXd V = slide.windows(test::voltages_of(images, 1.0));
  const mapping::LayerPlan& layer = planned.plan->layer("conv");
  REQUIRE(layer.blocks.front().tiles.size() == 4);  // 10 word lines, 8 bit lines
  mapping::FloatMatrix unfolded;
  mapping::unfold(graph.layer(layer.layer), layer.blocks.front(), images, 0, 2, 1.0F, unfolded);
  REQUIRE(V.rows() == 9);
  CHECK((V - unfolded.topRows(9).cast<double>()).cwiseAbs().maxCoeff() == 0.0);
}

TEST_CASE("a layer slides as it does unrolled, whatever its tiles", "[synthesis][network]") {
  const Graph graph = test::small_cnn();
  const network::Tensor images = test::random_images(graph, 1);
  const auto bias = GENERATE(mapping::Bias::WordLine, mapping::Bias::Digital);
  const auto planned = test::plan_network(
      graph, images, Realisation::Behavioural, {.rows = 8, .columns = 4, .bias = bias});
  const LayerId conv = graph.find("conv");
  const Eigen::MatrixXd x = test::voltages_of(images, planned.stages.scales.input);
  const auto run = [](const NetworkStages& stages, const Eigen::MatrixXd& source) {
    const auto circuit =
        build_network_circuit(stages,
                              {{-1, source}},
                              {.arrays = bare_arrays(0.0, {.row = 5, .column = 5})},
                              test::analog_figures());
    CHECK(circuit::check_rules(circuit.circuit).empty());
    return test::run_batch_ngspice(netlist::write_deck(circuit.circuit, circuit.analysis));
  };
  const Eigen::MatrixXd unrolled = run(stage_alone(planned.stages, conv), x);
  const SlidingStage slide = slide_stage(planned.stages, conv);
  const Eigen::MatrixXd slots = run(slide.network, slide.windows(x));
  REQUIRE(unrolled.size() == slots.size());
  // Both solve the same currents; two decks differ by SPICE's tolerances.
  CHECK((unrolled.reshaped(16, 4) - slots).cwiseAbs().maxCoeff() < 1e-6);
  // The float layer, behind 32 levels of conductance and 5 Ohm a cell.
  const network::Tensor* input = &images;
  const network::Tensor y = apply_layer(graph.layer(conv), {&input, 1});
  const Eigen::MatrixXd wanted = test::voltages_of(y, planned.stages.scales.of(conv));
  CHECK((unrolled.transpose() - wanted).cwiseAbs().maxCoeff() <
        0.05 * wanted.cwiseAbs().maxCoeff());
}

TEST_CASE("straight cells without levels or wires compute the network", "[synthesis][network]") {
  const Graph graph = test::small_cnn();
  const network::Tensor images = test::random_images(graph, 5);
  const auto bias = GENERATE(mapping::Bias::WordLine, mapping::Bias::Digital);
  const auto planned =
      test::plan_network(graph, images, Realisation::Behavioural, {.bias = bias}, 0);
  const auto circuit =
      build_network_circuit(planned.stages,
                            {{-1, test::voltages_of(images, planned.stages.scales.input)}},
                            {},
                            test::analog_figures());
  const Eigen::MatrixXd found =
      test::run_batch_ngspice(netlist::write_deck(circuit.circuit, circuit.analysis)).transpose();
  const Eigen::MatrixXd wanted = test::voltages_of(network::run_graph(graph, images),
                                                   planned.stages.scales.of(graph.output()));
  // What is left is what behavioural parts of finite gain and input resistance err by.
  CHECK((found - wanted).cwiseAbs().maxCoeff() < 5e-3 * wanted.cwiseAbs().maxCoeff());
}

TEST_CASE("scales per output have no circuit", "[synthesis][network]") {
  const Graph graph = test::small_mlp();
  const network::Tensor images = test::random_images(graph, 1);
  CHECK_THROWS_WITH(
      test::plan_network(
          graph, images, Realisation::Behavioural, {.weight_scale = mapping::WeightScale::Output}),
      Catch::Contains("mapping.weight_scale") && Catch::Contains("layer"));
}

TEST_CASE("a tiny network's deck is golden", "[synthesis][golden]") {
  const Graph graph = test::small_mlp();
  const network::Tensor images = test::random_images(graph, 2);
  const auto planned = test::plan_network(graph, images, Realisation::Behavioural);
  const NetworkCircuit circuit = circuit_of(graph, planned, images, "mlp");
  const netlist::Deck deck = netlist::write_deck(circuit.circuit, circuit.analysis);
  const auto path = std::filesystem::path(MEMSPICE_TEST_DIR) / "golden" / "network_mlp.cir";
  if (std::getenv("MEMSPICE_BLESS") != nullptr) write_file(path, deck.text);
  CHECK(deck.text == read_file(path));
  // 2 (n_in + 1) n_out cells of each layer; a source per readout and ReLU; a follower a layer.
  // Two resistors sense the bit lines of a twin of a readout, and what a twin does not use leaks:
  // both supplies, and a ReLU's input. A divider a layer for the bias, and the loads.
  CHECK(circuit.devices == DeviceCount{.memristors = 2 * (7 * 5 + 6 * 3),
                                       .resistors = (2 + 2) * 8 + 3 * 5 + 2 * 2 + 3,
                                       .op_amps = 2,
                                       .behavioural = 8 + 5});
}

TEST_CASE("LeNet-5 is one circuit, and conv1 runs", "[synthesis][network]") {
  const Graph graph =
      network::load_onnx(std::string(MEMSPICE_ROOT_DIR) + "/flows/networks/lenet5_fashion.onnx");
  const network::Tensor images = test::random_images(graph, 2);
  const auto planned = test::plan_network(graph, images, Realisation::Behavioural);
  const NetworkCircuit circuit =
      build_network_circuit(planned.stages,
                            {{-1, test::voltages_of(images, planned.stages.scales.input)}},
                            {.name = "lenet5", .arrays = bare_arrays(0.0, {.row = 1, .column = 1})},
                            test::analog_figures());
  // 2 (inputs + bias) outputs cells, at every output pixel of a convolution: 28x28 of 1x5x5 windows
  // for 6 channels, 10x10 of 6x5x5 for 16, then 400-120-84-10.
  const int conv1 = 28 * 28, conv2 = 10 * 10;
  CHECK(circuit.devices.memristors ==
        2 * (conv1 * (25 + 1) * 6 + conv2 * (150 + 1) * 16 + 401 * 120 + 121 * 84 + 85 * 10));
  CHECK(circuit.devices.op_amps == conv1 + conv2 + 3);
  // A twin per readout, per ReLU behind all but the last, and per pooled value.
  const int values = 6 * conv1 + 16 * conv2 + 120 + 84;
  CHECK(circuit.devices.behavioural == 2 * values + 10 + 6 * 14 * 14 + 16 * 5 * 5);

  const LayerId first = graph.topological_order().front();
  const SlidingStage slide = slide_stage(planned.stages, first);
  REQUIRE(slide.positions.size() == static_cast<std::size_t>(conv1));
  const Eigen::MatrixXd x = test::voltages_of(images, planned.stages.scales.input);
  const std::vector<int> pixels{0, 27, 28 * 14 + 14, 28 * 28 - 1};  // corners and the middle
  const auto windows = build_network_circuit(slide.network,
                                             {{-1, slide.windows(x)(Eigen::all, pixels)}},
                                             {.arrays = bare_arrays(0.0, {.row = 1, .column = 1})},
                                             test::analog_figures());
  const Eigen::MatrixXd run =
      test::run_batch_ngspice(netlist::write_deck(windows.circuit, windows.analysis));
  const network::Tensor* input = &images;
  const Eigen::MatrixXd wanted = test::voltages_of(apply_layer(graph.layer(first), {&input, 1}),
                                                   planned.stages.scales.of(first));
  for (std::size_t k = 0; k < pixels.size(); ++k) {
    for (int channel = 0; channel < 6; ++channel) {
      // 32 levels: each of 26 weights is off by up to 1/62 of the largest.
      CHECK(run(static_cast<Eigen::Index>(k), channel) ==
            Approx(wanted(channel * conv1 + pixels[k], 0))
                .margin(0.05 * wanted.cwiseAbs().maxCoeff()));
    }
  }
}

TEST_CASE("layers without a circuit are refused by name", "[synthesis][network]") {
  CHECK_THROWS_WITH(plan_one({1, 2, 4, 4}, Resize{.scale = {2, 2}}),
                    Contains("layer odd") && Contains("Resize"));
  CHECK_THROWS_WITH(plan_one({1, 4}, Elementwise{.constant = network::Tensor({1}, 2.0F)}),
                    Contains("layer odd"));
  CHECK_THROWS_WITH(plan_one({1, 4}, Activation{Activation::Kind::Clip, -1.0F, 1.0F}),
                    Contains("layer odd") && Contains("ceiling"));
  CHECK_THROWS_WITH(
      plan_one({1, 1, 3, 3},
               Pooling{Pooling::Kind::Average, {.kernel = {2, 2}, .padding = {1, 1, 1, 1}}}),
      Contains("layer odd") && Contains("padding"));
  const Convolution large{network::Tensor({64, 1, 3, 3}, 0.1F), {}, {.kernel = {3, 3}}};
  Graph wide;
  wide.set_input_shape({1, 1, 302, 302});
  wide.add({"odd", large, {}}, {Graph::kInput});
  CHECK_THROWS_WITH(
      test::plan_network(wide, test::random_images(wide, 1), Realisation::Behavioural),
      Contains("layer odd") && Contains("memristors") && Contains("layer:odd"));
  const Graph graph = test::small_cnn();
  const auto planned =
      test::plan_network(graph, test::random_images(graph, 1), Realisation::Behavioural);
  CHECK_THROWS_WITH(stage_alone(planned.stages, graph.find("flatten")), Contains("flatten"));
  CHECK_THROWS_WITH(slide_stage(planned.stages, graph.find("up")), Contains("layer up"));
  CHECK_THROWS_WITH(build_network_circuit(planned.stages, {{0, {}}}, {}, test::analog_figures()),
                    Contains("input") && Contains("voltages"));
}

}  // namespace memspice::synthesis
