// Networks with channels removed against the same networks with every weight that reads these
// channels set to zero: built here in the original file, by hand.

#include "network/prunable_network.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

#include "base/random.hpp"
#include "network/model_builder.hpp"

using namespace memspice;
using namespace memspice::network;
using Catch::Matchers::Contains;

namespace {

/// Sums of the same float32 terms of order 1 in another grouping.
constexpr double kTolerance = 1e-5;

using Channels = std::vector<int>;

/// A Model whose weights are drawn at random.
class RandomModel : public Model {
 public:
  explicit RandomModel(const std::vector<std::int64_t>& input) : Model(input) {}

  void draw(const std::string& name, const std::vector<std::int64_t>& shape, double low = -1.0) {
    std::vector<float> values(static_cast<std::size_t>(element_count(shape)));
    for (float& v : values) v = static_cast<float>(random_.uniform(low, 1.0));
    weight(name, shape, values);
  }
  /// A convolution "NAME" of x with k x k kernels, same padding, and a bias.
  onnx::NodeProto& convolution(const std::string& name,
                               const std::string& x,
                               const std::vector<std::int64_t>& shape,
                               std::int64_t groups = 1) {
    draw(name + ".weight", shape);
    draw(name + ".bias", {shape[0]});
    auto& added = node("Conv", {x, name + ".weight", name + ".bias"}, name);
    added.set_name(name);
    const std::int64_t pad = shape[2] / 2;
    set_integers(added, "pads", {pad, pad, pad, pad});
    set_integer(added, "group", groups);
    return added;
  }
  void normalization(const std::string& name, const std::string& x, std::int64_t channels) {
    for (const char* part : {".scale", ".shift", ".mean"}) draw(name + part, {channels});
    draw(name + ".variance", {channels}, 0.5);
    node("BatchNormalization",
         {x, name + ".scale", name + ".shift", name + ".mean", name + ".variance"},
         name);
  }

 private:
  RandomStream random_{7, "prunable_network_test"};
};

/// A model on disk, opened for pruning.
struct Opened {
  TemporaryFolder folder;
  PrunableNetwork network;

  explicit Opened(const onnx::ModelProto& model) : network(write(folder, model)) {}
  static std::filesystem::path write(const TemporaryFolder& folder, const onnx::ModelProto& model) {
    write_quickly(folder.path() / "net.onnx", model.SerializeAsString());
    return folder.path() / "net.onnx";
  }
};

onnx::ModelProto read_model(const std::filesystem::path& path) {
  onnx::ModelProto model;
  REQUIRE(model.ParseFromString(read_file(path)));
  return model;
}

onnx::TensorProto& initializer(onnx::ModelProto& model, const std::string& name) {
  for (auto& tensor : *model.mutable_graph()->mutable_initializer()) {
    if (tensor.name() == name) return tensor;
  }
  throw InputError("no initializer " + name);
}

/// Sets entries `removed` of an axis to zero; each channel has `repeat` neighbouring entries.
void zero(onnx::ModelProto& model,
          const std::string& name,
          int axis,
          const Channels& removed,
          std::int64_t repeat = 1) {
  onnx::TensorProto& tensor = initializer(model, name);
  Tensor values = to_float_tensor(tensor);
  std::int64_t run = 1;
  for (int k = axis + 1; k < tensor.dims_size(); ++k) run *= tensor.dims(k);
  for (std::int64_t k = 0; k < values.size(); ++k) {
    const auto channel = static_cast<int>(k / run % tensor.dims(axis) / repeat);
    const bool goes = std::ranges::find(removed, channel) != removed.end();
    if (goes) values.data[static_cast<std::size_t>(k)] = 0.0F;
  }
  tensor.clear_raw_data();
  tensor.mutable_float_data()->Assign(values.data.begin(), values.data.end());
}

Tensor random_batch(const Graph& graph) {
  Shape shape = graph.input_shape();
  shape[0] = 3;
  Tensor batch(shape);
  RandomStream random(11, "batch");
  for (float& v : batch.data) v = static_cast<float>(random.uniform(-1.0, 1.0));
  return batch;
}

/// The pruned network gives what `reference` gives, and not what the whole network gave.
PrunableNetwork::Pruned check_equal(const Opened& opened,
                                    const std::map<int, Channels>& removed,
                                    const onnx::ModelProto& reference) {
  auto pruned = opened.network.without(removed);
  const Tensor batch = random_batch(pruned.graph);
  const Opened zeroed(reference);
  const Tensor wanted = run_graph(zeroed.network.graph(), batch);
  CHECK(largest_difference(run_graph(pruned.graph, batch), wanted) < kTolerance);
  CHECK(largest_difference(run_graph(opened.network.graph(), batch), wanted) > 5 * kTolerance);
  return pruned;
}

const DepthwiseLayer& layer(const PrunableNetwork& network, const std::string& name) {
  const auto found = std::ranges::find(network.layers(), name, &DepthwiseLayer::name);
  REQUIRE(found != network.layers().end());
  return *found;
}

const Shape& weight_shape(const Graph& graph, const std::string& name) {
  return std::get<Convolution>(graph.layer(graph.find(name)).operation).weight.shape;
}

/// x -> stem (4 channels) -> Relu -> depthwise -> `op` to "y".
RandomModel depthwise_into(const std::string& op) {
  RandomModel model({1, 2, 4, 4});
  model.convolution("stem", "x", {4, 2, 1, 1});
  model.node("Relu", {"stem"}, "r");
  model.convolution("depthwise", "r", {4, 1, 3, 3}, 4);
  if (!op.empty()) model.node(op, {"depthwise"});
  return model;
}

std::string obstacle_of(const onnx::ModelProto& model) {
  const Opened opened(model);
  return opened.network.group(layer(opened.network, "depthwise").group).obstacle;
}

}  // namespace

