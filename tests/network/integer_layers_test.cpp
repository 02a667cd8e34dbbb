// Layers on integers: those of ONNX and of onnxruntime.

#include <catch2/catch.hpp>

#include "network/quantized_models.hpp"

using namespace memspice;
using namespace memspice::network;
using Catch::Matchers::Contains;

TEST_CASE("layers on integers give what the layers on values give", "[onnx][qlinear]") {
  Model model({1, 2});
  scalar(model, "xs", 0.5F);
  integers(model, "xz", kUint8, {}, {1});
  scalar(model, "ys", 0.25F);
  integers(model, "yz", kUint8, {}, {4});
  model.node("QuantizeLinear", {"x", "xs", "xz"}, "q");
  integers(model, "w", kInt8, {2, 2}, {1, -2, 3, 4});
  model.weight("ws", {2}, {0.5F, 1.0F});
  integers(model, "wz", kInt8, {2}, {0, 0});
  const std::vector<std::string> operands{"q", "xs", "xz", "w", "ws", "wz"};
  const auto with = [&](std::vector<std::string> more) {
    more.insert(more.begin(), operands.begin(), operands.end());
    return more;
  };
  SECTION("QLinearMatMul") {
    model.node("QLinearMatMul", with({"ys", "yz"}), "p");
    model.node("DequantizeLinear", {"p", "ys", "yz"});
    // x = (1, 2.5); w = [[0.5, -2], [1.5, 4]]: (4.25, 8); from -1 on, to 62.75.
    CHECK(outputs_of(model.load(), {1.0F, 2.6F}) == Values{4.25F, 8.0F});
    CHECK(outputs_of(model.load(), {-0.5F, 100.0F})[1] == 62.75F);
    const Graph graph = model.load();
    CHECK(std::get<FullyConnected>(graph.layer({1}).operation).steps == Steps{0.5F, 1.0F});
  }
  SECTION("QGemm, whose bias is in units of both scales") {
    integers(model, "b", kInt32, {2}, {4, -2});
    auto& node = model.node("QGemm", with({"b", "ys", "yz"}), "p");
    node.set_domain("com.microsoft");
    model.node("DequantizeLinear", {"p", "ys", "yz"});
    // (4.25, 8) + (4 x 0.5 x 0.5, -2 x 0.5 x 1)
    CHECK(outputs_of(model.load(), {1.0F, 2.6F}) == Values{5.25F, 7.0F});
  }
  SECTION("MatMulInteger, whose scale comes behind") {
    model.node("MatMulInteger", {"q", "w", "xz"}, "sums");
    set_integer(model.node("Cast", {"sums"}, "f"), "to", onnx::TensorProto::FLOAT);
    scalar(model, "scale", 0.5F);
    model.node("Mul", {"f", "scale"});
    // x in steps of 0.5: (2, 5); (2 + 15, -4 + 20) x 0.5
    CHECK(outputs_of(model.load(), {1.0F, 2.6F}) == Values{8.5F, 8.0F});
  }
}

TEST_CASE("QLinearConv pads with the value zero", "[onnx][qlinear]") {
  Model model({1, 1, 1, 2});
  scalar(model, "xs", 1.0F);
  integers(model, "xz", kUint8, {}, {100});
  integers(model, "w", kInt8, {1, 1, 1, 3}, {1, 2, 4});
  scalar(model, "ws", 0.5F);
  integers(model, "wz", kInt8, {}, {0});
  integers(model, "b", kInt32, {1}, {2});
  model.node("QuantizeLinear", {"x", "xs", "xz"}, "q");
  auto& conv = model.node("QLinearConv", {"q", "xs", "xz", "w", "ws", "wz", "xs", "xz", "b"}, "c");
  set_integers(conv, "pads", {0, 1, 0, 1});
  model.node("DequantizeLinear", {"c", "xs", "xz"});
  // 0.5 (0 + 2 x 3 + 4 x 5) + 1, 0.5 (3 + 2 x 5) + 1 = 7.5, to even: 8
  CHECK(outputs_of(model.load(), {3.0F, 5.0F}) == Values{14.0F, 8.0F});
}

