#include <onnx/onnx_pb.h>

#include <cstdint>

#include "sample_files.hpp"

namespace memspice::fuzz {
namespace {

using Shape = std::vector<std::int64_t>;

/// A model built node by node, from "x" to "y".
class Draft {
 public:
  Draft(const Shape& input, const Shape& output, int opset = 13) {
    model_.set_ir_version(7);
    model_.add_opset_import()->set_version(opset);
    declare(*graph().add_input(), "x", input);
    declare(*graph().add_output(), "y", output);
  }
  onnx::NodeProto& node(const std::string& op,
                        const std::vector<std::string>& inputs,
                        const std::string& output) {
    onnx::NodeProto& node = *graph().add_node();
    node.set_op_type(op);
    node.set_name(output + "_node");
    for (const std::string& input : inputs) node.add_input(input);
    node.add_output(output);
    return node;
  }
  /// Values around `centre`.
  void weight(const std::string& name, const Shape& shape, float centre = 0.0F) {
    onnx::TensorProto& tensor = *graph().add_initializer();
    tensor.set_name(name);
    tensor.set_data_type(onnx::TensorProto::FLOAT);
    std::int64_t count = 1;
    for (const auto n : shape) {
      tensor.add_dims(n);
      count *= n;
    }
    for (std::int64_t k = 0; k < count; ++k) {
      tensor.add_float_data(centre + 0.1F * static_cast<float>(k % 7 - 3));
    }
  }
  void integers(const std::string& name, const Shape& values) {
    onnx::TensorProto& tensor = *graph().add_initializer();
    tensor.set_name(name);
    tensor.set_data_type(onnx::TensorProto::INT64);
    tensor.add_dims(static_cast<std::int64_t>(values.size()));
    for (const auto v : values) tensor.add_int64_data(v);
  }
  std::string bytes() const { return model_.SerializeAsString(); }

 private:
  onnx::GraphProto& graph() { return *model_.mutable_graph(); }
  static void declare(onnx::ValueInfoProto& value, const char* name, const Shape& shape) {
    value.set_name(name);
    auto& type = *value.mutable_type()->mutable_tensor_type();
    type.set_elem_type(onnx::TensorProto::FLOAT);
    for (const auto n : shape) type.mutable_shape()->add_dim()->set_dim_value(n);
  }
  onnx::ModelProto model_;
};

void set(onnx::NodeProto& node, const std::string& name, const Shape& values) {
  auto& attribute = *node.add_attribute();
  attribute.set_name(name);
  attribute.set_type(onnx::AttributeProto::INTS);
  for (const auto v : values) attribute.add_ints(v);
}

void set(onnx::NodeProto& node, const std::string& name, std::int64_t value) {
  auto& attribute = *node.add_attribute();
  attribute.set_name(name);
  attribute.set_type(onnx::AttributeProto::INT);
  attribute.set_i(value);
}

std::string convolutional() {
  Draft draft({1, 1, 8, 8}, {1, 3});
  draft.weight("w1", {2, 1, 3, 3});
  draft.weight("b1", {2});
  draft.weight("w2", {3, 18});
  draft.weight("b2", {3});
  auto& convolution = draft.node("Conv", {"x", "w1", "b1"}, "a");
  set(convolution, "kernel_shape", Shape{3, 3});
  set(convolution, "pads", Shape{0, 0, 0, 0});
  draft.node("Relu", {"a"}, "b");
  auto& pool = draft.node("MaxPool", {"b"}, "c");
  set(pool, "kernel_shape", Shape{2, 2});
  set(pool, "strides", Shape{2, 2});
  set(draft.node("Flatten", {"c"}, "d"), "axis", 1);
  set(draft.node("Gemm", {"d", "w2", "b2"}, "y"), "transB", 1);
  return draft.bytes();
}

std::string normalised() {
  Draft draft({1, 2, 6, 6}, {1, 4});
  draft.weight("w1", {4, 1, 3, 3});
  for (const char* name : {"scale", "bias", "mean"}) draft.weight(name, {4});
  draft.weight("variance", {4}, 1.0F);
  auto& convolution = draft.node("Conv", {"x", "w1"}, "a");
  set(convolution, "group", 2);
  set(convolution, "pads", Shape{1, 1, 1, 1});
  set(convolution, "strides", Shape{2, 2});
  draft.node("BatchNormalization", {"a", "scale", "bias", "mean", "variance"}, "b");
  draft.node("Sigmoid", {"b"}, "c");
  draft.node("Mul", {"b", "c"}, "d");
  set(draft.node("Concat", {"d", "b"}, "e"), "axis", 1);
  draft.node("GlobalAveragePool", {"e"}, "f");
  draft.integers("shape", {1, 8});
  draft.node("Reshape", {"f", "shape"}, "g");
  draft.weight("w2", {8, 4});
  draft.node("MatMul", {"g", "w2"}, "h");
  set(draft.node("Softmax", {"h"}, "y"), "axis", 1);
  return draft.bytes();
}

/// Channels last, functions without a circuit, parts of a computed tensor and a sequence.
std::string channels_last() {
  Draft draft({1, 4, 4, 2}, {1, 3});
  set(draft.node("Transpose", {"x"}, "a"), "perm", Shape{0, 3, 1, 2});
  draft.weight("w1", {2, 2, 3, 3});
  set(draft.node("Conv", {"a", "w1"}, "b"), "pads", Shape{1, 1, 1, 1});
  set(draft.node("Transpose", {"b"}, "c"), "perm", Shape{0, 2, 3, 1});
  draft.node("Elu", {"c"}, "d");
  draft.integers("starts", {1});
  draft.integers("ends", {3});
  draft.node("Slice", {"d", "starts", "ends", "starts"}, "e");  // axis 1, as the start
  draft.integers("pads", {0, 0, 1, 0, 0, 0, 1, 0});
  draft.node("Pad", {"e", "pads"}, "f");
  draft.node("Max", {"f", "f"}, "g");
  set(draft.node("ReduceMax", {"g"}, "h"), "axes", Shape{3});
  draft.integers("shape", {1, 2, 6});
  draft.node("Reshape", {"h", "shape"}, "i");
  draft.weight("w2", {1, 2, 3});
  draft.node("Conv", {"i", "w2"}, "j");
  draft.node("Flatten", {"j"}, "k");
  draft.weight("w3", {4, 3});
  draft.node("MatMul", {"k", "w3"}, "l");
  set(draft.node("ArgMax", {"l"}, "y"), "axis", 1);
  return draft.bytes();
}

std::string upsampling() {
  Draft draft({1, 1, 4, 4}, {1, 1, 8, 8}, 11);
  draft.weight("w1", {1, 2, 2, 2});
  auto& up = draft.node("ConvTranspose", {"x", "w1"}, "a");
  set(up, "strides", Shape{2, 2});
  set(up, "kernel_shape", Shape{2, 2});
  draft.integers("size", {2});
  draft.node("ConstantOfShape", {"size"}, "zeros");
  draft.node("Relu", {"a"}, "b");
  draft.weight("w2", {1, 2, 1, 1});
  draft.node("Conv", {"b", "w2", "zero"}, "c");
  draft.weight("zero", {1});
  draft.node("Tanh", {"c"}, "d");
  draft.node("Clip", {"d"}, "y");
  return draft.bytes();
}

}  // namespace

std::vector<std::string> sample_networks() {
  return {convolutional(), normalised(), upsampling(), channels_last()};
}

}  // namespace memspice::fuzz
