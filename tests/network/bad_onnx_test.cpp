// What load_onnx says about files that are damaged, hostile or beyond what it imports.

#include <catch2/catch.hpp>
#include <limits>

#include "network/model_builder.hpp"

using namespace memspice;
using namespace memspice::network;
using Catch::Matchers::Contains;

namespace {

/// The message must name the file and say what is wrong.
void check_refused(const Model& model, const std::string& wanted) {
  CHECK_THROWS_AS(model.load(), InputError);
  CHECK_THROWS_WITH(model.load(), Contains("net.onnx") && Contains(wanted));
}

Graph load_bytes(const std::string& bytes) {
  const TemporaryFolder folder;
  write_quickly(folder.path() / "net.onnx", bytes);
  return load_onnx(folder.path() / "net.onnx");
}

}  // namespace

TEST_CASE("load_onnx refuses files that are no networks", "[network]") {
  CHECK_THROWS_WITH(load_onnx("/no/such/net.onnx"), Contains("no such file"));
  CHECK_THROWS_WITH(load_bytes(""), Contains("is empty"));
  CHECK_THROWS_WITH(load_bytes("solid cube\nfacet normal 0 0 1\n"), Contains("is no ONNX network"));
  CHECK_THROWS_WITH(load_bytes(std::string(5000, '\xff')), Contains("is no ONNX network"));
  CHECK_THROWS_WITH(load_bytes(onnx::ModelProto().SerializeAsString() + std::string("\x08\x07", 2)),
                    Contains("is no ONNX network"));
}

TEST_CASE("load_onnx refuses a network cut off at any place", "[network]") {
  const std::string whole = read_file(network_data("tokens.onnx"));
  for (std::size_t length = 1; length < whole.size(); ++length) {
    CAPTURE(length);
    // The last field is the opset; a file cut between two fields lacks it, and that is noticed too.
    CHECK_THROWS_AS(load_bytes(whole.substr(0, length)), InputError);
  }
}

TEST_CASE("load_onnx survives flipped bytes", "[network]") {
  const std::string whole = read_file(network_data("tokens.onnx"));
  int refused = 0;
  for (std::size_t k = 0; k < whole.size(); ++k) {
    std::string damaged = whole;
    damaged[k] = static_cast<char>(damaged[k] ^ static_cast<char>(1 + k % 255));
    try {
      load_bytes(damaged);  // may well load: a weight or a name has changed
    } catch (const InputError&) {
      ++refused;
    }
  }
  CHECK(refused > 100);
}

TEST_CASE("load_onnx names node, operator and what is supported", "[network]") {
  Model model;
  model.node("Einsum", {"x"});
  check_refused(model, "node \"the_Einsum\" (Einsum): operator Einsum: is not supported");
  check_refused(model, "Conv, ConvInteger, ConvTranspose");
  Model custom;
  custom.node("Relu", {"x"}).set_domain("com.example");
  check_refused(custom, "operator com.example.Relu");
}

TEST_CASE("load_onnx refuses attributes that it does not know", "[network]") {
  Model model;
  set_integer(model.node("Relu", {"x"}), "turbo", 1);
  check_refused(model, "attribute \"turbo\"");
}

TEST_CASE("load_onnx refuses weights that are not finite", "[network]") {
  const float bad = GENERATE(std::numeric_limits<float>::quiet_NaN(),
                             std::numeric_limits<float>::infinity(),
                             -std::numeric_limits<float>::infinity());
  Model model;
  model.weight("w", {1, 1, 1, 2}, {1.0F, bad});
  model.node("Conv", {"x", "w"});
  check_refused(model, "the_Conv");
  check_refused(model, "at index 1 of the weight: weights are finite");
}

