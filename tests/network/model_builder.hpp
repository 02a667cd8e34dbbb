#pragma once
// ONNX models built node by node.

#include "network/onnx_support.hpp"

namespace memspice::network {

/// A model built node by node; input "x" of shape 1 x 1 x 4 x 4, output "y".
class Model {
 public:
  explicit Model(const std::vector<std::int64_t>& input = {1, 1, 4, 4}) {
    model_.set_ir_version(7);
    model_.add_opset_import()->set_version(13);
    declare_input("x", input);
    model_.mutable_graph()->add_output()->set_name("y");
  }
  onnx::GraphProto& graph() { return *model_.mutable_graph(); }
  onnx::ModelProto& proto() { return model_; }

  void declare_input(const std::string& name, const std::vector<std::int64_t>& shape) {
    auto& input = *graph().add_input();
    input.set_name(name);
    auto& type = *input.mutable_type()->mutable_tensor_type();
    type.set_elem_type(onnx::TensorProto::FLOAT);
    for (const auto n : shape) type.mutable_shape()->add_dim()->set_dim_value(n);
  }
  onnx::NodeProto& node(const std::string& op,
                        const std::vector<std::string>& inputs,
                        const std::string& output = "y") {
    auto& added = *graph().add_node();
    added.set_op_type(op);
    added.set_name("the_" + op);
    for (const auto& input : inputs) added.add_input(input);
    added.add_output(output);
    return added;
  }
  onnx::TensorProto& weight(const std::string& name,
                            const std::vector<std::int64_t>& shape,
                            const std::vector<float>& values) {
    auto& added = *graph().add_initializer();
    added.set_name(name);
    added.set_data_type(onnx::TensorProto::FLOAT);
    for (const auto n : shape) added.add_dims(n);
    for (const float v : values) added.add_float_data(v);
    return added;
  }
  void integers(const std::string& name, const std::vector<std::int64_t>& values) {
    auto& added = *graph().add_initializer();
    added.set_name(name);
    added.set_data_type(onnx::TensorProto::INT64);
    added.add_dims(static_cast<std::int64_t>(values.size()));
    for (const auto v : values) added.add_int64_data(v);
  }
  Graph load(const Shape& input_shape = {}) const {
    return load(ImportOptions{.input_shape = input_shape});
  }
  Graph load(const ImportOptions& options) const {
    const TemporaryFolder folder;
    write_quickly(folder.path() / "net.onnx", model_.SerializeAsString());
    return load_onnx(folder.path() / "net.onnx", options);
  }

 private:
  onnx::ModelProto model_;
};

/// The message of the refusal, or "accepted".
inline std::string refusal(const Model& model) {
  try {
    model.load();
  } catch (const InputError& error) {
    return error.what();
  }
  return "accepted";
}

inline void set_integers(onnx::NodeProto& node,
                         const std::string& name,
                         const std::vector<std::int64_t>& values) {
  auto& attribute = *node.add_attribute();
  attribute.set_name(name);
  attribute.set_type(onnx::AttributeProto::INTS);
  for (const auto v : values) attribute.add_ints(v);
}

inline void set_integer(onnx::NodeProto& node, const std::string& name, std::int64_t value) {
  auto& attribute = *node.add_attribute();
  attribute.set_name(name);
  attribute.set_type(onnx::AttributeProto::INT);
  attribute.set_i(value);
}

inline void set_number(onnx::NodeProto& node, const std::string& name, float value) {
  auto& attribute = *node.add_attribute();
  attribute.set_name(name);
  attribute.set_type(onnx::AttributeProto::FLOAT);
  attribute.set_f(value);
}

inline void set_text(onnx::NodeProto& node, const std::string& name, const std::string& value) {
  auto& attribute = *node.add_attribute();
  attribute.set_name(name);
  attribute.set_type(onnx::AttributeProto::STRING);
  attribute.set_s(value);
}

}  // namespace memspice::network