TEST_CASE("layers on integers take sequences", "[onnx][qlinear]") {
  Model model({1, 1, 2});
  scalar(model, "xs", 1.0F);
  integers(model, "xz", kUint8, {}, {100});
  integers(model, "w", kInt8, {1, 1, 3}, {1, 2, 4});
  scalar(model, "ws", 0.5F);
  integers(model, "wz", kInt8, {}, {0});
  model.node("QuantizeLinear", {"x", "xs", "xz"}, "q");
  auto& conv = model.node("QLinearConv", {"q", "xs", "xz", "w", "ws", "wz", "xs", "xz"}, "c");
  set_integers(conv, "pads", {1, 1});
  model.node("DequantizeLinear", {"c", "xs", "xz"});
  // 0.5 (2 x 3 + 4 x 5), 0.5 (3 + 2 x 5) = 6.5, to even: 6
  CHECK(outputs_of(model.load(), {3.0F, 5.0F}) == Values{13.0F, 6.0F});
}

TEST_CASE("onnxruntime's layers on integers are read", "[onnx][qlinear]") {
  Model model({1, 2, 2, 2});
  scalar(model, "s", 0.5F);
  integers(model, "z", kUint8, {}, {100});
  model.node("QuantizeLinear", {"x", "s", "z"}, "q");
  const auto end = [&] { model.node("DequantizeLinear", {"r", "s", "z"}); };
  const Values x{1.0F, -1.0F, 2.0F, -2.0F, 3.0F, 3.0F, 3.0F, 3.0F};
  const auto add = [&](const std::string& op, const std::vector<std::string>& inputs) -> auto& {
    auto& node = model.node(op, inputs, "r");
    node.set_domain("com.microsoft");
    return node;
  };
  SECTION("sums and products") {
    add("QLinearAdd", {"q", "s", "z", "q", "s", "z", "s", "z"});
    end();
    CHECK(outputs_of(model.load(), x) == Values{2.0F, -2.0F, 4.0F, -4.0F, 6.0F, 6.0F, 6.0F, 6.0F});
  }
  SECTION("a constant of integers") {
    integers(model, "c", kUint8, {}, {104});
    add("QLinearMul", {"q", "s", "z", "c", "s", "z", "s", "z"});
    end();
    CHECK(outputs_of(model.load(), x) == Values{2.0F, -2.0F, 4.0F, -4.0F, 6.0F, 6.0F, 6.0F, 6.0F});
  }
  SECTION("means") {
    add("QLinearGlobalAveragePool", {"q", "s", "z", "s", "z"});
    end();
    CHECK(outputs_of(model.load(), x) == Values{0.0F, 3.0F});
  }
  SECTION("activations") {
    auto& node = add("QLinearLeakyRelu", {"q", "s", "z", "s", "z"});
    auto& alpha = *node.add_attribute();
    alpha.set_name("alpha");
    alpha.set_type(onnx::AttributeProto::FLOAT);
    alpha.set_f(0.5F);
    end();
    CHECK(outputs_of(model.load(), x) == Values{1.0F, -0.5F, 2.0F, -1.0F, 3.0F, 3.0F, 3.0F, 3.0F});
  }
  SECTION("joins") {
    set_integer(add("QLinearConcat", {"s", "z", "q", "s", "z", "q", "s", "z"}), "axis", 1);
    end();
    CHECK(outputs_of(model.load(), x).size() == 16);
  }
  SECTION("an operator of that domain that is not read") {
    add("QLinearWhere", {"q"});
    end();
    CHECK_THROWS_WITH(model.load(), Contains("operator com.microsoft.QLinearWhere"));
  }
}
