#include "network/onnx_node.hpp"

#include <onnx/onnx_pb.h>

#include <cmath>

#include "base/error.hpp"
#include "base/text.hpp"
#include "network/onnx_movement.hpp"

namespace memspice::network {
namespace {

/// "conv1.weight" gives "conv1": PyTorch names its modules so, and people know them by that name.
std::string module_of_weight(const std::string& weight) {
  const auto dot = weight.rfind(".weight");
  const bool is_last = dot != std::string::npos && dot + 7 == weight.size();
  return is_last ? weight.substr(0, dot) : std::string();
}

/// "/conv1/Conv" gives "/conv1": PyTorch 1.13 and later put the operator last.
std::string module_of_node(const std::string& name, const std::string& operator_name) {
  const auto slash = name.rfind('/');
  if (slash == std::string::npos || slash == 0) return name;
  return name.compare(slash + 1, operator_name.size(), operator_name) == 0 ? name.substr(0, slash)
                                                                           : name;
}

std::string layer_name(const onnx::NodeProto& node) {
  if (node.input_size() > 1) {
    const auto module = module_of_weight(node.input(1));
    if (!module.empty()) return module;
  }
  return node.name().empty() ? node.op_type() : module_of_node(node.name(), node.op_type());
}

/// Bytes of the numbers that an operation holds.
struct BytesOf {
  std::int64_t operator()(const auto& operation) const {
    std::int64_t elements = 0;
    if constexpr (requires { operation.weight; }) {
      elements = operation.weight.size() + operation.bias.size();
    } else if constexpr (requires { operation.constant; }) {
      elements = operation.constant ? operation.constant->size() : 0;
    } else if constexpr (requires { operation.from; }) {
      elements = static_cast<std::int64_t>(operation.from.size());
    }
    return elements * static_cast<std::int64_t>(sizeof(float));
  }
};

std::string describe_node(const std::string& file, const onnx::NodeProto& node) {
  const std::string& name = node.name();
  const std::string which =
      !name.empty() ? "\"" + name + "\""
                    : "producing \"" + (node.output_size() > 0 ? node.output(0) : "") + "\"";
  return file + ": node " + which + " (" + node.op_type() + ")";
}

}  // namespace

OnnxNode::OnnxNode(const onnx::NodeProto& node, ImportState& state)
    : node_(node), state_(state), place_(describe_node(state.file, node)) {}

const std::string& OnnxNode::operator_name() const {
  return node_.op_type();
}

void OnnxNode::reject(const std::string& value,
                      const std::string& rule,
                      const std::string& remedy) const {
  throw InputError({.place = place_, .value = value, .rule = rule, .remedy = remedy});
}

int OnnxNode::input_count() const {
  return node_.input_size();
}

bool OnnxNode::has_input(int k) const {
  return k < node_.input_size() && !node_.input(k).empty();
}

bool OnnxNode::is_constant(int k) const {
  return has_input(k) && value(k).constant != nullptr;
}

const Value& OnnxNode::value(int k) const {
  if (!has_input(k)) reject("operand " + std::to_string(k), "is missing");
  return state_.values.at(node_.input(k));
}

const Constant& OnnxNode::constant(int k) const {
  const Value& operand = value(k);
  if (operand.constant == nullptr) {
    reject("\"" + node_.input(k) + "\"",
           "operand " + std::to_string(k) + " is computed, but has to be a constant",
           "export the network with its weights and shapes as constants");
  }
  return *operand.constant;
}

std::vector<std::int64_t> OnnxNode::integers(int k) const {
  const Constant& operand = constant(k);
  if (!operand.is_integer()) reject("\"" + node_.input(k) + "\"", "has to be integers");
  return std::get<1>(operand.values);
}

float OnnxNode::scalar(int k) const {
  const Tensor tensor = constant(k).to_tensor();
  if (tensor.size() != 1) reject(to_text(tensor.shape), "has to be one value");
  if (std::isnan(tensor.data[0])) reject("nan", "has to be a number");
  return tensor.data[0];
}

int OnnxNode::source(int k) {
  if (is_constant(k)) {
    reject("\"" + node_.input(k) + "\"",
           "operand " + std::to_string(k) + " is a constant, but has to be computed from the input",
           "simplify the network before the export");
  }
  settle(k);
  require_no_codes(k);
  return value(k).layer;
}

bool OnnxNode::lacks_batch(int k) const {
  return state_.lacks_batch && !is_constant(k) && value(k).layer == kDraftInput;
}

void OnnxNode::require_no_class(int k) const {
  if (!value(k).is_class) return;
  reject("\"" + node_.input(k) + "\"",
         "is the number of a class, which only the network's end can be",
         "end the network before the class is chosen");
}

/// Zeros that no reader takes over are put around the image by a layer of their own.
void OnnxNode::settle_padding(int k) {
  require_no_class(k);
  const Value padded = value(k);
  if (padded.padding == std::array<int, 4>{} || (k == 0 && takes_padding_)) return;
  const Shape& image = state_.draft.shape_of(padded.layer);
  require_room(padded_count(image, padded.padding));
  Selection selection = pad_with_zeros(image, padded.padding);
  take_room(BytesOf{}(selection));
  const int layer = state_.draft.add({.name = "padding",
                                      .place = place_,
                                      .operation = std::move(selection),
                                      .inputs = {padded.layer},
                                      .shape = {}});
  state_.values.at(node_.input(k)) = {nullptr, layer, {}, false, padded.codes};
}

bool OnnxNode::is_class(int k) const {
  return value(k).is_class;
}

std::array<int, 4> OnnxNode::take_padding() {
  takes_padding_ = true;
  return value(0).padding;
}

const Shape& OnnxNode::shape(int k) {
  if (!is_constant(k)) settle(k);
  const Value& operand = value(k);
  return operand.constant ? operand.constant->shape : state_.draft.shape_of(operand.layer);
}

const onnx::AttributeProto* OnnxNode::attribute(const char* name) {
  read_.insert(name);
  for (const auto& candidate : node_.attribute()) {
    if (candidate.name() == name) return &candidate;
  }
  return nullptr;
}

bool OnnxNode::has_attribute(const char* name) {
  return attribute(name) != nullptr;
}

std::int64_t OnnxNode::integer(const char* name, std::int64_t otherwise) {
  const auto* found = attribute(name);
  if (found == nullptr) return otherwise;
  if (found->type() != onnx::AttributeProto::INT) reject(name, "this attribute is an integer");
  return found->i();
}

float OnnxNode::number(const char* name, float otherwise) {
  const auto* found = attribute(name);
  if (found == nullptr) return otherwise;
  if (found->type() != onnx::AttributeProto::FLOAT) reject(name, "this attribute is a number");
  if (!std::isfinite(found->f())) reject(name, "this attribute is a finite number");
  return found->f();
}

std::string OnnxNode::text(const char* name, const std::string& otherwise) {
  const auto* found = attribute(name);
  if (found == nullptr) return otherwise;
  if (found->type() != onnx::AttributeProto::STRING) reject(name, "this attribute is a text");
  return found->s();
}

std::vector<std::int64_t> OnnxNode::integer_list(const char* name) {
  const auto* found = attribute(name);
  if (found == nullptr) return {};
  if (found->type() != onnx::AttributeProto::INTS) reject(name, "this attribute is integers");
  return {found->ints().begin(), found->ints().end()};
}

std::vector<float> OnnxNode::number_list(const char* name) {
  const auto* found = attribute(name);
  if (found == nullptr) return {};
  if (found->type() != onnx::AttributeProto::FLOATS) reject(name, "this attribute is numbers");
  return {found->floats().begin(), found->floats().end()};
}

void OnnxNode::reject_unread_attributes() const {
  for (const auto& candidate : node_.attribute()) {
    if (read_.contains(candidate.name())) continue;
    reject("attribute \"" + candidate.name() + "\"", "memspice does not know this attribute");
  }
}

int OnnxNode::emit(Operation operation) {
  return emit(std::move(operation), {source(0)});
}

void OnnxNode::require_room(std::int64_t count) const {
  constexpr auto kElement = static_cast<std::int64_t>(sizeof(std::int64_t));
  if (count <= state_.room / kElement) return;
  reject(std::to_string(count) + " elements",
         "the constants that nodes make and the layers hold take more memory than the file's size "
         "warrants",
         "store weights in the file instead of making them by nodes");
}

void OnnxNode::take_room(std::int64_t bytes) {
  require_room(bytes / static_cast<std::int64_t>(sizeof(std::int64_t)));
  state_.room -= bytes;
}

int OnnxNode::emit(Operation operation, std::vector<int> inputs, const char* suffix) {
  take_room(std::visit(BytesOf{}, operation));
  const int layer = state_.draft.add({.name = layer_name(node_) + suffix,
                                      .place = place_,
                                      .operation = std::move(operation),
                                      .inputs = std::move(inputs),
                                      .shape = {},
                                      .tensor = has_output(output_) ? node_.output(output_) : ""});
  bind({nullptr, layer, {}, false, passed_codes(), is_whole_});
  return layer;
}

void OnnxNode::emit(Constant constant) {
  const std::size_t element = constant.is_integer() ? sizeof(std::int64_t) : sizeof(float);
  take_room(constant.count() * static_cast<std::int64_t>(element));
  bind({std::make_shared<const Constant>(std::move(constant)), kDraftInput, {}});
}

void OnnxNode::forward(int k) {
  bind(value(k));
}

void OnnxNode::forward_padded(const std::array<int, 4>& more) {
  Value padded = value(0);
  for (std::size_t side = 0; side < more.size(); ++side) padded.padding[side] += more[side];
  bind(std::move(padded));
}

void OnnxNode::forward_as_class() {
  settle_padding(0);
  passed_codes();  // the largest integer is the largest score where all have one scale
  Value chosen = value(0);
  chosen.is_class = true;
  chosen.codes = nullptr;
  bind(std::move(chosen));
}

int OnnxNode::output_count() const {
  return node_.output_size();
}

bool OnnxNode::has_output(int k) const {
  return k < node_.output_size() && !node_.output(k).empty();
}

bool OnnxNode::is_needed(int k) const {
  return has_output(k) && state_.needed.contains(node_.output(k));
}

void OnnxNode::bind(Value value) {
  if (!has_output(output_)) {
    reject("output " + std::to_string(output_), "is missing: the node has too few outputs");
  }
  state_.values[node_.output(output_)] = std::move(value);
}

}  // namespace memspice::network