TEST_CASE("load_onnx refuses shapes that do not fit", "[network]") {
  SECTION("channels") {
    Model model;
    model.weight("w", {1, 2, 1, 1}, {1.0F, 1.0F});
    model.node("Conv", {"x", "w"});
    check_refused(model, "channels do not fit");
  }
  SECTION("a kernel larger than the image") {
    Model model;
    model.weight("w", {1, 1, 5, 1}, std::vector<float>(5, 1.0F));
    model.node("Conv", {"x", "w"});
    check_refused(model, "the window is larger than the padded image");
  }
  SECTION("a bias of another length") {
    Model model;
    model.weight("w", {1, 1, 1, 1}, {1.0F});
    model.weight("b", {2}, {1.0F, 1.0F});
    model.node("Conv", {"x", "w", "b"});
    check_refused(model, "one value per output channel");
  }
  SECTION("a matrix for another input") {
    Model model({1, 3});
    model.weight("w", {4, 2}, std::vector<float>(8, 1.0F));
    model.node("MatMul", {"x", "w"});
    check_refused(model, "input 1x3, weight 2x4");
  }
  SECTION("operands that do not broadcast") {
    Model model;
    model.weight("c", {3}, {1.0F, 2.0F, 3.0F});
    model.node("Add", {"x", "c"});
    check_refused(model, "do not broadcast");
  }
  SECTION("a reshape to another number of elements") {
    Model model;
    model.integers("to", {1, 17});
    model.node("Reshape", {"x", "to"});
    check_refused(model, "1x1x4x4 to 1x17");
  }
  SECTION("data that does not fill the shape") {
    Model model;
    model.weight("w", {1, 1, 2, 2}, {1.0F});
    model.node("Conv", {"x", "w"});
    check_refused(model, "1 values for shape 1x1x2x2");
  }
  SECTION("a joined axis that does not exist") {
    Model model;
    set_integer(model.node("Concat", {"x", "x"}), "axis", 4);
    check_refused(model, "axis 4: the tensor has 4 axes");
  }
}

TEST_CASE("load_onnx refuses broken graphs", "[network]") {
  SECTION("a cycle") {
    Model model;
    model.node("Add", {"x", "b"}, "a");
    model.node("Relu", {"a"}, "b");
    model.node("Relu", {"b"});
    check_refused(model, "form a cycle");
  }
  SECTION("a tensor that nothing produces") {
    Model model;
    model.node("Relu", {"ghost"});
    check_refused(model, "node \"the_Relu\": \"ghost\": nothing in the file produces");
  }
  SECTION("an output that nothing produces") {
    Model model;
    model.node("Relu", {"x"}, "z");
    check_refused(model, "output: \"y\"");
  }
  SECTION("an operand that is missing") {
    Model model;
    model.node("Conv", {"x"});
    check_refused(model, "operand 1: is missing");
  }
  SECTION("a name that is produced twice") {
    Model model;
    model.node("Relu", {"x"});
    model.node("Tanh", {"x"});
    check_refused(model, "\"y\": is produced twice");
  }
  SECTION("two inputs") {
    Model model;
    model.declare_input("other", {1, 1, 4, 4});
    model.node("Add", {"x", "other"});
    check_refused(model, "inputs \"x\", \"other\"");
  }
  SECTION("two outputs") {
    Model model;
    model.node("Relu", {"x"});
    model.graph().add_output()->set_name("x");
    check_refused(model, "2 outputs");
  }
  SECTION("a second output of a node") {
    Model model;
    set_integers(model.node("MaxPool", {"x"}, "p"), "kernel_shape", {2, 2});
    model.graph().mutable_node(0)->add_output("indices");
    model.node("Relu", {"indices"});
    check_refused(model, "is a second output");
  }
  SECTION("an output that is constant") {
    Model model;
    model.node("Shape", {"x"});
    check_refused(model, "does not depend on the input");
  }
  SECTION("an opset of the future") {
    Model model;
    model.node("Relu", {"x"});
    model.proto().mutable_opset_import(0)->set_version(99);
    check_refused(model, "opset 99");
  }
}

