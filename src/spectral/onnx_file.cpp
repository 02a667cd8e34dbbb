// A spectral network as an ONNX file with operators of its own domain, so that one file format
// holds every trained network. In order:
//
//   Transform    image, channels, storage "full" | "half"
//   Convolution  size, pooled, activation, alpha, c0, c1, c2; kernel: bins x out x in x 2 (Re, Im),
//                bias: out
//   Classifier   weight: out x in, bias: out
#include <google/protobuf/stubs/logging.h>
#include <onnx/onnx_pb.h>

#include <cstring>
#include <map>

#include "base/error.hpp"
#include "base/files.hpp"
#include "network/onnx_model.hpp"
#include "spectral/network.hpp"

namespace memspice::spectral {
namespace {

constexpr const char* kDomain = "memspice.spectral";
constexpr int kLargestSide = 4096;

/// One node with the file's tensors.
struct Node {
  const onnx::NodeProto& node;
  const std::map<std::string, const onnx::TensorProto*>& tensors;
  std::string place;

  [[noreturn]] void reject(const std::string& value, const std::string& rule) const {
    throw InputError({.place = place,
                      .value = value,
                      .rule = rule,
                      .remedy = "export the network with flows/train/spectral.py"});
  }

  const onnx::AttributeProto& attribute(const char* name) const {
    for (const auto& found : node.attribute()) {
      if (found.name() == name) return found;
    }
    reject(name, "is an attribute that this operator needs");
  }
  int integer(const char* name) const {
    const std::int64_t value = attribute(name).i();
    if (value < 1 || value > kLargestSide) {
      reject(std::string(name) + " = " + std::to_string(value),
             "must be 1 to " + std::to_string(kLargestSide));
    }
    return static_cast<int>(value);
  }
  float number(const char* name) const { return attribute(name).f(); }

  std::size_t count_of(const network::Shape& shape) const {
    try {
      return static_cast<std::size_t>(network::element_count(shape));
    } catch (const InputError& error) {
      reject(error.fault().value, error.fault().rule);
    }
  }

  /// Operand k as float32 of the given rank.
  network::Tensor tensor(int k, std::size_t rank) const {
    const auto found = k < node.input_size() ? tensors.find(node.input(k)) : tensors.end();
    if (found == tensors.end()) reject("operand " + std::to_string(k), "must be a stored weight");
    const onnx::TensorProto& proto = *found->second;
    network::Shape shape(proto.dims().begin(), proto.dims().end());
    if (shape.size() != rank || proto.data_type() != onnx::TensorProto::FLOAT) {
      reject(proto.name(), "must be a float tensor of " + std::to_string(rank) + " axes");
    }
    // Before memory is taken: a small file may state any shape.
    if (proto.raw_data().size() != count_of(shape) * sizeof(float)) {
      reject(proto.name(), "holds another number of values than its shape says");
    }
    network::Tensor tensor(shape);
    std::memcpy(tensor.data.data(), proto.raw_data().data(), proto.raw_data().size());
    return tensor;
  }
};

void read_transform(const Node& node, Architecture& architecture) {
  architecture.image = node.integer("image");
  architecture.channels = node.integer("channels");
  architecture.storage =
      parse_choice<Storage>(kStorageNames, node.attribute("storage").s(), node.place + ".storage");
}

void read_convolution(const Node& node, SpectralNetwork& network) {
  Architecture& a = network.architecture;
  a.activation = {
      .kind = parse_choice<Activation::Kind>(
          kActivationNames, node.attribute("activation").s(), node.place + ".activation"),
      .alpha = node.number("alpha"),
      .c0 = node.number("c0"),
      .c1 = node.number("c1"),
      .c2 = node.number("c2")};
  const network::Tensor kernel = node.tensor(0, 4);
  if (kernel.shape[3] != 2) node.reject("kernel", "must end in an axis of 2: Re, Im");
  a.layers.push_back({.size = node.integer("size"),
                      .pooled = node.integer("pooled"),
                      .channels_in = static_cast<int>(kernel.shape[2]),
                      .channels_out = static_cast<int>(kernel.shape[1])});
  std::vector<std::complex<float>> values(kernel.data.size() / 2);
  std::memcpy(
      static_cast<void*>(values.data()), kernel.data.data(), kernel.data.size() * sizeof(float));
  network.kernels.push_back(std::move(values));
  network.biases.push_back(node.tensor(1, 1).data);
}

void read_classifier(const Node& node, SpectralNetwork& network) {
  network.weights.push_back(node.tensor(0, 2));
  network.offsets.push_back(node.tensor(1, 1).data);
  network.architecture.classifier.push_back(static_cast<int>(network.weights.back().shape[0]));
}

void read_node(const Node& node, SpectralNetwork& network) {
  const std::string& type = node.node.op_type();
  if (type == "Transform") return read_transform(node, network.architecture);
  if (type == "Convolution") return read_convolution(node, network);
  if (type == "Classifier") return read_classifier(node, network);
  node.reject('"' + type + '"', "is none of Transform, Convolution, Classifier");
}

bool parse(const std::filesystem::path& file, onnx::ModelProto& model) {
  const google::protobuf::LogSilencer silence;
  const std::string bytes = read_file(file, network::kLargestModel);
  return model.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())) && model.has_graph();
}