TEST_CASE("pruning PyTorch's export equals zeroing the weights behind", "[network][prune]") {
  const std::string name = GENERATE("compact", "compact_14");
  const onnx::ModelProto model = read_model(network_data(name + ".onnx"));
  const Opened opened(model);
  const DepthwiseLayer& depthwise = layer(opened.network, "depthwise");
  CHECK(opened.network.group(depthwise.group).obstacle.empty());
  CHECK(opened.network.group(depthwise.group).channels == 8);
  CHECK(depthwise.scale.size() == 8);
  const Channels removed{1, 4, 6};
  onnx::ModelProto reference = model;
  zero(reference, "pointwise.weight", 1, removed);
  zero(reference, "se.reduce.weight", 1, removed);
  const auto pruned = check_equal(opened, {{depthwise.group, removed}}, reference);
  CHECK(weight_shape(pruned.graph, "stem") == Shape{5, 3, 3, 3});
  CHECK(weight_shape(pruned.graph, "depthwise") == Shape{5, 1, 5, 5});
  CHECK(weight_shape(pruned.graph, "pointwise") == Shape{16, 5, 1, 1});
  CHECK(weight_shape(pruned.graph, "se_expand") == Shape{5, 2, 1, 1});
  for (const LayerId id : opened.network.graph().topological_order()) {
    CHECK(pruned.graph.layer(id).name == opened.network.graph().layer(id).name);
  }
}

TEST_CASE("saliencies are the kernel's norm as mapped and the scale behind it",
          "[network][prune]") {
  RandomModel model({1, 2, 4, 4});
  model.convolution("stem", "x", {2, 2, 1, 1});
  model.weight("depthwise.weight", {2, 1, 1, 2}, {1.0F, -2.0F, 0.5F, 0.0F});
  set_integer(model.node("Conv", {"stem", "depthwise.weight"}, "d"), "group", 2);
  model.weight("scale", {2}, {-3.0F, 4.0F});
  model.weight("shift", {2}, {1.0F, 1.0F});
  model.weight("mean", {2}, {0.0F, 0.0F});
  model.weight("variance", {2}, {1.0F, 1.0F});
  auto& norm = model.node("BatchNormalization", {"d", "scale", "shift", "mean", "variance"}, "n");
  auto& epsilon = *norm.add_attribute();
  epsilon.set_name("epsilon");
  epsilon.set_type(onnx::AttributeProto::FLOAT);
  epsilon.set_f(0.0F);
  model.convolution("last", "n", {3, 2, 1, 1});
  model.node("Relu", {"last"});
  const Opened opened(model.proto());
  const DepthwiseLayer& depthwise = layer(opened.network, "depthwise");
  // (1 + 2) x |-3| and (0.5 + 0) x 4.
  CHECK(depthwise.kernel_norm == std::vector<double>{9.0, 2.0});
  CHECK(depthwise.scale == std::vector<double>{3.0, 4.0});
}

