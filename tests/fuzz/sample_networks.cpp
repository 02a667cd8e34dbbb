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
  void scalar(const std::string& name, float value) {
    onnx::TensorProto& tensor = *graph().add_initializer();
    tensor.set_name(name);
    tensor.set_data_type(onnx::TensorProto::FLOAT);
    tensor.add_float_data(value);
  }
  /// Integers of 8 bits around 0.
  void codes(const std::string& name, const Shape& shape) {
    onnx::TensorProto& tensor = *graph().add_initializer();
    tensor.set_name(name);
    tensor.set_data_type(onnx::TensorProto::INT8);
    std::int64_t count = 1;
    for (const auto n : shape) {
      tensor.add_dims(n);
      count *= n;
    }
    for (std::int64_t k = 0; k < count; ++k) {
      tensor.add_int32_data(static_cast<std::int32_t>(k % 15) - (count == 1 ? 0 : 7));
    }
  }
  /// Bytes in kWeightFile.
  void external(const std::string& name, const Shape& shape) {
    onnx::TensorProto& tensor = *graph().add_initializer();
    tensor.set_name(name);
    tensor.set_data_type(onnx::TensorProto::FLOAT);
    for (const auto n : shape) tensor.add_dims(n);
    tensor.set_data_location(onnx::TensorProto::EXTERNAL);
    for (const auto& [key, value] : {std::pair{"location", kWeightFile},
                                     std::pair{"offset", "0"},
                                     std::pair{"length", "64"}}) {
      auto& entry = *tensor.add_external_data();
      entry.set_key(key);
      entry.set_value(value);
    }
  }
  /// One value, the second of all.
  void sparse(const std::string& name, const Shape& shape) {
    auto& tensor = *graph().add_sparse_initializer();
    for (const auto n : shape) tensor.add_dims(n);
    tensor.mutable_values()->set_name(name);
    tensor.mutable_values()->set_data_type(onnx::TensorProto::FLOAT);
    tensor.mutable_values()->add_dims(1);
    tensor.mutable_values()->add_float_data(0.5F);
    tensor.mutable_indices()->set_data_type(onnx::TensorProto::INT64);
    tensor.mutable_indices()->add_dims(1);
    tensor.mutable_indices()->add_int64_data(1);
  }
  /// own.NAME(a, b) is one operator of two operands.
  void function(const std::string& name, const std::string& op) {
    auto& function = *model_.add_functions();
    function.set_domain("own");
    function.set_name(name);
    for (const char* input : {"a", "b"}) function.add_input(input);
    function.add_output("c");
    auto& node = *function.add_node();
    node.set_op_type(op);
    for (const char* input : {"a", "b"}) node.add_input(input);
    node.add_output("c");
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

/// Weights of 8 bits behind DequantizeLinear, activations rounded, QONNX's Quant.
std::string quantized() {
  Draft draft({1, 4}, {1, 3});
  draft.codes("q1", {4, 5});
  draft.weight("scale", {5}, 1.0F);
  draft.node("DequantizeLinear", {"q1", "scale"}, "w1");
  draft.node("MatMul", {"x", "w1"}, "a");
  draft.scalar("s", 0.5F);
  draft.codes("z", {});
  draft.node("QuantizeLinear", {"a", "s", "z"}, "b");
  draft.node("DequantizeLinear", {"b", "s", "z"}, "c");
  draft.weight("w2", {5, 3});
  draft.scalar("zero", 0.0F);
  draft.scalar("bits", 4.0F);
  auto& quant = draft.node("Quant", {"w2", "s", "zero", "bits"}, "v");
  quant.set_domain("qonnx.custom_op.general");
  set(quant, "signed", 1);
  draft.node("MatMul", {"c", "v"}, "y");
  return draft.bytes();
}

std::string on_integers() {
  Draft draft({1, 1, 4, 4}, {1, 2, 4, 4});
  draft.scalar("s", 0.5F);
  draft.codes("z", {});
  draft.codes("w", {2, 1, 3, 3});
  draft.node("QuantizeLinear", {"x", "s", "z"}, "q");
  auto& convolution = draft.node("QLinearConv", {"q", "s", "z", "w", "s", "z", "s", "z"}, "r");
  set(convolution, "pads", Shape{1, 1, 1, 1});
  draft.node("QLinearAdd", {"r", "s", "z", "r", "s", "z", "s", "z"}, "t")
      .set_domain("com.microsoft");
  draft.node("DequantizeLinear", {"t", "s", "z"}, "y");
  return draft.bytes();
}

/// A weight in the file beside, a sparse one, and a function of the model's own, called twice.
std::string in_parts() {
  Draft draft({1, 4}, {1, 4});
  draft.external("w", {4, 4});
  draft.sparse("b", {1, 4});
  draft.function("layer", "MatMul");
  draft.node("layer", {"x", "w"}, "a").set_domain("own");
  draft.node("Add", {"a", "b"}, "c");
  draft.node("layer", {"c", "w"}, "y").set_domain("own");
  return draft.bytes();
}

}  // namespace

std::vector<std::string> sample_networks() {
  return {convolutional(),
          normalised(),
          upsampling(),
          channels_last(),
          quantized(),
          on_integers(),
          in_parts()};
}

}  // namespace memspice::fuzz
