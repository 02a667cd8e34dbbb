// What is scored: the network's decision, in every way a data set is run.
#include <catch2/catch.hpp>
#include <limits>

#include "base/error.hpp"
#include "simulate/simulate.hpp"

using namespace memspice;
using namespace memspice::network;
using Catch::Matchers::Contains;
using simulate::Machine;

namespace {

/// The one value of an image, or behind a sigmoid.
Graph one_output(bool sigmoid) {
  Graph graph;
  graph.set_input_shape({1, 1, 1, 1});
  Reshape flatten;
  flatten.flatten_axis = 1;
  const auto flat = graph.add({"flatten", flatten, {}}, {Graph::kInput});
  auto last = graph.add({"score", FullyConnected{Tensor({1, 1}, 1.0F), {}}, {}}, {flat});
  if (sigmoid) {
    last = graph.add({"p", Activation{Activation::Kind::Sigmoid, 0, 0, -1}, {}}, {last});
  }
  graph.set_output(last);
  return graph;
}

Dataset data_of(std::vector<float> values, std::vector<int> labels) {
  const auto count = static_cast<std::int64_t>(values.size());
  return {.images = Tensor({count, 1, 1, 1}, std::move(values)), .labels = std::move(labels)};
}

/// Doubles the network's values: a layer that is computed elsewhere.
class Doubling : public simulate::LayerKernel {
 public:
  Tensor apply(std::span<const Tensor* const> inputs, std::uint64_t) const override {
    Tensor out({inputs[0]->shape[0], 1});
    for (std::size_t k = 0; k < out.data.size(); ++k) out.data[k] = 2.0F * inputs[0]->data[k];
    return out;
  }
};

constexpr simulate::SimulateOptions kQuiet{.jobs = 1, .batch = 2, .title = {}};

}  // namespace

TEST_CASE("simulate takes one output for two classes", "[simulate][scoring]") {
  const Dataset data = data_of({-2.0F, 0.4F, -0.1F, 3.0F, 0.0F}, {0, 1, 1, 1, 0});
  for (const bool sigmoid : {false, true}) {
    const Graph graph = one_output(sigmoid);
    for (const bool elsewhere : {false, true}) {
      Machine machine{.graph = &graph, .kernels = {}};
      if (elsewhere) machine.kernels[1] = std::make_shared<Doubling>();
      const simulate::Outcome outcome = simulate::simulate(machine, data, kQuiet);
      // p > 0.5 where the logit is above 0; only -0.1 is labelled otherwise.
      CHECK(outcome.predictions == std::vector<int>{0, 1, 0, 1, 0});
      CHECK(outcome.accuracy == Approx(0.8).epsilon(1e-12));
    }
  }
}

TEST_CASE("simulate refuses labels that are no class", "[simulate][scoring]") {
  const Graph graph = one_output(true);
  CHECK_THROWS_WITH(
      simulate::simulate(Machine{.graph = &graph, .kernels = {}}, data_of({1, 2}, {0, 2}), kQuiet),
      Contains("label 2") && Contains("one output, for the classes 0 to 1"));
}

TEST_CASE("simulate takes the decision of scores that no graph gives", "[simulate][scoring]") {
  const Dataset data = data_of({0.2F, 0.7F, 0.9F}, {0, 1, 0});
  simulate::SimulateOptions options = kQuiet;
  options.decision = {.classes = 2, .threshold = 0.8F};
  const auto scores = [](const Tensor& batch, std::uint64_t) {
    return Tensor({batch.shape[0], 1}, batch.data);
  };
  CHECK(simulate::simulate(scores, data, options).predictions == std::vector<int>{0, 0, 1});
}

TEST_CASE("scores that are no numbers name the image", "[simulate][scoring]") {
  const Dataset data = data_of({0, 0, 0, 0, 0}, {0, 0, 0, 0, 0});
  const auto scores = [](const Tensor& batch, std::uint64_t first) {
    Tensor out({batch.shape[0], 2});
    if (first == 2) out.data[3] = std::numeric_limits<float>::quiet_NaN();  // of the second there
    return out;
  };
  CHECK_THROWS_AS(simulate::simulate(scores, data, kQuiet), RunError);
  CHECK_THROWS_WITH(simulate::simulate(scores, data, kQuiet), Contains("NaN for image 3"));
  const Graph graph = one_output(false);
  const auto far = data_of({0, 0, 0, std::numeric_limits<float>::infinity()}, {0, 0, 0, 0});
  CHECK_THROWS_WITH(simulate::simulate(Machine{.graph = &graph, .kernels = {}}, far, kQuiet),
                    Contains("for image 3"));
}

TEST_CASE("labelled pixels are judged by logits at zero", "[simulate][scoring]") {
  Graph graph;
  graph.set_input_shape({1, 1, 1, 4});
  graph.add({"same", Convolution{Tensor({1, 1, 1, 1}, 1.0F), {}, {.kernel = {1, 1}}}, {}},
            {Graph::kInput});
  const Dataset data{.images = Tensor({1, 1, 1, 4}, std::vector<float>{-1.0F, 0.3F, 0.4F, 2.0F}),
                     .labels = {},
                     .label_planes = {0, 1, 1, 1}};
  const auto outcome = simulate::simulate(Machine{.graph = &graph, .kernels = {}}, data, kQuiet);
  CHECK(outcome.accuracy == 1.0);
}
