// What calibration holds in memory, and small files that would take it all.
#include "flow/activation_memory.hpp"

#include <catch2/catch.hpp>

#include "base/error.hpp"

using namespace memspice;
using Catch::Matchers::Contains;

namespace {

/// 1 x 28 x 28 -> transposed convolution of 1 x 1 kernels `stride` apart -> ReLU.
network::Graph spreading(int stride) {
  network::Graph graph;
  graph.set_input_shape({1, 1, 28, 28});
  network::Deconvolution spread;
  spread.weight = network::Tensor({1, 1, 1, 1}, {1.0F});
  spread.bias = network::Tensor({1}, {0.0F});
  spread.window.kernel = {1, 1};
  spread.window.stride = {stride, stride};
  network::Layer layer;
  layer.name = "spread";
  layer.operation = std::move(spread);
  const network::LayerId spreads = graph.add(std::move(layer), {network::Graph::kInput});
  network::Layer relu;
  relu.name = "relu";
  relu.operation = network::Activation{network::Activation::Kind::Relu, 0.0F, 0.0F, -1};
  graph.set_output(graph.add(std::move(relu), {spreads}));
  return graph;
}

}  // namespace

TEST_CASE("activations in memory are counted from shapes", "[flow][memory]") {
  const double side = 27.0 * 64.0 + 1.0;
  // The weighted layer's input is kept; the largest layer is the ReLU with its input: 4 bytes a
  // value.
  CHECK(flow::activation_bytes(spreading(64)) == 4.0 * (784.0 + 2.0 * side * side));
}

TEST_CASE("small files do not take all memory for their activations", "[flow][memory]") {
  CHECK_NOTHROW(flow::require_activation_memory(spreading(64), 10'000));
  // 16,201 x 16,201 values twice are 1.96 GiB; 10,000 bytes may take 1.04.
  const network::Graph large = spreading(600);
  CHECK_THROWS_WITH(flow::require_activation_memory(large, 10'000),
                    Contains("layer spread") && Contains("262472401 values an image") &&
                        Contains("one calibration image would take 1.96 GiB"));
  // Whoever brings a megabyte of images means it.
  CHECK_NOTHROW(flow::require_activation_memory(large, 1'000'000));
}
