#include "network/onnx_functions.hpp"

#include <onnx/onnx_pb.h>

#include <algorithm>
#include <map>
#include <vector>

#include "base/error.hpp"
#include "network/onnx_model.hpp"

namespace memspice::network {
namespace {

/// Functions that call functions; deeper ones call themselves.
constexpr int kDeepestCall = 64;

using FunctionName = std::pair<std::string, std::string>;  ///< domain, name

FunctionName name_of(const std::string& domain, const std::string& name) {
  return {domain == "ai.onnx" ? "" : domain, name};
}

/// Values that attributes have where a call gives none: a field that came after libonnx 1.12.
template <typename Function>
std::vector<onnx::AttributeProto> defaults_of(const Function& function) {
  if constexpr (requires { function.attribute_proto(); }) {
    return {function.attribute_proto().begin(), function.attribute_proto().end()};
  } else {
    constexpr int kAttributeProto = 11;
    std::vector<onnx::AttributeProto> defaults;
    const auto& unknown = function.GetReflection()->GetUnknownFields(function);
    for (int k = 0; k < unknown.field_count(); ++k) {
      const auto& field = unknown.field(k);
      if (field.number() != kAttributeProto) continue;
      if (field.type() != google::protobuf::UnknownField::TYPE_LENGTH_DELIMITED) continue;
      onnx::AttributeProto attribute;
      if (attribute.ParseFromString(field.length_delimited())) defaults.push_back(attribute);
    }
    return defaults;
  }
}

/// One call: what the names within the function stand for outside.
class Call {
 public:
  Call(const onnx::FunctionProto& function, const onnx::NodeProto& node, const std::string& prefix)
      : node_(node), prefix_(prefix), defaults_(defaults_of(function)) {
    for (int k = 0; k < function.input_size(); ++k) {
      outside_[function.input(k)] = k < node.input_size() ? node.input(k) : "";
    }
    for (int k = 0; k < function.output_size() && k < node.output_size(); ++k) {
      if (!node.output(k).empty()) outside_[function.output(k)] = node.output(k);
    }
    outside_[""] = "";
  }

  /// A node of the function as it stands in the caller.
  onnx::NodeProto rewrite(const onnx::NodeProto& inner) const {
    onnx::NodeProto node = inner;
    for (auto& name : *node.mutable_input()) name = outside(name);
    for (auto& name : *node.mutable_output()) name = outside(name);
    const std::string& own = inner.name().empty() ? inner.op_type() : inner.name();
    node.set_name(node_.name().empty() ? own : node_.name() + "/" + own);
    node.clear_attribute();
    for (const auto& attribute : inner.attribute()) add_attribute(attribute, node);
    return node;
  }

 private:
  std::string outside(const std::string& name) const {
    const auto found = outside_.find(name);
    return found == outside_.end() ? prefix_ + name : found->second;
  }

  /// Null where neither the call nor the function gives a value.
  const onnx::AttributeProto* value_of(const std::string& name) const {
    const auto is_it = [&name](const auto& attribute) { return attribute.name() == name; };
    const auto given = std::ranges::find_if(node_.attribute(), is_it);
    if (given != node_.attribute().end()) return &*given;
    const auto standard = std::ranges::find_if(defaults_, is_it);
    return standard == defaults_.end() ? nullptr : &*standard;
  }

  void add_attribute(const onnx::AttributeProto& attribute, onnx::NodeProto& node) const {
    if (attribute.ref_attr_name().empty()) {
      *node.add_attribute() = attribute;
      return;
    }
    const auto* value = value_of(attribute.ref_attr_name());
    if (value == nullptr) return;
    onnx::AttributeProto& added = *node.add_attribute();
    added = *value;
    added.set_name(attribute.name());
  }

  const onnx::NodeProto& node_;
  std::string prefix_;
  std::vector<onnx::AttributeProto> defaults_;
  std::map<std::string, std::string> outside_;
};

class Expansion {
 public:
  Expansion(const std::string& file, const onnx::ModelProto& model)
      : file_(file), room_(room_of(model)) {
    for (const auto& function : model.functions()) {
      const auto name = name_of(function.domain(), function.name());
      if (functions_.emplace(name, &function).second) continue;
      reject(file_ + ": function \"" + function.name() + "\"",
             {},
             "two functions of one domain have this name",
             "export the network with its functions expanded");
    }
  }

  void add(const onnx::NodeProto& node, int depth, onnx::GraphProto& graph) {
    const auto found = functions_.find(name_of(node.domain(), node.op_type()));
    take_room(node);
    if (found == functions_.end()) {
      *graph.add_node() = node;
      return;
    }
    if (depth == kDeepestCall) {
      reject(place_of(node), {}, "calls itself", "export the network with its functions expanded");
    }
    const Call call(*found->second, node, "f" + std::to_string(++calls_) + "/");
    for (const auto& inner : found->second->node()) add(call.rewrite(inner), depth + 1, graph);
  }

 private:
  std::string place_of(const onnx::NodeProto& node) const {
    return file_ + ": function \"" + node.op_type() + "\"";
  }

  /// A few functions that call each other can ask for any number of nodes.
  void take_room(const onnx::NodeProto& node) {
    constexpr std::int64_t kNode = 256;  // beside what it holds
    room_ -= kNode + static_cast<std::int64_t>(node.ByteSizeLong());
    if (room_ >= 0) return;
    reject(place_of(node),
           {},
           "the nodes of all calls take more memory than the file's size warrants",
           "export the network with its functions expanded");
  }

  const std::string& file_;
  std::int64_t room_;
  long calls_ = 0;
  std::map<FunctionName, const onnx::FunctionProto*> functions_;
};

/// Operator sets that only functions name; one that the model names holds for all.
void add_operator_sets(onnx::ModelProto& model) {
  std::map<std::string, std::int64_t> versions;
  for (const auto& set : model.opset_import()) {
    versions.emplace(name_of(set.domain(), "").first, set.version());
  }
  for (const auto& function : model.functions()) {
    for (const auto& set : function.opset_import()) {
      if (!versions.emplace(name_of(set.domain(), "").first, set.version()).second) continue;
      *model.add_opset_import() = set;
    }
  }
}

}  // namespace

void expand_functions(const std::string& file, onnx::ModelProto& model) {
  if (model.functions().empty()) return;
  onnx::GraphProto expanded;
  Expansion expansion(file, model);
  for (const auto& node : model.graph().node()) expansion.add(node, 0, expanded);
  model.mutable_graph()->mutable_node()->Swap(expanded.mutable_node());
  add_operator_sets(model);
  model.clear_functions();
}

}  // namespace memspice::network
