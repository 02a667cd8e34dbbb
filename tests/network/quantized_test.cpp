// Scales and zero points around weights and tensors: QDQ.

#include <catch2/catch.hpp>

#include "network/quantized_models.hpp"

using namespace memspice;
using namespace memspice::network;
using Catch::Matchers::Contains;

TEST_CASE("weights of integers are what their scale and zero point make of them", "[onnx][qdq]") {
  Model model({1, 2});
  SECTION("per tensor, uint8 with a zero point") {
    integers(model, "q", kUint8, {2, 2}, {128, 130, 0, 255});
    scalar(model, "s", 0.5F);
    integers(model, "z", kUint8, {}, {128});
    model.node("DequantizeLinear", {"q", "s", "z"}, "w");
    model.node("MatMul", {"x", "w"});
    // w = [[0, 1], [-64, 63.5]]
    CHECK(outputs_of(model.load(), {1.0F, 1.0F}) == Values{-64.0F, 64.5F});
    CHECK(steps_of(model.load()) == Steps{0.5F, 0.5F});
  }
  SECTION("per output channel, along either axis") {
    integers(model, "q", kInt8, {2, 2}, {1, 2, 3, 4});
    model.weight("s", {2}, {0.5F, 0.25F});
    auto& node = model.node("DequantizeLinear", {"q", "s"}, "w");
    SECTION("stored by output") {
      set_integer(node, "axis", 0);
      set_integer(model.node("Gemm", {"x", "w"}), "transB", 1);
      CHECK(outputs_of(model.load(), {1.0F, 1.0F}) == Values{1.5F, 1.75F});
      CHECK(steps_of(model.load()) == Steps{0.5F, 0.25F});
    }
    SECTION("stored by input") {
      model.node("MatMul", {"x", "w"});
      CHECK(outputs_of(model.load(), {1.0F, 1.0F}) == Values{2.0F, 1.5F});
      CHECK(steps_of(model.load()) == Steps{0.5F, 0.25F});
    }
    SECTION("along the inputs: no output has one step") {
      set_integer(node, "axis", 0);
      model.node("MatMul", {"x", "w"});
      CHECK(outputs_of(model.load(), {1.0F, 1.0F}) == Values{1.25F, 2.0F});
      CHECK(steps_of(model.load()).empty());
    }
  }
  SECTION("in blocks along an axis") {
    integers(model, "q", kInt8, {2, 2}, {1, 2, 3, 4});
    model.weight("s", {1, 2}, {0.5F, 0.25F});
    auto& node = model.node("DequantizeLinear", {"q", "s"}, "w");
    set_integer(node, "axis", 0);
    set_integer(node, "block_size", 2);
    model.node("MatMul", {"x", "w"});
    CHECK(outputs_of(model.load(), {1.0F, 1.0F}) == Values{2.0F, 1.5F});
  }
}

TEST_CASE("QuantizeLinear and DequantizeLinear round to the file's grid", "[onnx][qdq]") {
  Model model({1, 6});
  scalar(model, "s", 0.5F);
  integers(model, "z", kUint8, {}, {2});
  model.node("QuantizeLinear", {"x", "s", "z"}, "q");
  model.node("DequantizeLinear", {"q", "s", "z"});
  const Graph graph = model.load();
  CHECK(graph.layer_count() == 1);
  // x / s = -10, -0.5, 0.5, 1.5, 2.6, 1000: ties to even, then 0 - 2 .. 255 - 2.
  CHECK(outputs_of(graph, {-5.0F, -0.25F, 0.25F, 0.75F, 1.3F, 500.0F}) ==
        Values{-1.0F, 0.0F, 0.0F, 1.0F, 1.5F, 126.5F});
}

TEST_CASE("computed tensors may be quantized per channel", "[onnx][qdq]") {
  Model model({1, 2, 1, 2});
  model.weight("s", {2}, {1.0F, 0.25F});
  integers(model, "z", kInt8, {2}, {0, 0});
  model.node("QuantizeLinear", {"x", "s", "z"}, "q");
  model.node("DequantizeLinear", {"q", "s", "z"});
  CHECK(outputs_of(model.load(), {0.4F, 1.6F, 0.4F, -100.0F}) == Values{0.0F, 2.0F, 0.5F, -32.0F});
}