TEST_CASE("a residual sum joins channels, which go together", "[network][prune]") {
  RandomModel model({1, 2, 6, 6});
  model.convolution("stem", "x", {5, 2, 3, 3});
  model.convolution("first", "stem", {5, 1, 3, 3}, 5);
  model.node("Relu", {"first"}, "first_relu");
  model.convolution("mix", "first_relu", {5, 5, 1, 1});
  model.node("Add", {"mix", "stem"}, "sum");  // joins what mix writes and what stem writes
  model.convolution("second", "sum", {5, 1, 3, 3}, 5);
  model.convolution("last", "second", {3, 5, 1, 1});
  model.node("Sigmoid", {"last"});
  const Opened opened(model.proto());
  const int group = layer(opened.network, "first").group;
  CHECK(layer(opened.network, "second").group == group);
  onnx::ModelProto reference = model.proto();
  zero(reference, "mix.weight", 1, {0, 3});
  zero(reference, "last.weight", 1, {0, 3});
  const auto pruned = check_equal(opened, {{group, {0, 3}}}, reference);
  CHECK(weight_shape(pruned.graph, "mix") == Shape{3, 3, 1, 1});
  CHECK(weight_shape(pruned.graph, "second") == Shape{3, 1, 3, 3});
}

TEST_CASE("channels pass normalization, constants, pooling, padding and resize",
          "[network][prune]") {
  RandomModel model({1, 2, 6, 6});
  model.convolution("stem", "x", {4, 2, 1, 1});
  model.normalization("norm", "stem", 4);
  model.node("HardSwish", {"norm"}, "h").set_name("h");
  model.proto().mutable_opset_import(0)->set_version(14);
  model.convolution("depthwise", "h", {4, 1, 3, 3}, 4);
  model.draw("per_channel", {4, 1, 1});
  model.node("Mul", {"depthwise", "per_channel"}, "m");
  model.draw("per_image", {1, 4, 1, 1});
  model.node("Sub", {"per_image", "m"}, "s");
  model.draw("one", {});
  model.node("Add", {"s", "one"}, "a");
  set_integers(model.node("MaxPool", {"a"}, "p"), "kernel_shape", {2, 2});
  model.weight("roi", {0}, {});
  model.weight("scales", {4}, {1.0F, 1.0F, 2.0F, 2.0F});
  model.node("Resize", {"p", "roi", "scales"}, "z");
  model.integers("pads", {0, 0, 1, 1, 0, 0, 1, 1});
  model.node("Pad", {"z", "pads"}, "q");
  model.draw("last.weight", {3, 4, 3, 3});
  model.node("Conv", {"q", "last.weight"}, "l");
  model.node("GlobalAveragePool", {"l"});
  const Opened opened(model.proto());
  onnx::ModelProto reference = model.proto();
  zero(reference, "last.weight", 1, {2});
  check_equal(opened, {{layer(opened.network, "depthwise").group, {2}}}, reference);
}

TEST_CASE("a flattened image takes its pixels along", "[network][prune]") {
  const bool transposed = GENERATE(false, true);
  RandomModel model = depthwise_into("");
  model.node("Flatten", {"depthwise"}, "f");
  model.draw("fc.weight", transposed ? Shape{3, 64} : Shape{64, 3});
  model.draw("fc.bias", {3});
  auto& product = model.node("Gemm", {"f", "fc.weight", "fc.bias"});
  if (transposed) set_integer(product, "transB", 1);
  const Opened opened(model.proto());
  onnx::ModelProto reference = model.proto();
  zero(reference, "fc.weight", transposed ? 1 : 0, {0, 2}, 16);  // 4 x 4 pixels each
  check_equal(opened, {{layer(opened.network, "depthwise").group, {0, 2}}}, reference);
}

