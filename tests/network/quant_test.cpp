// Networks trained for integers of few bits, as QONNX and Brevitas export them.

#include <catch2/catch.hpp>

#include "network/quantized_models.hpp"

using namespace memspice;
using namespace memspice::network;
using Catch::Matchers::Contains;

TEST_CASE("Quant rounds to the integers that it states", "[onnx][quant]") {
  const auto quant = [](float bits, bool is_signed, bool is_narrow, const std::string& rounding) {
    Model model({1, 6});
    scalar(model, "s", 0.5F);
    scalar(model, "z", 0.0F);
    scalar(model, "b", bits);
    auto& node = model.node("Quant", {"x", "s", "z", "b"});
    node.set_domain("qonnx.custom_op.general");
    set_integer(node, "signed", is_signed ? 1 : 0);
    set_integer(node, "narrow", is_narrow ? 1 : 0);
    set_text(node, "rounding_mode", rounding);
    // x / s = -20, -1.5, -0.5, 0.5, 1.2, 20
    return outputs_of(model.load(), {-10.0F, -0.75F, -0.25F, 0.25F, 0.6F, 10.0F});
  };
  CHECK(quant(4, true, false, "ROUND") == Values{-4.0F, -1.0F, 0.0F, 0.0F, 0.5F, 3.5F});
  CHECK(quant(4, true, true, "ROUND") == Values{-3.5F, -1.0F, 0.0F, 0.0F, 0.5F, 3.5F});
  CHECK(quant(2, false, false, "ROUND") == Values{0.0F, 0.0F, 0.0F, 0.0F, 0.5F, 1.5F});
  CHECK(quant(2, false, true, "ROUND") == Values{0.0F, 0.0F, 0.0F, 0.0F, 0.5F, 1.0F});
  CHECK(quant(4, true, false, "FLOOR") == Values{-4.0F, -1.0F, -0.5F, 0.0F, 0.5F, 3.5F});
  CHECK(quant(4, true, false, "CEIL") == Values{-4.0F, -0.5F, 0.0F, 0.5F, 1.0F, 3.5F});
  CHECK(quant(4, true, false, "UP") == Values{-4.0F, -1.0F, -0.5F, 0.5F, 1.0F, 3.5F});
  CHECK(quant(4, true, false, "ROUND_TO_ZERO") == Values{-4.0F, -0.5F, 0.0F, 0.0F, 0.5F, 3.5F});
  CHECK(quant(4, true, false, "HALF_UP") == Values{-4.0F, -1.0F, -0.5F, 0.5F, 0.5F, 3.5F});
  CHECK(quant(4, true, false, "HALF_DOWN") == Values{-4.0F, -0.5F, 0.0F, 0.0F, 0.5F, 3.5F});
  CHECK(quant(1, true, false, "ROUND") == Values{-0.5F, -0.5F, -0.5F, 0.5F, 0.5F, 0.5F});
  CHECK_THROWS_WITH(quant(4, true, false, "STOCHASTIC"), Contains("rounding_mode STOCHASTIC"));
  CHECK_THROWS_WITH(quant(2.5F, true, false, "ROUND"), Contains("bit_width"));
  CHECK_THROWS_WITH(quant(32, true, false, "ROUND"), Contains("1 to 24"));
}

TEST_CASE("Quant and BipolarQuant of weights keep their steps", "[onnx][quant]") {
  const auto steps = [](const std::string& domain, const std::string& op) {
    Model model({1, 2});
    model.weight("v", {2, 2}, {0.3F, -0.9F, 2.0F, -8.0F});
    model.weight("s", {2, 1}, {0.5F, 0.25F});
    scalar(model, "z", 0.0F);
    scalar(model, "b", 4.0F);
    std::vector<std::string> inputs{"v", "s"};
    if (op == "Quant") inputs.insert(inputs.end(), {"z", "b"});
    model.node(op, inputs, "w").set_domain(domain);
    set_integer(model.node("Gemm", {"x", "w"}), "transB", 1);
    const Graph graph = model.load();
    CHECK(steps_of(graph) == Steps{0.5F, 0.25F});
    return std::get<FullyConnected>(graph.layer({0}).operation).weight.data;
  };
  CHECK(steps("onnx.brevitas", "Quant") == Values{0.5F, -1.0F, 1.75F, -2.0F});
  CHECK(steps("finn.custom_op.general", "BipolarQuant") == Values{0.5F, -0.5F, 0.25F, -0.25F});
}

TEST_CASE("normalization behind quantized weights scales their steps", "[onnx][quant]") {
  Model model({1, 1, 1, 1});
  integers(model, "q", kInt8, {2, 1, 1, 1}, {3, -4});
  scalar(model, "s", 0.5F);
  model.node("DequantizeLinear", {"q", "s"}, "w");
  model.node("Conv", {"x", "w"}, "c");
  model.weight("gamma", {2}, {2.0F, -4.0F});
  model.weight("beta", {2}, {1.0F, 0.0F});
  model.weight("mean", {2}, {0.0F, 0.0F});
  model.weight("variance", {2}, {1.0F, 1.0F});
  auto& node = model.node("BatchNormalization", {"c", "gamma", "beta", "mean", "variance"});
  auto& epsilon = *node.add_attribute();
  epsilon.set_name("epsilon");
  epsilon.set_type(onnx::AttributeProto::FLOAT);
  epsilon.set_f(0.0F);
  const Graph graph = model.load();
  const auto& folded = std::get<Convolution>(graph.layer({0}).operation);
  CHECK(folded.weight.data == Values{3.0F, 8.0F});
  CHECK(folded.steps == Steps{1.0F, 2.0F});
}
