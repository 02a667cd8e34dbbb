#include "network/onnx_input.hpp"

#include <onnx/onnx_pb.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "base/error.hpp"
#include "base/text.hpp"
#include "network/channel_map.hpp"
#include "network/onnx_element.hpp"

namespace memspice::network {
namespace {

using Inputs = std::vector<const onnx::ValueInfoProto*>;

template <typename Names>
std::vector<std::string> names_of(const Names& infos) {
  std::vector<std::string> names;
  for (const auto& info : infos) names.push_back(info.name());
  return names;
}

/// `"a", "b"`.
std::string quoted(const std::vector<std::string>& names) {
  std::vector<std::string> words;
  for (const std::string& name : names) words.push_back(in_quotes(name));
  return join(words, ", ");
}

/// All names that `output` is computed from.
std::set<std::string> find_needed(const onnx::GraphProto& graph, const std::string& output) {
  std::map<std::string, int> producers;
  for (int k = 0; k < graph.node_size(); ++k) {
    for (const std::string& name : graph.node(k).output()) producers.emplace(name, k);
  }
  std::set<std::string> needed{output};
  std::vector<std::string> open{output};
  while (!open.empty()) {
    const auto found = producers.find(open.back());
    open.pop_back();
    if (found == producers.end()) continue;
    for (const std::string& name : graph.node(found->second).input()) {
      if (needed.insert(name).second) open.push_back(name);
    }
  }
  return needed;
}

std::string place_of(const onnx::ValueInfoProto& input, const ImportState& state) {
  return state.file + ": input " + in_quotes(input.name());
}

/// Declared dimensions; 0: free.
Shape dimensions_of(const onnx::ValueInfoProto& input) {
  Shape shape;
  for (const auto& dim : input.type().tensor_type().shape().dim()) {
    shape.push_back(dim.has_dim_value() ? dim.dim_value() : 0);
  }
  return shape;
}

void bind_constant(const onnx::ValueInfoProto& input, double value, ImportState& state) {
  Shape shape = dimensions_of(input);
  for (auto& n : shape) n = std::max<std::int64_t>(n, 1);
  const std::int64_t count = element_count(shape);
  if (count > state.room / 8) {
    reject(place_of(input, state), to_text(shape), "is too large a constant", "store it as weight");
  }
  const ElementType* type = find_element_type(input.type().tensor_type().elem_type());
  Constant constant{shape,
                    std::vector<float>(static_cast<std::size_t>(count), static_cast<float>(value))};
  if (type != nullptr && type->is_integer) {
    if (value != std::trunc(value) || std::abs(value) > 1e15) {
      reject(place_of(input, state),
             memspice::to_text(value),
             "its elements are " + std::string(type->name),
             "give a whole number in [network.constants]");
    }
    constant.values = std::vector<std::int64_t>(static_cast<std::size_t>(count),
                                                static_cast<std::int64_t>(value));
  }
  state.values[input.name()] = {
      std::make_shared<const Constant>(std::move(constant)), kDraftInput, {}};
}

/// The file's inputs that are no weights; older files list weights as well.
Inputs find_inputs(const onnx::GraphProto& graph, const ImportState& state) {
  Inputs inputs;
  for (const auto& input : graph.input()) {
    if (!state.values.contains(input.name())) inputs.push_back(&input);
  }
  return inputs;
}

void require_known(const std::string& name,
                   const std::string& key,
                   const Inputs& inputs,
                   const ImportState& state) {
  std::vector<std::string> names;
  for (const auto* input : inputs) names.push_back(input->name());
  if (std::ranges::find(names, name) != names.end()) return;
  reject(
      state.file + ": " + key, in_quotes(name), "is no input of the network", suggest(name, names));
}

/// The input that the data feed; binds the constants that `options` give for others.
const onnx::ValueInfoProto& choose_input(const onnx::GraphProto& graph,
                                         const std::string& output,
                                         const ImportOptions& options,
                                         ImportState& state) {
  const Inputs all = find_inputs(graph, state);
  if (all.empty()) reject(state.file, {}, "the network has no input", "export it again");
  if (!options.input.empty()) require_known(options.input, "network.input", all, state);
  for (const auto& [name, value] : options.constants) {
    require_known(name, "network.constants", all, state);
  }
  const auto needed = find_needed(graph, output);
  Inputs fed;
  std::vector<std::string> open;
  for (const auto* input : all) {
    const auto constant = options.constants.find(input->name());
    if (input->name() == options.input) {
      fed.insert(fed.begin(), input);
    } else if (constant != options.constants.end()) {
      bind_constant(*input, constant->second, state);
    } else if (needed.contains(input->name())) {
      fed.push_back(input);
      open.push_back(input->name());
    }
  }
  if (fed.empty()) fed.push_back(all.front());  // the output, which needs none, is refused later
  if (fed.size() == 1) return *fed.front();
  const std::string rule =
      options.input.empty()
          ? "the data feed one input of a network"
          : "the data feed input " + in_quotes(options.input) + ", and what these hold stays open";
  reject(state.file,
         "inputs " + quoted(open),
         rule,
         options.input.empty()
             ? "name it with network.input, and what the others hold in [network.constants]"
             : "say in [network.constants] what they hold: NAME = 0");
}

/// Whether all that reads the input puts a batch axis in front of it first.
bool lacks_batch(const onnx::GraphProto& graph, const std::string& input) {
  bool is_used = false;
  for (const auto& node : graph.node()) {
    if (std::ranges::find(node.input(), input) == node.input().end()) continue;
    if (node.op_type() != "Unsqueeze") return false;
    std::vector<std::int64_t> axes;
    for (const auto& attribute : node.attribute()) {
      if (attribute.name() == "axes") axes.assign(attribute.ints().begin(), attribute.ints().end());
    }
    if (node.input_size() > 1) {
      const auto* stored = find_constant(graph, node.input(1));
      if (stored == nullptr) return false;
      const Constant read = read_constant(*stored, node.name());
      if (read.is_integer()) axes = std::get<1>(read.values);
    }
    if (axes != std::vector<std::int64_t>{0}) return false;
    is_used = true;
  }
  return is_used;
}

bool has_layout_1(const onnx::NodeProto& node) {
  return std::ranges::any_of(node.attribute(), [](const auto& attribute) {
    return attribute.name() == "layout" && attribute.i() != 0;
  });
}

/// Whether the input's first axis is the steps: recurrent nodes read it so, whose batch is the
/// second.
bool has_steps_first(const onnx::GraphProto& graph, const std::string& input) {
  bool is_used = false;
  for (const auto& node : graph.node()) {
    if (std::ranges::find(node.input(), input) == node.input().end()) continue;
    if (node.op_type() == "Shape") continue;
    const bool is_recurrent =
        node.op_type() == "LSTM" || node.op_type() == "GRU" || node.op_type() == "RNN";
    if (!is_recurrent || has_layout_1(node)) return false;
    is_used = true;
  }
  return is_used;
}

void require_numbers(const onnx::ValueInfoProto& input, const ImportState& state) {
  const int code = input.type().tensor_type().elem_type();
  const ElementType* type = find_element_type(code);
  const bool is_number = type != nullptr && type->name != "bool";
  if (is_number && (!type->is_integer || type->bits <= 16)) return;
  reject(
      place_of(input, state),
      "element type " + element_name(code),
      "the input is of floats, or of integers of at most 16 bits; networks of words start behind "
      "their embedding",
      "export the network with a float input");
}

/// The declared shape with the batch at 1; its batch goes to state.batch.
Shape declared_shape(const onnx::GraphProto& graph,
                     const onnx::ValueInfoProto& input,
                     ImportState& state) {
  Shape shape = dimensions_of(input);
  if (shape.empty()) return shape;
  if (shape.size() == 3 && has_steps_first(graph, input.name())) {
    state.is_whole_input = true;
    shape[1] = std::max<std::int64_t>(shape[1], 1);
    shape.insert(shape.begin(), 1);
    return shape;
  }
  state.lacks_batch = shape.size() == 1 || lacks_batch(graph, input.name());
  if (state.lacks_batch) {
    shape.insert(shape.begin(), 1);
    return shape;
  }
  state.batch = std::clamp<std::int64_t>(shape[0], 1, 1 << 20);
  shape[0] = 1;
  return shape;
}

bool is_fixed(const Shape& shape) {
  return !shape.empty() && std::ranges::all_of(shape, [](auto n) { return n >= 1; });
}

/// Does `given` state the same image with more or fewer axes? The layers' axes are those of the
/// file, which then holds.
bool is_other_form(const Shape& given, const Shape& declared) {
  return given.size() != declared.size() && is_fixed(given) && is_fixed(declared) &&
         element_count(given) == element_count(declared);
}

std::optional<CodeRange> codes_of(const onnx::ValueInfoProto& input) {
  const ElementType* type = find_element_type(input.type().tensor_type().elem_type());
  if (type == nullptr || !type->is_integer) return std::nullopt;
  return CodeRange{static_cast<float>(type->low), static_cast<float>(type->high)};
}

/// An input of integers holds them as they are.
std::shared_ptr<const Quantization> grid_of(const std::optional<CodeRange>& codes) {
  if (!codes) return nullptr;
  return std::make_shared<const Quantization>(Quantization{.scale = Tensor({1}, 1.0F),
                                                           .zero_point = Tensor({1}),
                                                           .low = codes->low,
                                                           .high = codes->high});
}

}  // namespace

std::string choose_output(const onnx::GraphProto& graph,
                          const ImportOptions& options,
                          const std::string& file) {
  if (options.output.empty()) {
    if (graph.output_size() == 1) return graph.output(0).name();
    reject(file,
           std::to_string(graph.output_size()) + " outputs: " + quoted(names_of(graph.output())),
           "one output of a network is scored",
           "name it with network.output");
  }
  for (const auto& node : graph.node()) {
    if (std::ranges::find(node.output(), options.output) != node.output().end()) {
      return options.output;
    }
  }
  reject(file + ": network.output",
         in_quotes(options.output),
         "no node of the network gives this tensor",
         suggest(options.output, names_of(graph.output())));
}

void read_inputs(const onnx::GraphProto& graph,
                 const std::string& output,
                 const ImportOptions& options,
                 ImportState& state) {
  const auto& input = choose_input(graph, output, options, state);
  require_numbers(input, state);
  Shape shape = declared_shape(graph, input, state);
  Shape given = options.input_shape;
  if (!given.empty()) given[0] = 1;
  if (state.is_whole_input && given.size() == 3) given.insert(given.begin() + 2, 1);
  if (!given.empty() && !is_other_form(given, shape)) shape = given;
  if (!is_fixed(shape)) {
    reject(place_of(input, state),
           to_text(shape),
           "the shape is not fixed (0 stands for a free axis)",
           "give the shape of one image with network.input_shape or export with fixed axes");
  }
  element_count(shape);
  state.draft.input_shape = shape;
  state.draft.input_codes = codes_of(input);
  state.values[input.name()] = Value{
      nullptr, kDraftInput, {}, false, grid_of(state.draft.input_codes), state.is_whole_input};
}

}  // namespace memspice::network
