// Files with several inputs or outputs, with or without an axis for the batch.

#include <catch2/catch.hpp>

#include "network/model_builder.hpp"

using namespace memspice;
using namespace memspice::network;
using Catch::Matchers::Contains;

namespace {

/// y = x + other, z = relu(x).
Model two_inputs() {
  Model model({1, 2});
  model.declare_input("other", {1, 2});
  model.node("Add", {"x", "other"});
  model.node("Relu", {"x"}, "z");
  return model;
}

std::vector<float> run(const Graph& graph, const std::vector<float>& x) {
  return run_graph(graph, Tensor({1, std::ssize(x)}, x)).data;
}

}  // namespace

TEST_CASE("the data feed the input that is named, others are constants", "[onnx][inputs]") {
  const Model model = two_inputs();
  CHECK_THROWS_WITH(
      model.load(),
      Contains("\"x\", \"other\"") && Contains("network.input") && Contains("[network.constants]"));
  CHECK_THROWS_WITH(model.load(ImportOptions{.input = "x"}),
                    Contains("\"other\"") && Contains("NAME = 0"));
  const Graph shifted = model.load(ImportOptions{.input = "x", .constants = {{"other", 0.5}}});
  CHECK(run(shifted, {1.0F, 2.0F}) == std::vector<float>{1.5F, 2.5F});
  // One constant of two inputs leaves the other for the data.
  const Graph swapped = model.load(ImportOptions{.constants = {{"x", -1.0}}});
  CHECK(run(swapped, {1.0F, 2.0F}) == std::vector<float>{0.0F, 1.0F});
  CHECK_THROWS_WITH(model.load(ImportOptions{.input = "othr"}),
                    Contains("network.input") && Contains("did you mean \"other\""));
  CHECK_THROWS_WITH(model.load(ImportOptions{.constants = {{"z", 0.0}}}),
                    Contains("network.constants") && Contains("is no input"));
}

TEST_CASE("an input that the output does not need is no question", "[onnx][inputs]") {
  const Graph graph = two_inputs().load(ImportOptions{.output = "z"});
  CHECK(run(graph, {-1.0F, 2.0F}) == std::vector<float>{0.0F, 2.0F});
}

TEST_CASE("constants of integer inputs are whole numbers", "[onnx][inputs]") {
  Model model({1, 4});
  model.declare_input("shape", {2});
  model.graph().mutable_input(1)->mutable_type()->mutable_tensor_type()->set_elem_type(
      onnx::TensorProto::INT64);
  model.node("Reshape", {"x", "shape"});
  const auto load = [&](double value) {
    return model.load(ImportOptions{.input = "x", .constants = {{"shape", value}}});
  };
  CHECK(load(2.0).shape_of({0}) == Shape{2, 2});
  CHECK_THROWS_WITH(load(1.5), Contains("elements are int64"));
}

TEST_CASE("the output is chosen by name where there are several", "[onnx][inputs]") {
  Model model({1, 2});
  model.node("Relu", {"x"}, "features");
  model.node("Tanh", {"features"});
  model.graph().add_output()->set_name("features");
  CHECK_THROWS_WITH(model.load(),
                    Contains("2 outputs: \"y\", \"features\"") && Contains("network.output"));
  CHECK(run(model.load(ImportOptions{.output = "features"}), {-1.0F, 2.0F}) ==
        std::vector<float>{0.0F, 2.0F});
  CHECK_THROWS_WITH(model.load(ImportOptions{.output = "feature"}),
                    Contains("\"feature\"") && Contains("did you mean \"features\""));
}

TEST_CASE("a network may leave out the axis for the batch", "[onnx][inputs]") {
  SECTION("a row of values") {
    Model model({4});
    model.weight("w", {4, 1}, {1.0F, 2.0F, 3.0F, 4.0F});
    model.node("MatMul", {"x", "w"});
    CHECK(model.load().input_shape() == Shape{1, 4});
    CHECK(run(model.load(), {1.0F, 1.0F, 1.0F, 1.0F}) == std::vector<float>{10.0F});
  }
  SECTION("a row of values that becomes an image") {
    Model model({4});
    model.integers("front", {0, 1});
    model.node("Unsqueeze", {"x", "front"});
    CHECK(model.load().shape_of(model.load().output()) == Shape{1, 1, 4});
    Model behind({4});
    behind.integers("back", {1});
    behind.node("Unsqueeze", {"x", "back"});
    CHECK_THROWS_WITH(behind.load(), Contains("(Unsqueeze)") && Contains("comes first"));
  }
  SECTION("an image to which a node adds the axis") {
    Model model({3, 4, 4});
    model.integers("front", {0});
    model.node("Unsqueeze", {"x", "front"}, "u");
    model.node("GlobalAveragePool", {"u"});
    CHECK(model.load().input_shape() == Shape{1, 3, 4, 4});
    CHECK(model.load().shape_of(model.load().output()) == Shape{1, 3, 1, 1});
  }
}

TEST_CASE("a free or fixed batch axis is the batch", "[onnx][inputs]") {
  for (const std::int64_t batch : {0, 1, 7}) {
    Model model({batch, 4});
    model.node("Relu", {"x"});
    CHECK(model.load().input_shape() == Shape{1, 4});
  }
}
