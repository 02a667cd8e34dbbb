// Functions that a model defines for itself.

#include <catch2/catch.hpp>

#include "network/model_builder.hpp"

using namespace memspice;
using namespace memspice::network;
using Catch::Matchers::Contains;

namespace {

/// A function of the domain "own".
class ModelFunction {
 public:
  ModelFunction(Model& model, const std::string& name) : proto_(*model.proto().add_functions()) {
    proto_.set_domain("own");
    proto_.set_name(name);
  }
  ModelFunction& takes(const std::string& name) {
    proto_.add_input(name);
    return *this;
  }
  ModelFunction& gives(const std::string& name) {
    proto_.add_output(name);
    return *this;
  }
  onnx::NodeProto& node(const std::string& op,
                        const std::vector<std::string>& inputs,
                        const std::string& output) {
    auto& added = *proto_.add_node();
    added.set_op_type(op);
    for (const auto& input : inputs) added.add_input(input);
    added.add_output(output);
    return added;
  }
  onnx::FunctionProto& proto() { return proto_; }

 private:
  onnx::FunctionProto& proto_;
};

void call(Model& model,
          const std::string& function,
          const std::vector<std::string>& inputs,
          const std::string& output = "y") {
  model.node(function, inputs, output).set_domain("own");
}

onnx::AttributeProto& number(const std::string& name, float value, onnx::AttributeProto& added) {
  added.set_name(name);
  added.set_type(onnx::AttributeProto::FLOAT);
  added.set_f(value);
  return added;
}

std::vector<float> run(const Model& model, const std::vector<float>& x) {
  return run_graph(model.load(), Tensor({1, std::ssize(x)}, x)).data;
}

}  // namespace

TEST_CASE("calls of a model's own functions are written out", "[onnx][functions]") {
  // twice(a) = a + a, by way of a name that the caller uses as well.
  Model model({1, 2});
  ModelFunction twice(model, "twice");
  twice.takes("a").gives("b");
  twice.node("Identity", {"a"}, "x");
  twice.node("Add", {"x", "a"}, "b");
  call(model, "twice", {"x"}, "t");
  call(model, "twice", {"t"});
  CHECK(run(model, {1.0F, -2.0F}) == std::vector<float>{4.0F, -8.0F});
}

TEST_CASE("functions call functions and take weights", "[onnx][functions]") {
  Model model({1, 2});
  model.weight("layer.weight", {2, 2}, {1.0F, 0.0F, 0.0F, -1.0F});
  ModelFunction inner(model, "inner");
  inner.takes("v").gives("r");
  inner.node("Relu", {"v"}, "r");
  ModelFunction outer(model, "outer");
  outer.takes("v").takes("w").gives("r");
  outer.node("MatMul", {"v", "w"}, "p");
  outer.node("inner", {"p"}, "r").set_domain("own");
  call(model, "outer", {"x", "layer.weight"});
  CHECK(run(model, {3.0F, 4.0F}) == std::vector<float>{3.0F, 0.0F});
  CHECK(model.load().layer({0}).name == "layer");
}

TEST_CASE("attributes of a call reach the function's nodes", "[onnx][functions]") {
  Model model({1, 1});
  ModelFunction leaky(model, "leaky");
  leaky.takes("a").gives("b");
  leaky.proto().add_attribute("slope");
  auto& reference = *leaky.node("LeakyRelu", {"a"}, "b").add_attribute();
  reference.set_name("alpha");
  reference.set_type(onnx::AttributeProto::FLOAT);
  reference.set_ref_attr_name("slope");
  auto& node = model.node("leaky", {"x"});
  node.set_domain("own");
  SECTION("as given") {
    number("slope", 0.5F, *node.add_attribute());
    CHECK(run(model, {-4.0F}) == std::vector<float>{-2.0F});
  }
  SECTION("the operator's own where neither call nor function gives one") {
    CHECK(run(model, {-100.0F})[0] == Approx(-1.0F));
  }
  SECTION("the function's standard value, field 11 of FunctionProto") {
    onnx::AttributeProto standard;
    number("slope", 0.25F, standard);
    const auto& reflection = *leaky.proto().GetReflection();
    reflection.MutableUnknownFields(&leaky.proto())
        ->AddLengthDelimited(11, standard.SerializeAsString());
    CHECK(run(model, {-4.0F}) == std::vector<float>{-1.0F});
  }
}

TEST_CASE("an operator set that only functions name holds for the model", "[onnx][functions]") {
  Model model({1, 1});
  model.proto().mutable_opset_import(0)->set_domain("own");
  ModelFunction relu(model, "relu");
  relu.takes("a").gives("b");
  relu.node("Relu", {"a"}, "b");
  auto& set = *relu.proto().add_opset_import();
  set.set_version(18);
  call(model, "relu", {"x"});
  CHECK(run(model, {-4.0F}) == std::vector<float>{0.0F});
}

TEST_CASE("functions that do not end are refused", "[onnx][functions][memory]") {
  Model model({1, 1});
  ModelFunction endless(model, "endless");
  endless.takes("a").gives("b");
  SECTION("one that calls itself") {
    endless.node("endless", {"a"}, "b").set_domain("own");
    call(model, "endless", {"x"});
    CHECK_THROWS_WITH(model.load(), Contains("function \"endless\"") && Contains("calls itself"));
  }
  SECTION("some that call each other twice, and so 2^40 times in all") {
    for (int k = 0; k < 40; ++k) {
      ModelFunction doubled(model, "f" + std::to_string(k));
      doubled.takes("a").gives("b");
      const std::string next = k == 39 ? "Relu" : "f" + std::to_string(k + 1);
      doubled.node(next, {"a"}, "c").set_domain(k == 39 ? "" : "own");
      doubled.node(next, {"c"}, "b").set_domain(k == 39 ? "" : "own");
    }
    call(model, "f0", {"x"});
    CHECK_THROWS_WITH(model.load(), Contains("memory"));
  }
  SECTION("two of one name") {
    const ModelFunction other(model, "endless");
    call(model, "endless", {"x"});
    CHECK_THROWS_WITH(model.load(), Contains("two functions of one domain"));
  }
}
