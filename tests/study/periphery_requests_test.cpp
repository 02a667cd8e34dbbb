// Which circuit each kind of layer asks for, and how its values become volts.

#include "study/periphery_requests.hpp"

#include <catch2/catch.hpp>

using namespace memspice;
using network::Activation;
using network::Layer;
using network::LayerId;
using periphery::Reduction;
using study::PeripheryPart;

namespace {

constexpr double kSignal = 0.2;

Layer activation(const std::string& name, Activation::Kind kind, float alpha, float beta) {
  Activation op;
  op.kind = kind;
  op.alpha = alpha;
  op.beta = beta;
  return {.name = name, .operation = op, .output_shape = {}};
}

/// All inputs of all layers within -4 .. 4.
study::StageRequests ask(const network::Graph& graph, const study::PeripheryOptions& options) {
  network::ActivationRanges ranges;
  ranges.input = {-4.0F, 4.0F};
  ranges.output.assign(static_cast<std::size_t>(graph.layer_count()), {0.0F, 4.0F});
  return study::function_requests(options, graph, ranges, kSignal);
}

study::PeripheryOptions all_parts() {
  study::PeripheryOptions options;
  options.in_network = {
      PeripheryPart::Activation, PeripheryPart::Pooling, PeripheryPart::Multiplier};
  return options;
}

network::Graph image_graph() {
  network::Graph graph;
  graph.set_input_shape({1, 3, 6, 6});
  return graph;
}

}  // namespace

TEST_CASE("functions with a scale of their own keep it, others take full scale", "[study]") {
  network::Graph graph = image_graph();
  using Kind = Activation::Kind;
  LayerId last = network::Graph::kInput;
  for (const auto& layer : {activation("relu", Kind::Relu, 0, 0),
                            activation("leaky", Kind::LeakyRelu, 0.1F, 0),
                            activation("relu6", Kind::Clip, 0, 6),
                            activation("sigmoid", Kind::Sigmoid, 0, 0),
                            activation("shifted", Kind::Clip, -1, 1),
                            activation("scores", Kind::Softmax, 0, 0)}) {
    last = graph.add(layer, {last});
  }
  graph.set_output(last);
  const study::StageRequests asked = ask(graph, all_parts());
  REQUIRE(asked.requests.size() == 4);
  const char* circuits[] = {"relu", "leaky_relu", "clipped_relu", "sigmoid"};
  const double volts[] = {kSignal / 4, kSignal / 4, kSignal / 6, kSignal};
  for (std::size_t k = 0; k < 4; ++k) {
    CHECK(asked.requests[k].curve.block.circuit == circuits[k]);
    CHECK(asked.requests[k].volts_in == Approx(volts[k]));
    CHECK(asked.requests[k].volts_out == asked.requests[k].volts_in);
  }
  CHECK(asked.requests[1].curve.block.sizes.at("slope") == Approx(0.1));
  REQUIRE(asked.exact.size() == 2);
  CHECK(asked.exact[0].rfind("shifted", 0) == 0);
  CHECK(asked.exact[1].rfind("scores", 0) == 0);
}

TEST_CASE("pools, means and products name their windows and operands", "[study]") {
  network::Graph graph = image_graph();
  network::Pooling max;
  max.window = {.kernel = {2, 3}, .stride = {2, 3}};
  const LayerId pool =
      graph.add({.name = "pool", .operation = max, .output_shape = {}}, {network::Graph::kInput});
  const LayerId mean = graph.add(
      {.name = "mean", .operation = network::GlobalAverage{.axes = {2, 3}}, .output_shape = {}},
      {pool});
  network::Elementwise product;
  product.kind = network::Elementwise::Kind::Mul;
  graph.set_output(
      graph.add({.name = "scale", .operation = product, .output_shape = {}}, {pool, mean}));
  study::PeripheryOptions options = all_parts();
  const study::StageRequests asked = ask(graph, options);
  REQUIRE(asked.requests.size() == 3);
  CHECK(asked.requests[0].curve.block.sizes.at("window") == 6);
  CHECK(asked.requests[0].curve.reduction == Reduction::Maximum);
  CHECK(asked.requests[1].curve.block.sizes.at("window") == 3 * 2);  // what is left of 6 x 6
  CHECK(asked.requests[1].curve.reduction == Reduction::Mean);
  CHECK(asked.requests[2].curve.reduction == Reduction::Product);
  CHECK(asked.requests[2].volts_in == Approx(kSignal / 16));
  options.in_network = {PeripheryPart::Pooling};
  CHECK(ask(graph, options).requests.size() == 2);
}

TEST_CASE("the flow's tables decide what layers leave open", "[study]") {
  network::Graph graph = image_graph();
  graph.set_output(
      graph.add(activation("relu", Activation::Kind::Relu, 0, 0), {network::Graph::kInput}));
  study::PeripheryOptions options = all_parts();
  options.circuits = {{.name = {},
                       .circuit = "relu",
                       .realisation = synthesis::Realisation::Behavioural,
                       .sizes = {{"input_unit", 0.1}}}};
  const auto asked = ask(graph, options);
  REQUIRE(asked.requests.size() == 1);
  CHECK(asked.requests[0].curve.block.realisation == synthesis::Realisation::Behavioural);
  CHECK(asked.requests[0].curve.block.sizes.count("input_unit") == 0);  // scales are the layer's
}