TEST_CASE("weights rounded on the way keep the grid", "[onnx][qdq]") {
  // As training with quantization exports them: float weights behind both operators.
  Model model({1, 2});
  model.weight("v", {2, 1}, {0.26F, -9.0F});
  scalar(model, "s", 0.25F);
  integers(model, "z", kInt8, {}, {0});
  model.node("QuantizeLinear", {"v", "s", "z"}, "q");
  integers(model, "low", kInt8, {}, {-7});
  integers(model, "high", kInt8, {}, {7});
  model.node("Clip", {"q", "low", "high"}, "c");  // Brevitas narrows 8 bits to 4 so
  model.node("DequantizeLinear", {"c", "s", "z"}, "w");
  model.node("MatMul", {"x", "w"});
  CHECK(outputs_of(model.load(), {1.0F, 1.0F}) == Values{0.25F - 1.75F});
  CHECK(steps_of(model.load()) == Steps{0.25F});
}

TEST_CASE("integers pass what only moves them and are clipped as integers", "[onnx][qdq]") {
  Model model({1, 1, 2, 2});
  scalar(model, "s", 0.5F);
  integers(model, "z", kUint8, {}, {10});
  integers(model, "low", kUint8, {}, {8});
  integers(model, "high", kUint8, {}, {13});
  model.node("QuantizeLinear", {"x", "s", "z"}, "q");
  model.node("Clip", {"q", "low", "high"}, "c");
  set_integers(model.node("MaxPool", {"c"}, "p"), "kernel_shape", {1, 2});
  model.node("Flatten", {"p"}, "f");
  model.node("DequantizeLinear", {"f", "s", "z"});
  // Values are clipped to (8 - 10) / 2 .. (13 - 10) / 2.
  CHECK(outputs_of(model.load(), {-9.0F, -8.0F, 0.3F, 9.0F}) == Values{-1.0F, 1.5F});
}

TEST_CASE("a border of integers is one of what they stand for", "[onnx][qdq]") {
  const auto padded = [](int border) {
    Model model({1, 1, 1, 2});
    scalar(model, "s", 0.5F);
    integers(model, "z", kUint8, {}, {10});
    integers(model, "border", kUint8, {}, {border});
    model.integers("pads", {0, 0, 0, 1, 0, 0, 0, 0});
    model.weight("w", {1, 1, 1, 2}, {1.0F, 1.0F});
    model.node("QuantizeLinear", {"x", "s", "z"}, "q");
    model.node("Pad", {"q", "pads", "border"}, "p");
    model.node("DequantizeLinear", {"p", "s", "z"}, "d");
    model.node("Conv", {"d", "w"});
    return model;
  };
  CHECK(outputs_of(padded(10).load(), {1.0F, 2.0F}) == Values{1.0F, 3.0F});
  // 0.5 (0 - 10) on the left
  CHECK(outputs_of(padded(0).load(), {1.0F, 2.0F}) == Values{-4.0F, 3.0F});
}

TEST_CASE("a border has no one value where channels have scales of their own", "[onnx][qdq]") {
  Model model({1, 2, 1, 1});
  model.weight("s", {2}, {0.5F, 1.0F});
  model.integers("pads", {0, 0, 0, 1, 0, 0, 0, 0});
  model.node("QuantizeLinear", {"x", "s"}, "q");
  model.node("Pad", {"q", "pads"}, "p");
  model.node("DequantizeLinear", {"p", "s"});
  CHECK_THROWS_WITH(model.load(), Contains("(Pad)") && Contains("one scale and zero point"));
}

TEST_CASE("parts of integers are integers of the same grid", "[onnx][qdq]") {
  Model model({1, 4});
  scalar(model, "s", 0.5F);
  integers(model, "z", kUint8, {}, {10});
  model.node("QuantizeLinear", {"x", "s", "z"}, "q");
  auto& split = model.node("Split", {"q"}, "left");
  split.add_output("right");
  set_integer(split, "axis", 1);
  model.node("DequantizeLinear", {"right", "s", "z"});
  CHECK(outputs_of(model.load(), {1.0F, 2.0F, 3.1F, 4.0F}) == Values{3.0F, 4.0F});
}

