#include "network/channel_removal.hpp"

#include <onnx/onnx_pb.h>

#include <algorithm>
#include <set>

#include "network/onnx_node_order.hpp"

namespace memspice::network {
namespace {

/// Which entries of an axis stay: each channel has `repeat` neighbouring ones.
std::vector<bool> kept_entries(std::int64_t length,
                               std::int64_t repeat,
                               const std::vector<int>& removed) {
  std::vector<bool> kept(static_cast<std::size_t>(length), true);
  for (const int channel : removed) {
    for (std::int64_t k = 0; k < repeat; ++k) {
      kept[static_cast<std::size_t>(channel * repeat + k)] = false;
    }
  }
  return kept;
}

/// Keeps the runs of `run` elements whose axis entry stays; calls `keep(first)` for each.
template <typename Keep>
void for_each_kept(std::int64_t elements,
                   std::int64_t run,
                   const std::vector<bool>& kept,
                   const Keep& keep) {
  for (std::int64_t first = 0, entry = 0; first < elements; first += run, ++entry) {
    if (kept[static_cast<std::size_t>(entry) % kept.size()]) keep(first);
  }
}

template <typename Field>
void cut_field(Field& field, std::int64_t run, const std::vector<bool>& kept) {
  Field left;
  for_each_kept(field.size(), run, kept, [&](std::int64_t first) {
    for (std::int64_t k = first; k < first + run; ++k) left.Add(field.Get(static_cast<int>(k)));
  });
  field.Swap(&left);
}

void cut_bytes(std::string& bytes, std::int64_t run, const std::vector<bool>& kept) {
  std::string left;
  for_each_kept(static_cast<std::int64_t>(bytes.size()), run, kept, [&](std::int64_t first) {
    left.append(bytes, static_cast<std::size_t>(first), static_cast<std::size_t>(run));
  });
  bytes.swap(left);
}

/// Raw data, or the typed field that the element type uses; the others are empty.
void cut_tensor(onnx::TensorProto& tensor, int axis, const std::vector<bool>& kept) {
  std::int64_t run = 1, elements = 1;
  for (int k = 0; k < tensor.dims_size(); ++k) {
    elements *= tensor.dims(k);
    if (k > axis) run *= tensor.dims(k);
  }
  if (tensor.has_raw_data()) {
    const auto bytes = static_cast<std::int64_t>(tensor.raw_data().size());
    cut_bytes(*tensor.mutable_raw_data(), run * bytes / elements, kept);
  }
  cut_field(*tensor.mutable_float_data(), run, kept);
  cut_field(*tensor.mutable_double_data(), run, kept);
  cut_field(*tensor.mutable_int32_data(), run, kept);
  cut_field(*tensor.mutable_int64_data(), run, kept);
  tensor.set_dims(axis, std::ranges::count(kept, true));
}

int count_uses(const onnx::GraphProto& graph, const std::string& name) {
  int uses = 0;
  for (const auto& node : graph.node()) {
    uses += static_cast<int>(std::ranges::count(names_read_by(node), name));
  }
  for (const auto& output : graph.output()) uses += output.name() == name ? 1 : 0;
  return uses;
}

std::string unused_name(const onnx::GraphProto& graph, const std::string& wish) {
  std::set<std::string> names;
  for (const auto& tensor : graph.initializer()) names.insert(tensor.name());
  for (const auto& node : graph.node()) names.insert(node.output().begin(), node.output().end());
  std::string name = wish;
  for (int k = 2; names.contains(name); ++k) name = wish + "_" + std::to_string(k);
  return name;
}

/// Where `name` itself is stored; null for one that stands for another behind Identity.
onnx::TensorProto* stored_constant(onnx::GraphProto& graph, const std::string& name) {
  for (auto& tensor : *graph.mutable_initializer()) {
    if (tensor.name() == name) return &tensor;
  }
  for (auto& node : *graph.mutable_node()) {
    if (node.op_type() != "Constant" || node.output(0) != name) continue;
    for (auto& attribute : *node.mutable_attribute()) {
      if (attribute.name() == "value") return attribute.mutable_t();
    }
  }
  return nullptr;
}

/// The constant of an operand, for this operand alone.
onnx::TensorProto& own_constant(onnx::GraphProto& graph, int node, int operand) {
  const std::string name = graph.node(node).input(operand);
  onnx::TensorProto* stored = stored_constant(graph, name);
  if (stored != nullptr && count_uses(graph, name) == 1) return *stored;
  onnx::TensorProto copy = *find_constant(graph, name);
  copy.set_name(unused_name(graph, name + "_pruned"));
  graph.mutable_node(node)->set_input(operand, copy.name());
  return *graph.add_initializer() = copy;
}

/// Constants may also be listed as inputs, with their shapes.
void restate_shape(onnx::GraphProto& graph, const onnx::TensorProto& constant) {
  for (auto& input : *graph.mutable_input()) {
    if (input.name() != constant.name()) continue;
    auto& shape = *input.mutable_type()->mutable_tensor_type()->mutable_shape();
    shape.clear_dim();
    for (const auto n : constant.dims()) shape.add_dim()->set_dim_value(n);
  }
}

void set_group_count(onnx::NodeProto& node, std::int64_t count) {
  for (auto& attribute : *node.mutable_attribute()) {
    if (attribute.name() == "group") attribute.set_i(count);
  }
}

void drop_stated_shapes(const ChannelMap& map,
                        const std::map<int, std::vector<int>>& removed,
                        const std::set<std::string>& constants,
                        onnx::GraphProto& graph) {
  auto& stated = *graph.mutable_value_info();
  const auto is_stale = [&](const onnx::ValueInfoProto& info) {
    const auto tensor = map.tensors.find(info.name());
    return constants.contains(info.name()) ||
           (tensor != map.tensors.end() && removed.contains(map.groups.find(tensor->second.group)));
  };
  stated.erase(std::remove_if(stated.begin(), stated.end(), is_stale), stated.end());
}

}  // namespace

void remove_channels(const ChannelMap& map,
                     const std::map<int, std::vector<int>>& removed,
                     onnx::ModelProto& model) {
  onnx::GraphProto& graph = *model.mutable_graph();
  std::set<std::string> constants;
  for (const ChannelCut& cut : map.cuts) {
    const auto channels = removed.find(map.groups.find(cut.group));
    if (channels == removed.end()) continue;
    onnx::TensorProto& constant = own_constant(graph, cut.node, cut.operand);
    const std::int64_t length = constant.dims(cut.axis);
    cut_tensor(constant, cut.axis, kept_entries(length, cut.repeat, channels->second));
    restate_shape(graph, constant);
    constants.insert(graph.node(cut.node).input(cut.operand));
  }
  for (const DepthwiseNode& depthwise : map.depthwise) {
    const int group = map.groups.find(depthwise.group);
    const auto channels = removed.find(group);
    if (channels == removed.end()) continue;
    const auto gone = static_cast<std::int64_t>(channels->second.size());
    set_group_count(*graph.mutable_node(depthwise.node), map.groups.channels(group) - gone);
  }
  drop_stated_shapes(map, removed, constants, graph);
}

}  // namespace memspice::network