TEST_CASE("squeeze-and-excitation by fully connected layers is followed", "[network][prune]") {
  RandomModel model = depthwise_into("");
  model.integers("pixels", {2, 3});
  auto& mean = model.node("ReduceMean", {"depthwise"}, "mean");
  set_integers(mean, "axes", {2, 3});
  set_integer(mean, "keepdims", 0);
  model.draw("reduce", {4, 2});
  model.node("MatMul", {"mean", "reduce"}, "reduced");
  model.node("Relu", {"reduced"}, "reduced_relu");
  model.draw("expand", {2, 4});
  model.draw("expand_bias", {4});
  model.node("Gemm", {"reduced_relu", "expand", "expand_bias"}, "expanded");
  model.node("Unsqueeze", {"expanded", "pixels"}, "scale");
  model.node("Mul", {"scale", "depthwise"}, "scaled");
  model.convolution("last", "scaled", {2, 4, 1, 1});
  model.node("Relu", {"last"}).set_name("out");
  const Opened opened(model.proto());
  onnx::ModelProto reference = model.proto();
  zero(reference, "reduce", 0, {1});
  zero(reference, "last.weight", 1, {1});
  check_equal(opened, {{layer(opened.network, "depthwise").group, {1}}}, reference);
}

TEST_CASE("a transposed depthwise layer is pruned like an ordinary one", "[network][prune]") {
  RandomModel model({1, 2, 4, 4});
  model.convolution("stem", "x", {4, 2, 1, 1});
  model.draw("up.weight", {4, 1, 2, 2});
  auto& up = model.node("ConvTranspose", {"stem", "up.weight"}, "u");
  set_integer(up, "group", 4);
  set_integers(up, "strides", {2, 2});
  model.draw("full.weight", {4, 3, 2, 2});
  model.node("ConvTranspose", {"u", "full.weight"});
  const Opened opened(model.proto());
  onnx::ModelProto reference = model.proto();
  zero(reference, "full.weight", 0, {0, 1, 2});
  const auto pruned =
      check_equal(opened, {{layer(opened.network, "up").group, {0, 1, 2}}}, reference);
  CHECK(pruned.graph.shape_of(pruned.graph.find("up")) == Shape{1, 1, 8, 8});
}

TEST_CASE("constants that nodes share are cut for one of them alone", "[network][prune]") {
  RandomModel model({1, 2, 4, 4});
  model.convolution("stem", "x", {4, 2, 1, 1});
  model.node("Identity", {"stem.bias"}, "same_bias");
  model.draw("depthwise.weight", {4, 1, 3, 3});
  auto& depthwise = model.node("Conv", {"stem", "depthwise.weight", "same_bias"}, "d");
  set_integer(depthwise, "group", 4);
  model.draw("last.weight", {4, 4, 1, 1});
  model.node("Conv", {"d", "last.weight", "stem.bias"});
  const Opened opened(model.proto());
  onnx::ModelProto reference = model.proto();
  zero(reference, "last.weight", 1, {1, 2});
  const auto pruned =
      check_equal(opened, {{layer(opened.network, "depthwise").group, {1, 2}}}, reference);
  CHECK(pruned.graph.shape_of(pruned.graph.output()) == Shape{1, 4, 2, 2});
}