TEST_CASE("the class of the largest integer ends a network in its scores", "[onnx][qdq]") {
  Model model({1, 2});
  scalar(model, "s", 0.5F);
  model.node("QuantizeLinear", {"x", "s"}, "q");
  set_integer(model.node("ArgMax", {"q"}), "axis", 1);
  CHECK(outputs_of(model.load(), {1.1F, 2.0F}) == Values{1.0F, 2.0F});
}

TEST_CASE("grids follow the channels of an image that has them last", "[onnx][qdq][layout]") {
  Model model({1, 1, 2, 2});
  model.weight("s", {2}, {0.5F, 2.0F});
  model.weight("w", {1, 2, 1, 1}, {1.0F, 1.0F});
  auto& quantize = model.node("QuantizeLinear", {"x", "s"}, "q");
  set_integer(quantize, "axis", 3);
  auto& dequantize = model.node("DequantizeLinear", {"q", "s"}, "d");
  set_integer(dequantize, "axis", 3);
  set_integers(model.node("Transpose", {"d"}, "t"), "perm", {0, 3, 1, 2});
  model.node("Conv", {"t", "w"});
  const Graph graph = model.load();
  CHECK(graph.input_shape() == Shape{1, 2, 1, 2});
  // Channels first: 1.3 and 2.6 in steps of 0.5, 3.2 and 5.5 in steps of 2
  CHECK(outputs_of(graph, {1.3F, 2.6F, 3.2F, 5.5F}) == Values{5.5F, 8.5F});
}

TEST_CASE("integers of one scale may be read by another", "[onnx][qdq]") {
  Model model({1, 2});
  scalar(model, "s", 0.5F);
  integers(model, "z", kUint8, {}, {10});
  scalar(model, "t", 2.0F);
  integers(model, "zero", kUint8, {}, {0});
  model.node("QuantizeLinear", {"x", "s", "z"}, "q");
  model.node("DequantizeLinear", {"q", "t", "zero"});
  CHECK(outputs_of(model.load(), {0.0F, 1.0F}) == Values{20.0F, 24.0F});
}

TEST_CASE("an operator that is not read for integers says so", "[onnx][qdq]") {
  Model model({1, 2});
  scalar(model, "s", 0.5F);
  model.node("QuantizeLinear", {"x", "s"}, "q");
  model.node("Tanh", {"q"});
  CHECK_THROWS_WITH(
      model.load(),
      Contains("(Tanh)") && Contains("holds integers") && Contains("DequantizeLinear"));
  Model floats({1, 2});
  scalar(floats, "s", 0.5F);
  floats.node("DequantizeLinear", {"x", "s"});
  CHECK_THROWS_WITH(floats.load(), Contains("holds no integers"));
}

TEST_CASE("a grid is told from nonsense", "[onnx][qdq]") {
  const auto refuses = [](float scale, const std::vector<int>& zero, const std::string& rule) {
    Model model({1, 2});
    scalar(model, "s", scale);
    integers(model, "z", kUint8, {std::ssize(zero)}, zero);
    model.node("QuantizeLinear", {"x", "s", "z"});
    CHECK_THROWS_WITH(model.load(), Contains("(QuantizeLinear)") && Contains(rule));
  };
  refuses(0.0F, {0}, "above 0");
  refuses(-1.0F, {0}, "above 0");
  refuses(std::numeric_limits<float>::infinity(), {0}, "above 0");
  refuses(1.0F, {0, 0}, "as many zero points as scales");
  Model dynamic({1, 2});
  dynamic.node("DynamicQuantizeLinear", {"x"}, "q");
  dynamic.node("Cast", {"q"});
  CHECK_THROWS_WITH(dynamic.load(),
                    Contains("scale computed from the data") && Contains("statically"));
}

TEST_CASE("an input of integers is taken as numbers", "[onnx][qdq]") {
  Model model({1, 2});
  model.graph().mutable_input(0)->mutable_type()->mutable_tensor_type()->set_elem_type(kUint8);
  set_integer(model.node("Cast", {"x"}, "f"), "to", onnx::TensorProto::FLOAT);
  scalar(model, "s", 255.0F);
  model.node("Div", {"f", "s"});
  CHECK(outputs_of(model.load(), {255.0F, 0.0F}) == Values{1.0F, 0.0F});
  const Graph graph = model.load();
  REQUIRE(graph.input_codes());
  CHECK(graph.input_codes()->low == 0.0F);
  CHECK(graph.input_codes()->high == 255.0F);
}
