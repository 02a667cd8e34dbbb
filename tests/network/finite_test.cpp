// Numbers that are none, or beyond float32, end a run by layer and image.
#include <catch2/catch.hpp>
#include <limits>

#include "base/error.hpp"
#include "network/run_graph.hpp"

using namespace memspice;
using namespace memspice::network;
using Catch::Matchers::Contains;

namespace {

/// x -> two products of it -> their difference -> ReLU, two values each.
Graph difference(float factor, Elementwise::Kind kind) {
  Graph graph;
  graph.set_input_shape({1, 2});
  const Tensor W({2, 2}, std::vector<float>{factor, 0.0F, 0.0F, factor});
  const auto a = graph.add({"left", FullyConnected{W, {}}, {}}, {Graph::kInput});
  const auto b = graph.add({"right", FullyConnected{W, {}}, {}}, {Graph::kInput});
  const auto c = graph.add({"join", Elementwise{kind, {}, false}, {}}, {a, b});
  graph.set_output(graph.add({"relu", Activation{Activation::Kind::Relu, 0, 0, -1}, {}}, {c}));
  return graph;
}

std::string failure(const Graph& graph, const Tensor& batch, const ImageNames& names = {}) {
  try {
    run_graph(graph, batch, {}, names);
  } catch (const RunError& error) {
    return error.what();
  }
  return "finite";
}

Tensor images(std::vector<float> values) {
  const auto count = static_cast<std::int64_t>(values.size()) / 2;
  return Tensor({count, 2}, std::move(values));
}

}  // namespace

TEST_CASE("a sum that overflows names its layer and image", "[finite]") {
  // 2e38 + 2e38 is beyond the largest float, 3.4e38; 1e38 + 1e38 is not.
  const Graph graph = difference(1e38F, Elementwise::Kind::Add);
  CHECK(failure(graph, images({1, 1, 1, 1})) == "finite");
  const std::string told = failure(graph, images({1, 1, 1, 2}), {.first = 40});
  CHECK_THAT(told, Contains("layer join (Elementwise Add)") && Contains("inf for image 41"));
  CHECK_THAT(failure(graph, images({-2, 0}), {.kind = "calibration image"}),
             Contains("-inf for calibration image 0"));
}

TEST_CASE("0 / 0 is found though an activation would hide it", "[finite]") {
  const Graph graph = difference(1.0F, Elementwise::Kind::Div);
  CHECK(failure(graph, images({3, 4})) == "finite");
  CHECK_THAT(failure(graph, images({3, 4, 5, 0})),
             Contains("layer join") && Contains("NaN for image 1"));
}

TEST_CASE("an input that is no number is the input's fault", "[finite]") {
  const Graph graph = difference(1.0F, Elementwise::Kind::Add);
  const float nan = std::numeric_limits<float>::quiet_NaN();
  CHECK_THAT(failure(graph, images({0, 0, nan, 0})), Contains("network input: NaN for image 1"));
}

TEST_CASE("what replaces a layer is looked at like the layer", "[finite]") {
  const Graph graph = difference(1.0F, Elementwise::Kind::Add);
  const LayerHook hook = [&](LayerId id, std::span<const Tensor* const>) {
    if (graph.layer(id).name != "right") return Tensor{};
    return Tensor({1, 2}, std::numeric_limits<float>::infinity());
  };
  CHECK_THROWS_WITH(run_graph(graph, images({1, 1}), hook),
                    Contains("layer right (FullyConnected)") && Contains("inf for image 0"));
}