TEST_CASE("weights in Constant nodes and those listed as inputs are cut", "[network][prune]") {
  RandomModel model = depthwise_into("");
  model.convolution("last", "depthwise", {3, 4, 1, 1});
  model.node("Relu", {"last"}).set_name("out");
  const Opened plain(model.proto());
  onnx::ModelProto moved = model.proto();
  auto& graph = *moved.mutable_graph();
  graph.clear_node();
  auto& constant = *graph.add_node();
  constant.set_op_type("Constant");
  constant.add_output("depthwise.weight");
  auto& value = *constant.add_attribute();
  value.set_name("value");
  value.set_type(onnx::AttributeProto::TENSOR);
  *value.mutable_t() = initializer(moved, "depthwise.weight");
  for (const auto& node : model.graph().node()) *graph.add_node() = node;
  auto& initializers = *graph.mutable_initializer();
  const auto is_moved = [](const auto& tensor) { return tensor.name() == "depthwise.weight"; };
  initializers.erase(std::remove_if(initializers.begin(), initializers.end(), is_moved),
                     initializers.end());
  RandomModel listed({1, 2, 4, 4});
  listed.declare_input("last.weight", {3, 4, 1, 1});
  *graph.mutable_input() = listed.graph().input();
  auto& stale = *graph.add_value_info();
  stale = graph.input(1);
  stale.set_name("r");

  const Opened opened(moved);
  const int group = layer(opened.network, "depthwise").group;
  const auto pruned = opened.network.without({{group, {0, 2}}});
  const auto wanted = plain.network.without({{layer(plain.network, "depthwise").group, {0, 2}}});
  const Tensor batch = random_batch(wanted.graph);
  CHECK(largest_difference(run_graph(pruned.graph, batch), run_graph(wanted.graph, batch)) == 0.0);
  onnx::ModelProto written;
  REQUIRE(written.ParseFromString(pruned.file));
  CHECK(written.graph().input(1).type().tensor_type().shape().dim(1).dim_value() == 2);
  CHECK(written.graph().value_info_size() == 0);
}

TEST_CASE("what keeps channels from being removed is named", "[network][prune]") {
  CHECK(obstacle_of(depthwise_into("Relu").proto()) == "its channels are the network's output");
  CHECK_THAT(obstacle_of(depthwise_into("Softmax").proto()),
             Contains("reach node \"the_Softmax\" (Softmax)"));

  RandomModel at_input({1, 4, 4, 4});
  at_input.convolution("depthwise", "x", {4, 1, 3, 3}, 4);
  at_input.convolution("last", "depthwise", {2, 4, 1, 1});
  at_input.node("Relu", {"last"});
  CHECK(obstacle_of(at_input.proto()) == "its channels are the network's input");

  RandomModel lined_up = depthwise_into("");
  lined_up.node("Concat", {"depthwise", "r"}, "c");
  set_integer(*lined_up.graph().mutable_node(3), "axis", 1);
  lined_up.convolution("last", "c", {2, 8, 1, 1});
  lined_up.node("Relu", {"last"});
  CHECK_THAT(obstacle_of(lined_up.proto()), Contains("(Concat), which lines up the channels"));

  RandomModel grouped = depthwise_into("");
  grouped.convolution("grouped", "depthwise", {4, 2, 1, 1}, 2);
  grouped.node("Relu", {"grouped"});
  CHECK_THAT(obstacle_of(grouped.proto()), Contains("(Conv), whose 2 groups hold several"));

  RandomModel stated = depthwise_into("");
  stated.integers("shape", {1, 64});
  stated.node("Reshape", {"depthwise", "shape"}, "f");
  stated.draw("fc.weight", {64, 2});
  stated.node("MatMul", {"f", "fc.weight"});
  CHECK_THAT(obstacle_of(stated.proto()), Contains("(Reshape), which states how many values"));
}

TEST_CASE("one plane that scales all channels leaves them free", "[network][prune]") {
  RandomModel model = depthwise_into("");
  model.convolution("plane", "r", {1, 4, 1, 1});
  model.node("Mul", {"plane", "depthwise"}, "masked");
  model.convolution("last", "masked", {2, 4, 1, 1});
  model.node("Relu", {"last"}).set_name("out");
  const Opened opened(model.proto());
  onnx::ModelProto reference = model.proto();
  zero(reference, "last.weight", 1, {3});
  zero(reference, "plane.weight", 1, {3});
  check_equal(opened, {{layer(opened.network, "depthwise").group, {3}}}, reference);
}

TEST_CASE("a network without depthwise layers has none to prune", "[network][prune]") {
  CHECK(PrunableNetwork(network_data("lenet5.onnx")).layers().empty());
}

TEST_CASE("nodes before their data are refused", "[network][prune]") {
  RandomModel model = depthwise_into("Relu");
  model.graph().mutable_node()->SwapElements(1, 2);
  CHECK_THROWS_WITH(Opened(model.proto()), Contains("is used before the node that produces it"));
}
