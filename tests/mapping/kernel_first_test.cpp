#include "mapping/kernel_first.hpp"

#include <catch2/catch.hpp>

#include "mapping/tile_plan.hpp"

using namespace memspice;
using network::Tensor;

namespace {

network::LayerId add(network::Graph& graph, network::Operation op, network::LayerId from) {
  return graph.add({.name = "l" + std::to_string(graph.layer_count()),
                    .operation = std::move(op),
                    .output_shape = {}},
                   {from});
}

Tensor with_zeros(network::Shape shape, int every) {
  Tensor tensor(std::move(shape), 1.0F);
  for (std::size_t k = 0; k < tensor.data.size(); k += static_cast<std::size_t>(every)) {
    tensor.data[k] = 0.0F;
  }
  return tensor;
}

}  // namespace

TEST_CASE("a pruned kernel weight saves one pass over the output plane", "[mapping]") {
  network::Graph graph;
  graph.set_input_shape({1, 2, 7, 9});
  network::Convolution op{.weight = with_zeros({3, 2, 3, 3}, 6),
                          .bias = {},
                          .window = {.kernel = {3, 3}, .stride = {2, 2}, .padding = {1, 1, 1, 1}}};
  const auto id = add(graph, op, network::Graph::kInput);
  graph.set_output(id);
  const auto count = mapping::count_kernel_first(graph, id);
  CHECK(count.weights == 54);
  CHECK(count.non_zero == 45);  // every sixth of 54 is zero
  CHECK(count.plane == 4 * 5);  // ceil(7 / 2) x ceil(9 / 2)
  CHECK(count.computations() == 900);
  CHECK(count.dense() == 1080);
  CHECK(count.memristors() == 90);
}

TEST_CASE("kernel-first deconvolution sweeps the input plane", "[mapping]") {
  network::Graph graph;
  graph.set_input_shape({1, 4, 8, 8});
  network::Deconvolution op{.weight = with_zeros({4, 2, 2, 2}, 4),
                            .bias = {},
                            .window = {.kernel = {2, 2}, .stride = {2, 2}}};
  const auto id = add(graph, op, network::Graph::kInput);
  graph.set_output(id);
  const auto count = mapping::count_kernel_first(graph, id);
  CHECK(count.plane == 64);
  CHECK(count.computations() == 24 * 64);
}

TEST_CASE("memristor formulas equal what the plan maps", "[mapping]") {
  constexpr int C = 6, D = 10, H = 5, W = 5, n = 7, k = 3;
  network::Graph graph;
  graph.set_input_shape({1, C, H, W});
  const network::Window same{.kernel = {k, k}, .padding = {1, 1, 1, 1}};
  auto last =
      add(graph,
          network::Convolution{.weight = Tensor({C, C, k, k}, 1.0F), .bias = {}, .window = same},
          network::Graph::kInput);
  last = add(graph,
             network::Convolution{
                 .weight = Tensor({C, 1, k, k}, 1.0F), .bias = {}, .window = same, .groups = C},
             last);
  last = add(graph,
             network::Convolution{.weight = Tensor({D, C, 1, 1}, 1.0F), .bias = {}, .window = {}},
             last);
  const auto pooled = add(graph, network::GlobalAverage{.axes = {2, 3}}, last);
  add(graph,
      network::Convolution{.weight = Tensor({n, D, 1, 1}, 1.0F), .bias = {}, .window = {}},
      pooled);
  const auto flat = add(graph, network::Reshape{.shape = {}, .flatten_axis = 1}, last);
  graph.set_output(add(
      graph, network::FullyConnected{.weight = Tensor({n, D * H * W}, 1.0F), .bias = {}}, flat));
  const mapping::TilePlan plan = mapping::map_network(graph, {});
  const auto on_plan = [&](const char* name) { return plan.layer(name).memristor_count(); };
  CHECK(on_plan("l0") == 2L * k * k * C * C);  // convolution: 2 k^2 C D with D = C
  CHECK(on_plan("l1") == 2L * k * k * C);      // depthwise
  CHECK(on_plan("l2") == 2L * C * D);          // pointwise
  CHECK(on_plan("l4") == 2L * D * n);          // GAP + 1x1
  CHECK(on_plan("l6") == 2L * H * W * D * n);  // fully connected
  for (const mapping::LayerPlan& layer : plan.layers) {
    CHECK(mapping::weight_memristors(graph.layer(layer.layer)) == layer.memristor_count());
  }
}

TEST_CASE("trained numbers are weights and biases of the layers on crossbars", "[mapping]") {
  network::Graph graph;
  graph.set_input_shape({1, 3});
  const auto first =
      add(graph,
          network::FullyConnected{.weight = Tensor({4, 3}, 1.0F), .bias = Tensor({4}, 1.0F)},
          network::Graph::kInput);
  const auto relu = add(graph, network::Activation{}, first);
  const auto last =
      add(graph, network::FullyConnected{.weight = Tensor({2, 4}, 1.0F), .bias = {}}, relu);
  graph.set_output(last);
  CHECK(graph.layer(first).parameter_count() == 4 * 3 + 4);
  CHECK(graph.layer(relu).parameter_count() == 0);
  CHECK(graph.layer(last).parameter_count() == 2 * 4);
  mapping::TilePlan plan = mapping::map_network(graph, {});
  CHECK(mapping::parameter_count(graph, plan) == 16 + 8);
  plan.layers.pop_back();
  CHECK(mapping::parameter_count(graph, plan) == 16);
}
