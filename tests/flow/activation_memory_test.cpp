// What calibration holds in memory, and small files that would take it all.
#include "flow/activation_memory.hpp"

#include <catch2/catch.hpp>

#include "base/error.hpp"

using namespace memspice;
using Catch::Matchers::Contains;

namespace {

constexpr std::int64_t kStride = 64;

/// 1 x 28 x 28 -> transposed convolution of 1 x 1 kernels `kStride` apart: 1,729 x 1,729 values.
network::Graph spreading() {
  network::Graph graph;
  graph.set_input_shape({1, 1, 28, 28});
  network::Deconvolution spread;
  spread.weight = network::Tensor({1, 1, 1, 1}, {1.0F});
  spread.bias = network::Tensor({1}, {0.0F});
  spread.window.kernel = {1, 1};
  spread.window.stride = {static_cast<int>(kStride), static_cast<int>(kStride)};
  network::Layer layer;
  layer.name = "spread";
  layer.operation = std::move(spread);
  graph.set_output(graph.add(std::move(layer), {network::Graph::kInput}));
  return graph;
}

}  // namespace

TEST_CASE("activations in memory are counted from shapes", "[flow][memory]") {
  const network::Graph graph = spreading();
  const double side = 27.0 * kStride + 1.0;
  // The layer's input is kept, and stands beside its output once more: 4 bytes a value.
  CHECK(flow::activation_bytes(graph, 10) == 4.0 * 10.0 * (784.0 + 784.0 + side * side));
}

TEST_CASE("small files do not take all memory for their activations", "[flow][memory]") {
  const network::Graph graph = spreading();
  CHECK_NOTHROW(flow::require_activation_memory(graph, 10, 10'000));
  CHECK_THROWS_WITH(flow::require_activation_memory(graph, 200, 10'000),
                    Contains("layer spread") && Contains("2989441 values an image") &&
                        Contains("200 calibration images") && Contains("calibration_limit"));
  // Whoever brings a megabyte of images means it.
  CHECK_NOTHROW(flow::require_activation_memory(graph, 200, 1'000'000));
}
