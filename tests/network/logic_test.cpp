// Comparisons, choices and branches, decided when a network is imported; constants among tensors.

#include <catch2/catch.hpp>

#include "network/model_builder.hpp"

using namespace memspice;
using namespace memspice::network;
using Catch::Matchers::Contains;

namespace {

std::vector<float> logic_outputs(const Model& model, const Tensor& x) {
  return run_graph(model.load(), x).data;
}

}  // namespace

TEST_CASE("a constant condition chooses between computed and constant values",
          "[network][operators]") {
  const auto of = [](const std::vector<std::string>& operands) {
    Model model({1, 3});
    model.weight("limits", {3}, {0.0F, 5.0F, 5.0F});
    model.weight("two", {1}, {2.0F});
    model.weight("far", {3}, {7.0F, 8.0F, 9.0F});
    model.node("Less", {"limits", "two"}, "first");  // true, false, false
    model.node("Not", {"first"}, "others");
    model.node("Abs", {"x"}, "size");
    model.node("Where", operands);
    return logic_outputs(model, Tensor({1, 3}, {-1.0F, -3.0F, 4.0F}));
  };
  CHECK(of({"first", "x", "far"}) == std::vector<float>{-1, 8, 9});
  CHECK(of({"others", "x", "far"}) == std::vector<float>{7, -3, 4});
  CHECK(of({"first", "far", "x"}) == std::vector<float>{7, -3, 4});
  CHECK(of({"first", "x", "size"}) == std::vector<float>{-1, 3, 4});
  Model computed({1, 3});
  computed.weight("two", {1}, {2.0F});
  computed.node("Greater", {"x", "two"});
  CHECK_THAT(refusal(computed),
             Contains("the_Greater") && Contains("operand 0") &&
                 Contains("comparisons are of shapes and other constants"));
}

TEST_CASE("of a branch that constants choose, the nodes are read in its place",
          "[network][operators]") {
  Model model({1, 2});
  model.weight("rate", {1}, {16000.0F});
  model.weight("other", {1}, {8000.0F});
  model.node("Abs", {"x"}, "size");
  model.node("Less", {"rate", "other"}, "is_slow");
  auto& choice = model.node("If", {"is_slow"});
  const auto add_branch = [&](const char* name, const std::string& operand, float summand) {
    auto& attribute = *choice.add_attribute();
    attribute.set_name(name);
    attribute.set_type(onnx::AttributeProto::GRAPH);
    auto& branch = *attribute.mutable_g();
    auto& weight = *branch.add_initializer();
    weight.set_name(std::string(name) + "_summand");
    weight.set_data_type(onnx::TensorProto::FLOAT);
    weight.add_dims(1);
    weight.add_float_data(summand);
    auto& node = *branch.add_node();
    node.set_op_type("Add");
    node.add_input(operand);  // of the graph around the branch
    node.add_input(weight.name());
    node.add_output(std::string(name) + "_sum");
    branch.add_output()->set_name(node.output(0));
  };
  add_branch("then_branch", "x", 100.0F);
  add_branch("else_branch", "size", 1.0F);
  CHECK(logic_outputs(model, Tensor({1, 2}, {-3.0F, 4.0F})) == std::vector<float>{4.0F, 5.0F});
  choice.set_input(0, "size");
  CHECK_THAT(refusal(model),
             Contains("the_If") && Contains("a condition that is computed") &&
                 Contains("network.constants"));
}

TEST_CASE("constants stand between computed tensors, as class tokens do", "[network][operators]") {
  Model model({1, 2, 2});
  model.weight("token", {1, 1, 2}, {7.0F, 8.0F});
  model.node("Abs", {"x"}, "size");
  model.node("Concat", {"token", "x", "token", "size"}).add_attribute()->set_name("axis");
  auto& axis = *model.graph().mutable_node(1)->mutable_attribute(0);
  axis.set_type(onnx::AttributeProto::INT);
  axis.set_i(1);
  const Tensor two_images({2, 2, 2}, {-1, 2, 3, -4, 5, -6, -9, 9});
  const std::vector<float> wanted{7, 8, -1, 2,  3,  -4, 7, 8, 1, 2, 3, 4,
                                  7, 8, 5,  -6, -9, 9,  7, 8, 5, 6, 9, 9};
  CHECK(logic_outputs(model, two_images) == wanted);
}