TEST_CASE("load_onnx refuses absurd sizes without taking memory for them", "[network]") {
  const std::int64_t huge = std::int64_t{1} << 62;
  SECTION("an input") {
    Model model({1, 3, 1 << 20, 1 << 20});
    model.node("Relu", {"x"});
    check_refused(model, "elements");
  }
  SECTION("a weight whose element count overflows") {
    Model model;
    model.weight("w", {huge, huge, 2, 2}, {1.0F});
    model.node("Conv", {"x", "w"});
    check_refused(model, "has more than");
  }
  SECTION("a negative dimension") {
    Model model;
    model.weight("w", {-1, 1, 1, 1}, {1.0F});
    model.node("Conv", {"x", "w"});
    check_refused(model, "a dimension is negative");
  }
  SECTION("a constant of a given shape") {
    Model model;
    model.integers("shape", {huge, huge});
    model.node("ConstantOfShape", {"shape"}, "c");
    model.node("Add", {"x", "c"});
    check_refused(model, "has more than");
  }
  SECTION("an enlarged image") {
    Model model;
    model.weight("roi", {0}, {});
    model.weight("scales", {4}, {1.0F, 1.0F, 1e6F, 1e6F});
    model.node("Resize", {"x", "roi", "scales"});
    check_refused(model, "has more than");
  }
  SECTION("strides, kernels and paddings") {
    const std::string name = GENERATE("strides", "kernel_shape", "pads", "dilations");
    const std::int64_t value = GENERATE(std::int64_t{-1}, std::int64_t{1} << 40);
    Model model;
    auto& pool = model.node("MaxPool", {"x"});
    if (name != "kernel_shape") set_integers(pool, "kernel_shape", {2, 2});
    set_integers(pool, name, std::vector<std::int64_t>(name == "pads" ? 4 : 2, value));
    check_refused(model, std::to_string(value));
  }
  SECTION("a product of broadcast shapes") {
    Model model({1, 1, 1 << 14, 1});
    model.node("Relu", {"x"}, "a");
    model.weight("wide", {1, 1, 1, 1 << 15}, std::vector<float>(1 << 15, 1.0F));
    model.node("Mul", {"a", "wide"});
    check_refused(model, "has more than");
  }
  SECTION("integer arithmetic that overflows") {
    Model model;
    model.integers("a", {huge});
    model.node("Mul", {"a", "a"}, "b");
    model.node("Reshape", {"x", "b"});
    check_refused(model, "overflows");
  }
}

TEST_CASE("load_onnx refuses what would mix the images of a batch", "[network]") {
  SECTION("a constant with a batch axis") {
    Model model;
    model.weight("c", {2, 1, 1, 1}, {1.0F, 2.0F});
    model.node("Add", {"x", "c"});
    check_refused(model, "the first axis is the batch");
  }
  SECTION("a concatenation of images") {
    Model model;
    set_integer(model.node("Concat", {"x", "x"}), "axis", 0);
    check_refused(model, "the first axis is the batch");
  }
}

TEST_CASE("load_onnx asks for the shape of an input with free axes", "[network]") {
  Model model({1, 1, 0, 0});
  model.node("Relu", {"x"});
  check_refused(model, "the shape is not fixed");
  CHECK(model.load({1, 1, 6, 8}).shape_of({0}) == Shape{1, 1, 6, 8});
}

TEST_CASE("load_onnx makes names safe and unique", "[network]") {
  Model model;
  const std::vector<std::string> names{
      "/features/0/Relu", "features.0", "7", ".include \"/etc/passwd\"\n.end", "\xc3\xa4", ""};
  std::string last = "x";
  for (std::size_t k = 0; k < names.size(); ++k) {
    const std::string next = k + 1 == names.size() ? "y" : "t" + std::to_string(k);
    model.node("Relu", {last}, next).set_name(names[k]);
    last = next;
  }
  const Graph graph = model.load();
  const std::vector<std::string> safe{
      "features_0", "features_0_2", "layer_7", "include_etc_passwd_end", "layer", "Relu"};
  REQUIRE(graph.layer_count() == 6);
  for (int k = 0; k < 6; ++k) CHECK(graph.layer({k}).name == safe[static_cast<std::size_t>(k)]);
}
