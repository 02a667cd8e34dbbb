#include "network/prunable_network.hpp"

#include <onnx/onnx_pb.h>

#include <cassert>
#include <cmath>

#include "base/error.hpp"
#include "network/channel_removal.hpp"
#include "network/onnx_constant.hpp"
#include "network/onnx_model.hpp"

namespace memspice::network {
namespace {

const Tensor& kernels_of(const Layer& layer) {
  if (const auto* op = std::get_if<Convolution>(&layer.operation)) return op->weight;
  return std::get<Deconvolution>(layer.operation).weight;
}

/// Sum of |w| over each channel's kernel; weight: C x 1 x k_h x k_w.
std::vector<double> kernel_norms(const Tensor& weight) {
  std::vector<double> norms(static_cast<std::size_t>(weight.shape[0]), 0.0);
  const std::size_t kernel = weight.data.size() / norms.size();
  for (std::size_t k = 0; k < weight.data.size(); ++k) {
    norms[k / kernel] += std::abs(static_cast<double>(weight.data[k]));
  }
  return norms;
}

std::vector<double> normalization_scale(const onnx::GraphProto& graph, int node) {
  if (node < 0) return {};
  const onnx::TensorProto* tensor = find_constant(graph, graph.node(node).input(1));
  std::vector<double> scale;
  for (const float v : read_constant(*tensor, graph.node(node).name()).to_tensor().data) {
    scale.push_back(std::abs(static_cast<double>(v)));
  }
  return scale;
}

}  // namespace

struct PrunableNetwork::Impl {
  std::string file;
  ImportOptions options;
  onnx::ModelProto model;
  Graph graph;
  ChannelMap map;
  std::vector<DepthwiseLayer> layers;
  std::map<int, ChannelGroup> groups;

  void add_layers(const std::vector<std::string>& tensors) {
    for (const LayerId id : graph.topological_order()) {
      const std::string& tensor = tensors[static_cast<std::size_t>(id.value)];
      for (const DepthwiseNode& node : map.depthwise) {
        if (model.graph().node(node.node).output(0) == tensor) add_layer(id, node);
      }
    }
  }

  void add_layer(LayerId id, const DepthwiseNode& node) {
    const Layer& layer = graph.layer(id);
    const int group = map.groups.find(node.group);
    groups[group] = {.channels = static_cast<int>(map.groups.channels(group)),
                     .obstacle = map.groups.obstacle(group)};
    layers.push_back({.layer = id,
                      .name = layer.name,
                      .group = group,
                      .kernel_norm = kernel_norms(kernels_of(layer)),
                      .scale = normalization_scale(model.graph(), node.normalization)});
  }
};

PrunableNetwork::PrunableNetwork(const std::filesystem::path& path, const ImportOptions& options)
    : impl_(std::make_unique<Impl>()) {
  impl_->file = path.string();
  impl_->options = options;
  load_model(path, impl_->model);
  ImportedGraph imported = import_model(impl_->model, impl_->file, options);
  impl_->graph = std::move(imported.graph);
  impl_->map = map_channels(impl_->model.graph(), impl_->file);
  impl_->add_layers(imported.tensors);
}

PrunableNetwork::~PrunableNetwork() = default;
PrunableNetwork::PrunableNetwork(PrunableNetwork&&) noexcept = default;
PrunableNetwork& PrunableNetwork::operator=(PrunableNetwork&&) noexcept = default;

const Graph& PrunableNetwork::graph() const noexcept {
  return impl_->graph;
}

std::span<const DepthwiseLayer> PrunableNetwork::layers() const noexcept {
  return impl_->layers;
}

const ChannelGroup& PrunableNetwork::group(int id) const {
  return impl_->groups.at(id);
}

PrunableNetwork::Pruned PrunableNetwork::without(
    const std::map<int, std::vector<int>>& removed) const {
  for ([[maybe_unused]] const auto& [id, channels] : removed) {
    assert(group(id).obstacle.empty());
    assert(static_cast<int>(channels.size()) < group(id).channels);
  }
  onnx::ModelProto model = impl_->model;
  remove_channels(impl_->map, removed, model);
  Graph graph = import_model(model, impl_->file + " (pruned)", impl_->options).graph;
  if (model.ByteSizeLong() > kLargestModel) {
    reject(impl_->file,
           {},
           "takes more than 2 GiB with the weights of all its files, which no ONNX file holds",
           "prune it where it was trained");
  }
  return {.file = model.SerializeAsString(), .graph = std::move(graph)};
}

}  // namespace memspice::network