bool is_spectral(const onnx::ModelProto& model) {
  return model.graph().node_size() > 0 && model.graph().node(0).domain() == kDomain;
}

void add_tensor(onnx::GraphProto& graph,
                onnx::NodeProto& node,
                const std::string& name,
                const network::Shape& shape,
                const void* values,
                std::size_t count) {
  onnx::TensorProto& tensor = *graph.add_initializer();
  tensor.set_name(name);
  tensor.set_data_type(onnx::TensorProto::FLOAT);
  for (const auto dimension : shape) tensor.add_dims(dimension);
  tensor.set_raw_data(values, count * sizeof(float));
  node.add_input(name);
}

onnx::NodeProto& add_node(onnx::GraphProto& graph, const std::string& type) {
  onnx::NodeProto& node = *graph.add_node();
  node.set_name(type + std::to_string(graph.node_size() - 1));
  node.set_domain(kDomain);
  node.set_op_type(type);
  return node;
}

void set(onnx::NodeProto& node, const char* name, int value) {
  onnx::AttributeProto& attribute = *node.add_attribute();
  attribute.set_name(name);
  attribute.set_type(onnx::AttributeProto::INT);
  attribute.set_i(value);
}
void set(onnx::NodeProto& node, const char* name, float value) {
  onnx::AttributeProto& attribute = *node.add_attribute();
  attribute.set_name(name);
  attribute.set_type(onnx::AttributeProto::FLOAT);
  attribute.set_f(value);
}
void set(onnx::NodeProto& node, const char* name, std::string_view value) {
  onnx::AttributeProto& attribute = *node.add_attribute();
  attribute.set_name(name);
  attribute.set_type(onnx::AttributeProto::STRING);
  attribute.set_s(std::string(value));
}

void write_convolution(onnx::GraphProto& graph, const SpectralNetwork& network, std::size_t l) {
  const LayerShape& layer = network.architecture.layers[l];
  const Activation& activation = network.architecture.activation;
  onnx::NodeProto& node = add_node(graph, "Convolution");
  const auto& kernel = network.kernels[l];
  add_tensor(graph,
             node,
             "kernel" + std::to_string(l),
             {bin_count(layer.size, network.architecture.storage),
              layer.channels_out,
              layer.channels_in,
              2},
             kernel.data(),
             2 * kernel.size());
  const auto& bias = network.biases[l];
  add_tensor(
      graph, node, "bias" + std::to_string(l), {layer.channels_out}, bias.data(), bias.size());
  set(node, "size", layer.size);
  set(node, "pooled", layer.pooled);
  set(node, "activation", to_text(activation.kind));
  set(node, "alpha", activation.alpha);
  set(node, "c0", activation.c0);
  set(node, "c1", activation.c1);
  set(node, "c2", activation.c2);
}

void write_classifier(onnx::GraphProto& graph, const SpectralNetwork& network, std::size_t l) {
  onnx::NodeProto& node = add_node(graph, "Classifier");
  const network::Tensor& weight = network.weights[l];
  const auto& offset = network.offsets[l];
  const std::string number = std::to_string(l);
  add_tensor(graph, node, "weight" + number, weight.shape, weight.data.data(), weight.data.size());
  add_tensor(graph,
             node,
             "offset" + number,
             {static_cast<std::int64_t>(offset.size())},
             offset.data(),
             offset.size());
}

}  // namespace

bool is_spectral_file(const std::filesystem::path& file) {
  onnx::ModelProto model;
  return parse(file, model) && is_spectral(model);
}

SpectralNetwork load_spectral(const std::filesystem::path& file) {
  onnx::ModelProto model;
  if (!parse(file, model) || !is_spectral(model)) {
    throw InputError({.place = file.string(),
                      .value = {},
                      .rule = "is no spectral network",
                      .remedy = "train one with flows/train/spectral.py"});
  }
  std::map<std::string, const onnx::TensorProto*> tensors;
  for (const auto& tensor : model.graph().initializer()) tensors[tensor.name()] = &tensor;
  SpectralNetwork network;
  network.architecture.name = file.stem().string();
  for (const auto& node : model.graph().node()) {
    read_node({node, tensors, file.string() + ": node \"" + node.name() + '"'}, network);
  }
  network.validate(file.string());
  return network;
}

void save_spectral(const SpectralNetwork& network, const std::filesystem::path& file) {
  network.validate(network.architecture.name);
  onnx::ModelProto model;
  model.set_ir_version(onnx::IR_VERSION);
  model.set_producer_name("memspice");
  onnx::OperatorSetIdProto& domain = *model.add_opset_import();
  domain.set_domain(kDomain);
  domain.set_version(1);
  onnx::GraphProto& graph = *model.mutable_graph();
  graph.set_name("spectral");
  onnx::NodeProto& transform = add_node(graph, "Transform");
  set(transform, "image", network.architecture.image);
  set(transform, "channels", network.architecture.channels);
  set(transform, "storage", name_of(kStorageNames, network.architecture.storage));
  for (std::size_t l = 0; l < network.kernels.size(); ++l) write_convolution(graph, network, l);
  for (std::size_t l = 0; l < network.weights.size(); ++l) write_classifier(graph, network, l);
  write_file(file, model.SerializeAsString());
}

}  // namespace memspice::spectral
