#include "network/decision.hpp"

#include <catch2/catch.hpp>

#include "base/error.hpp"

using namespace memspice;
using namespace memspice::network;
using Catch::Matchers::Contains;

namespace {

using Kind = Activation::Kind;

FullyConnected product(std::int64_t outputs, std::int64_t inputs = 4) {
  return {Tensor({outputs, inputs}, 0.5F), Tensor({outputs})};
}

Convolution pointwise(std::int64_t channels) {
  return {Tensor({channels, 1, 1, 1}, 1.0F), Tensor({channels}), {.kernel = {1, 1}}};
}

/// Layers one behind the other, on an input of this shape.
Graph chain(const Shape& input, std::vector<Operation> operations) {
  Graph graph;
  graph.set_input_shape(input);
  LayerId last = Graph::kInput;
  for (std::size_t k = 0; k < operations.size(); ++k) {
    last = graph.add({"layer" + std::to_string(k), std::move(operations[k]), {}}, {last});
  }
  graph.set_output(last);
  return graph;
}

Activation activation(Kind kind) {
  return {kind, 0.2F, 0.5F, -1};
}

Elementwise constant(Elementwise::Kind kind, float value, bool left = false) {
  return {kind, Tensor({1}, value), left};
}

std::string refusal(const Graph& graph) {
  try {
    decision_of(graph, "net.onnx");
  } catch (const InputError& error) {
    return error.what();
  }
  return "accepted";
}

Dataset labelled(std::vector<int> labels) {
  const auto count = static_cast<std::int64_t>(labels.size());
  return {.images = Tensor({count, 1, 2, 2}), .labels = std::move(labels)};
}

std::string refusal(const Decision& decision, const Dataset& data) {
  try {
    require_labels(decision, data, "labels.idx");
  } catch (const InputError& error) {
    return error.what();
  }
  return "accepted";
}

}  // namespace

TEST_CASE("one sigmoid output parts two classes at a half", "[decision]") {
  for (const Kind kind : {Kind::Sigmoid, Kind::HardSigmoid}) {
    const Decision decision = decision_of(chain({1, 4}, {product(1), activation(kind)}));
    CHECK(decision.classes == 2);
    CHECK(decision.threshold == 0.5F);
    CHECK(decision.label_of(std::vector<float>{0.51F}) == 1);
    CHECK(decision.label_of(std::vector<float>{0.5F}) == 0);
    CHECK(decision.label_of(std::vector<float>{0.49F}) == 0);
  }
}

TEST_CASE("one logit parts two classes at zero", "[decision]") {
  CHECK(decision_of(chain({1, 4}, {product(1)})).threshold == 0.0F);
  CHECK(
      decision_of(chain({1, 4}, {product(1), constant(Elementwise::Kind::Add, 0.3F)})).threshold ==
      0.0F);
  // A convolution, then the mean over the image.
  const Graph pooled = chain({1, 1, 3, 3}, {pointwise(1), GlobalAverage{{2, 3}, true}});
  CHECK(decision_of(pooled).threshold == 0.0F);
  CHECK(decision_of(pooled).label_of(std::vector<float>{1e-3F}) == 1);
  CHECK(decision_of(pooled).label_of(std::vector<float>{-1e-3F}) == 0);
}

TEST_CASE("a reshaped probability is one still", "[decision]") {
  const Graph graph =
      chain({1, 4}, {product(1), activation(Kind::Sigmoid), Reshape{{0, 1, 1}, {}}});
  CHECK(decision_of(graph).threshold == 0.5F);
}

TEST_CASE("one output without a known threshold is refused by its layer", "[decision]") {
  for (const Kind kind : {Kind::Tanh, Kind::Relu, Kind::Softmax, Kind::Clip, Kind::LeakyRelu}) {
    const std::string told = refusal(chain({1, 4}, {product(1), activation(kind)}));
    CHECK_THAT(told, Contains("net.onnx") && Contains("no known threshold"));
    CHECK_THAT(told, Contains(operation_name(activation(kind))) && Contains("Sigmoid"));
  }
  // 1 - p is the probability of class 0, and 3 p has its middle elsewhere.
  CHECK_THAT(
      refusal(chain(
          {1, 4},
          {product(1), activation(Kind::Sigmoid), constant(Elementwise::Kind::Sub, 1.0F, true)})),
      Contains("no known threshold"));
  CHECK_THAT(refusal(chain({1, 1}, {})), Contains("no known threshold"));
}

TEST_CASE("of several outputs the largest wins, the first of equals", "[decision]") {
  const Decision decision = decision_of(chain({1, 4}, {product(3), activation(Kind::Sigmoid)}));
  CHECK(decision.classes == 3);
  CHECK(!decision.threshold);
  CHECK(decision.label_of(std::vector<float>{0.1F, 0.7F, 0.7F}) == 1);
  CHECK(decision_of(chain({1, 1, 3, 3}, {pointwise(5), GlobalAverage{{2, 3}, true}})).classes == 5);
  CHECK(decision_of(chain({1, 4}, {product(2)})).classes == 2);
}

TEST_CASE("a map of scores is no row of classes", "[decision]") {
  CHECK_THAT(refusal(chain({1, 1, 3, 4}, {pointwise(3)})),
             Contains("net.onnx: output of 3x3x4") && Contains("not a map"));
  // One channel along a line: positions, not classes.
  CHECK_THAT(refusal(chain({1, 1, 1, 8}, {pointwise(1)})), Contains("output of 1x1x8"));
  CHECK_THAT(refusal(chain({1, 1, 8, 1}, {pointwise(2)})), Contains("output of 2x8x1"));
  // A product along the last axis ends in classes there.
  CHECK(decision_of(chain({1, 1, 1, 4}, {product(3), activation(Kind::Relu)})).classes == 3);
  CHECK_THAT(refusal(chain({1, 1, 2, 4}, {product(3)})), Contains("output of 1x2x3"));
}

TEST_CASE("labels are classes of the network", "[decision]") {
  const Decision three{.classes = 3};
  CHECK(refusal(three, labelled({0, 2, 1})) == "accepted");
  CHECK(refusal(three, labelled({0, 0})) == "accepted");
  CHECK_THAT(refusal(three, labelled({0, 5})),
             Contains("labels.idx: label 5") && Contains("3 outputs, for the classes 0 to 2"));
  CHECK_THAT(refusal(three, labelled({1, 2, 3})), Contains("counted from 1"));
  CHECK_THAT(refusal(three, labelled({-1, 0})), Contains("label -1") && Contains("0 to 2"));
  const Decision two{.classes = 2, .threshold = 0.5F};
  CHECK(refusal(two, labelled({0, 1, 1})) == "accepted");
  CHECK_THAT(refusal(two, labelled({0, 7})),
             Contains("label 7") && Contains("one output, for the classes 0 to 1"));
}

TEST_CASE("labels behind the limit count as well", "[decision]") {
  Dataset data = labelled({0, 1, 2});
  data.largest_label = 9;
  CHECK_THAT(refusal(Decision{.classes = 5}, data), Contains("label 9") && Contains("5 outputs"));
  CHECK(data.first_images(2).largest_label == 9);
}

TEST_CASE("logits of a known number decide alike", "[decision]") {
  CHECK(decision_of_logits(1).threshold == 0.0F);
  CHECK(decision_of_logits(1).classes == 2);
  CHECK(decision_of_logits(10).classes == 10);
}
