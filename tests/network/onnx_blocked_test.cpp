// Networks of kinds that cannot be imported are told by what they are; and files that take more
// than they hold.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "network/model_builder.hpp"
#include "network/prunable_network.hpp"

using namespace memspice;
using namespace memspice::network;
using Catch::Matchers::Contains;

namespace {

void fill_shape(Model& model, const std::string& name, const std::vector<std::int64_t>& shape) {
  model.integers(name + "_shape", shape);
  model.node("ConstantOfShape", {name + "_shape"}, name);
}

}  // namespace

TEST_CASE("a body of a loop and a fused attention are told by their operator", "[onnx][blocked]") {
  for (const std::string op : {"Loop", "Scan"}) {
    Model model({1, 4, 3});
    model.node("Relu", {"x"}, "first");
    model.node(op, {"first"});
    const std::string told = refusal(model);
    CHECK_THAT(told, Contains("node \"the_" + op + "\" (" + op + ")"));
    CHECK_THAT(told, Contains("once a step") && Contains("LSTM") && !Contains("Gather"));
  }
  Model fused({1, 4, 3});
  fused.node("MultiHeadAttention", {"x", "x", "x"}).set_domain("com.microsoft");
  CHECK_THAT(
      refusal(fused),
      Contains("com.microsoft.MultiHeadAttention") && Contains("the nearest that is: MatMul"));
}

TEST_CASE("a product with what the input's shape gives is no attention", "[onnx][blocked]") {
  Model model({1, 2});
  model.node("Shape", {"x"}, "shape");
  auto& value = *model.node("ConstantOfShape", {"shape"}, "W").add_attribute();  // 1 x 2 of threes
  value.set_name("value");
  value.set_type(onnx::AttributeProto::TENSOR);
  value.mutable_t()->set_data_type(onnx::TensorProto::FLOAT);
  value.mutable_t()->add_dims(1);
  value.mutable_t()->add_float_data(3.0F);
  set_integer(model.node("Gemm", {"x", "W"}), "transB", 1);
  const Graph graph = model.load();
  CHECK(run_graph(graph, Tensor({1, 2}, std::vector<float>{1.0F, 2.0F})).data ==
        std::vector<float>{9.0F});  // 3 + 3 x 2
}

TEST_CASE("parts of a computed tensor and embeddings name their own reason", "[onnx][blocked]") {
  Model part;
  part.integers("first", {0});
  part.node("Gather", {"x", "first"});
  CHECK_THAT(refusal(part), Contains("(Gather)") && Contains("images out of a batch"));
  Model words;
  words.weight("table", {5, 2}, std::vector<float>(10, 1.0F));
  words.node("Gather", {"table", "x"});
  CHECK_THAT(refusal(words), Contains("embedding"));
}

TEST_CASE("an unknown operator comes before what fails of known ones", "[onnx][blocked]") {
  Model model;
  model.integers("first", {0});
  model.node("Gather", {"x", "first"}, "part");
  model.node("GridSample", {"part"});
  CHECK_THAT(refusal(model), Contains("operator GridSample") && Contains("is not supported"));
}

TEST_CASE("Reshape of opset 1 has its shape as an attribute", "[onnx]") {
  Model model;
  model.proto().mutable_opset_import(0)->set_version(1);
  set_integers(model.node("Reshape", {"x"}), "shape", {1, 16});
  set_integers(*model.graph().mutable_node(0), "consumed_inputs", {0});
  CHECK(model.load().shape_of(model.load().output()) == Shape{1, 16});
  Model inferred;
  inferred.proto().mutable_opset_import(0)->set_version(4);
  set_integers(inferred.node("Reshape", {"x"}), "shape", {0, 2, -1});
  CHECK(inferred.load().shape_of(inferred.load().output()) == Shape{1, 2, 8});
  Model none;
  none.node("Reshape", {"x"});
  CHECK_THAT(refusal(none), Contains("the shape") && Contains("is missing"));
}

TEST_CASE("nodes of a small file cannot ask for any amount of memory", "[onnx][memory]") {
  SECTION("one large constant") {
    Model model;
    fill_shape(model, "c", {1, 1, 8192, 16384});  // 512 MiB
    model.node("Add", {"x", "c"});
    CHECK_THAT(refusal(model), Contains("(ConstantOfShape)") && Contains("memory"));
  }
  SECTION("many small ones") {
    Model model({1, 1, 1, 1});
    std::string sum = "x";
    for (int k = 0; k < 64; ++k) {
      const std::string name = "c" + std::to_string(k);
      fill_shape(model, name, {1, 1, 512, 1024});  // 2 MiB, and another where a layer holds it
      model.node("Add", {sum, name}, k == 63 ? "y" : "s" + std::to_string(k));
      sum = "s" + std::to_string(k);
    }
    CHECK_THAT(refusal(model), Contains("memory"));
  }
  SECTION("one in many layers") {
    Model model({1, 1, 1, 1});
    fill_shape(model, "c", {1, 1, 1024, 1024});
    std::string sum = "x";
    for (int k = 0; k < 32; ++k) {
      model.node("Add", {sum, "c"}, k == 31 ? "y" : "s" + std::to_string(k));
      sum = "s" + std::to_string(k);
    }
    CHECK_THAT(refusal(model), Contains("(Add)") && Contains("memory"));
  }
  SECTION("constants that broadcast, join and pick") {
    for (const std::string op : {"Add", "Concat", "Gather"}) {
      Model model;
      fill_shape(model, "row", {1, 8192});
      fill_shape(model, "column", {8192, 1});
      model.integers("zeros", std::vector<std::int64_t>(4096, 0));
      if (op == "Add") model.node(op, {"row", "column"}, "c");
      if (op == "Gather") model.node(op, {"row", "zeros"}, "c");
      if (op == "Concat") {
        auto& node = model.node(op, std::vector<std::string>(4096, "row"), "c");
        set_integer(node, "axis", 0);
      }
      model.node("Add", {"x", "c"});
      CHECK_THAT(refusal(model), Contains("(" + op + ")") && Contains("memory"));
    }
  }
}

TEST_CASE("a file of 2^31 bytes is refused before protobuf reads it", "[onnx][memory]") {
  const TemporaryFolder folder;
  const auto path = folder.path() / "large.onnx";
  std::ofstream(path).put('\0');
  std::filesystem::resize_file(path, std::uintmax_t{1} << 31);  // holes: nothing on disk
  CHECK_THROWS_WITH(load_onnx(path),
                    Contains("large.onnx") && Contains("is larger than 2147483647 bytes"));
  CHECK_THROWS_WITH(PrunableNetwork(path, {}), Contains("is larger than 2147483647 bytes"));
}

TEST_CASE("a shape that is too large names the file", "[onnx][memory]") {
  Model model;
  model.node("Relu", {"x"});
  const TemporaryFolder folder;
  const auto path = folder.path() / "net.onnx";
  write_quickly(path, model.proto().SerializeAsString());
  CHECK_THROWS_WITH(load_onnx(path, {.input_shape = {1, 65536, 65536, 65536}}),
                    Contains("net.onnx") && Contains("65536x65536x65536"));
}
