// Small networks exported by PyTorch (data/make_networks.py) against PyTorch's own outputs.

#include <algorithm>
#include <catch2/catch.hpp>

#include "network/image_layout.hpp"
#include "network/onnx_support.hpp"

using namespace memspice;
using namespace memspice::network;

namespace {

/// float32 through at most a dozen layers with values of order 1.
constexpr double kPytorchTolerance = 1e-5;

template <typename Kind>
int count_layers(const Graph& graph) {
  return static_cast<int>(std::ranges::count_if(graph.topological_order(), [&](LayerId id) {
    return std::holds_alternative<Kind>(graph.layer(id).operation);
  }));
}

int count_activations(const Graph& graph, Activation::Kind kind) {
  return static_cast<int>(std::ranges::count_if(graph.topological_order(), [&](LayerId id) {
    const auto* a = std::get_if<Activation>(&graph.layer(id).operation);
    return a != nullptr && a->kind == kind;
  }));
}

}  // namespace

TEST_CASE("run_graph agrees with PyTorch to 1e-5", "[network]") {
  const std::string name = GENERATE("lenet5",
                                    "lenet5_fixed_batch",
                                    "compact",
                                    "compact_14",
                                    "segmenter",
                                    "segmenter_11",
                                    "tokens",
                                    "normalised",
                                    "parts",
                                    "parts_11",
                                    "sequence");
  CAPTURE(name);
  const Graph graph = load_onnx(network_data(name + ".onnx"));
  const Tensor input = read_reference(network_data(name + "_input.pb"));
  const Tensor wanted = read_reference(network_data(name + "_output.pb"));
  CHECK(largest_difference(run_graph(graph, input), wanted) < kPytorchTolerance);
}

TEST_CASE("a network that turns images around each layer has none of it left", "[network]") {
  const Graph graph = load_onnx(network_data("channels_last.onnx"));
  CHECK(graph.input_shape() == Shape{1, 3, 12, 10});
  // conv1 with the shift, Relu, conv2, sum, hard-swish, pool, row, head.
  CHECK(graph.layer_count() == 8);
  CHECK(count_layers<Transposition>(graph) + count_layers<Selection>(graph) == 0);
  Tensor input = read_reference(network_data("channels_last_input.pb"));
  fit_images(graph.input_shape(), input);
  const Tensor wanted = read_reference(network_data("channels_last_output.pb"));
  CHECK(largest_difference(run_graph(graph, input), wanted) < kPytorchTolerance);
}

TEST_CASE("load_onnx names PyTorch's layers after their modules", "[network]") {
  const Graph graph = load_onnx(network_data("lenet5.onnx"));
  CHECK(graph.input_shape() == Shape{1, 1, 28, 28});
  for (const char* name : {"conv1", "conv2", "fc1", "fc2", "fc3"}) {
    CHECK(graph.layer(graph.find(name)).has_weights());
  }
  CHECK(graph.shape_of(graph.find("fc1")) == Shape{1, 20});
  CHECK(graph.shape_of(graph.output()) == Shape{1, 10});
}

TEST_CASE("load_onnx folds batch normalisation and finds hard-swish", "[network]") {
  const Graph graph = load_onnx(network_data("compact.onnx"));
  // One of the four follows an activation and has no weights before it.
  CHECK(count_layers<BatchNormalization>(graph) == 1);
  // Two hard-swishes (spelled with Clip, and HardSigmoid times x), two hard-sigmoids in SE blocks.
  CHECK(count_activations(graph, Activation::Kind::HardSwish) == 2);
  CHECK(count_activations(graph, Activation::Kind::HardSigmoid) == 2);
  CHECK(count_layers<Elementwise>(graph) == 3);  // two SE products, one skip connection
}

TEST_CASE("load_onnx merges MatMul and Add", "[network]") {
  const Graph graph = load_onnx(network_data("tokens.onnx"));
  CHECK(graph.layer_count() == 3);  // two fully connected layers and a Relu
  CHECK(count_layers<FullyConnected>(graph) == 2);
}
