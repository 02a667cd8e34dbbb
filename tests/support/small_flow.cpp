#include "support/small_flow.hpp"

#include <onnx/onnx_pb.h>

namespace memspice::test {
namespace {

constexpr int kHeight = 3, kWidth = 4, kPixels = kHeight * kWidth;

void add_weight(onnx::GraphProto& graph,
                const std::string& name,
                const std::vector<std::int64_t>& shape,
                const std::vector<float>& values) {
  onnx::TensorProto& tensor = *graph.add_initializer();
  tensor.set_name(name);
  tensor.set_data_type(onnx::TensorProto::FLOAT);
  for (const auto n : shape) tensor.add_dims(n);
  for (const float v : values) tensor.add_float_data(v);
}

/// Appends a node that takes the last node's output, or the input, and `operands`.
onnx::NodeProto& add_node(onnx::GraphProto& graph,
                          const std::string& op,
                          const std::vector<std::string>& operands = {}) {
  const int before = graph.node_size();
  const std::string from = before == 0 ? "image" : graph.node(before - 1).output(0);
  onnx::NodeProto& node = *graph.add_node();
  node.set_op_type(op);
  node.set_name("the_" + op);
  node.add_input(from);
  for (const std::string& operand : operands) node.add_input(operand);
  node.add_output("t" + std::to_string(before));
  return node;
}

void set_integer(onnx::NodeProto& node, const std::string& name, std::int64_t value) {
  onnx::AttributeProto& attribute = *node.add_attribute();
  attribute.set_name(name);
  attribute.set_type(onnx::AttributeProto::INT);
  attribute.set_i(value);
}

void declare_input(onnx::GraphProto& graph, const std::vector<std::int64_t>& shape) {
  auto& input = *graph.add_input();
  input.set_name("image");
  auto& type = *input.mutable_type()->mutable_tensor_type();
  type.set_elem_type(onnx::TensorProto::FLOAT);
  for (const std::int64_t n : shape) {
    type.mutable_shape()->add_dim()->set_dim_value(n);
  }
}

std::string big_endian(std::size_t number) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) {
    bytes += static_cast<char>(static_cast<unsigned char>(number >> shift));
  }
  return bytes;
}

std::string idx_header(const std::vector<std::size_t>& extents) {
  std::string header{'\0', '\0', '\x08', static_cast<char>(extents.size())};
  for (const std::size_t n : extents) header += big_endian(n);
  return header;
}

}  // namespace

std::string SmallNetwork::onnx() const {
  onnx::ModelProto model;
  model.set_ir_version(7);
  model.add_opset_import()->set_version(13);
  onnx::GraphProto& graph = *model.mutable_graph();
  declare_input(graph,
                is_flat ? std::vector<std::int64_t>{1, kPixels}
                        : std::vector<std::int64_t>{1, 1, kHeight, kWidth});
  if (takes_bytes) {
    graph.mutable_input(0)->mutable_type()->mutable_tensor_type()->set_elem_type(
        onnx::TensorProto::UINT8);
    set_integer(add_node(graph, "Cast"), "to", onnx::TensorProto::FLOAT);
  }
  std::vector<float> values;
  for (const auto& row : W) values.insert(values.end(), row.begin(), row.end());
  const auto outputs = static_cast<std::int64_t>(W.size());
  add_weight(graph, "b", {outputs}, b);
  if (is_map) {
    add_weight(graph, "W", {outputs, 1, 1, 1}, values);
    add_node(graph, "Conv", {"W", "b"});
  } else {
    add_weight(graph, "W", {outputs, kPixels}, values);
    if (!is_flat) add_node(graph, "Flatten");
    set_integer(add_node(graph, "Gemm", {"W", "b"}), "transB", 1);
  }
  if (!activation.empty()) add_node(graph, activation);
  if (!divisor.empty()) {
    add_weight(graph, "divisor", {1, outputs}, divisor);
    add_node(graph, "Div", {"divisor"});
  }
  graph.add_output()->set_name(graph.node(graph.node_size() - 1).output(0));
  return model.SerializeAsString();
}

std::string idx_images(const std::vector<Pixels>& images) {
  std::string bytes = idx_header({images.size(), kHeight, kWidth});
  for (const Pixels& image : images) bytes.append(image.begin(), image.end());
  return bytes;
}

std::string idx_labels(const std::vector<unsigned char>& labels) {
  return idx_header({labels.size()}) + std::string(labels.begin(), labels.end());
}

SmallFlow::SmallFlow(const SmallNetwork& network,
                     const std::vector<Pixels>& images,
                     const std::vector<unsigned char>& labels) {
  write("net.onnx", network.onnx());
  write("images.idx", idx_images(images));
  write("labels.idx", idx_labels(labels));
  std::vector<Pixels> others;
  for (int k = 0; k < 16; ++k) {
    Pixels image(kPixels);
    for (std::size_t p = 0; p < image.size(); ++p) {
      image[p] = static_cast<unsigned char>((p * 37U + static_cast<unsigned>(k) * 101U) % 256U);
    }
    others.push_back(std::move(image));
  }
  write("other.idx", idx_images(others));
  write("other_labels.idx", idx_labels(std::vector<unsigned char>(others.size(), 0)));
  write("flow.toml",
        "[network]\nfile = \"net.onnx\"\n[data]\nimages = \"images.idx\"\n"
        "labels = \"labels.idx\"\ncalibration_images = \"other.idx\"\n"
        "calibration_labels = \"other_labels.idx\"\n");
}

void SmallFlow::write(const std::string& name, const std::string& content) const {
  write_file(folder() / name, content);
}

config::FlowOptions SmallFlow::load(const config::Overrides& overrides) const {
  config::Overrides all{"fidelity.default=float"};
  all.insert(all.end(), overrides.begin(), overrides.end());
  config::FlowOptions options = config::load_flow(file(), all);
  options.out = folder() / "out";
  return options;
}

}  // namespace memspice::test
