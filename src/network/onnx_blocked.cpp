#include "network/onnx_blocked.hpp"

#include <onnx/onnx_pb.h>

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

#include "base/error.hpp"

namespace memspice::network {
namespace {

constexpr std::array<std::string_view, 5> kRecurrent{"LSTM", "GRU", "RNN", "Loop", "Scan"};
constexpr std::array<std::string_view, 5> kAttention{
    "Attention", "MultiHeadAttention", "GroupQueryAttention", "QAttention", "PackedAttention"};
constexpr std::array<std::string_view, 3> kProducts{"MatMul", "Gemm", "Einsum"};

bool is_one_of(const auto& names, const std::string& name) {
  return std::ranges::find(names, name) != names.end();
}

[[noreturn]] void reject_blocked(const onnx::NodeProto& node,
                                 const std::string& file,
                                 const std::string& rule,
                                 const std::string& remedy) {
  const std::string& output = node.output_size() > 0 ? node.output(0) : node.op_type();
  const std::string name =
      node.name().empty() ? "producing \"" + output + "\"" : "\"" + node.name() + "\"";
  throw InputError({.place = file + ": node " + name + " (" + node.op_type() + ")",
                    .value = "operator " + node.op_type(),
                    .rule = rule,
                    .remedy = remedy});
}

/// Which tensors hang on the values of the input, and not on its shape alone.
class Computed {
 public:
  explicit Computed(const onnx::GraphProto& graph) {
    for (const auto& input : graph.input()) names_.insert(input.name());
    for (const auto& weight : graph.initializer()) names_.erase(weight.name());
  }
  bool holds(const std::string& name) const { return names_.contains(name); }
  int operands(const onnx::NodeProto& node) const {
    return static_cast<int>(
        std::ranges::count_if(node.input(), [this](const auto& name) { return holds(name); }));
  }
  void pass(const onnx::NodeProto& node) {
    if (node.op_type() == "Shape" || node.op_type() == "Size" || operands(node) == 0) return;
    names_.insert(node.output().begin(), node.output().end());
  }

 private:
  std::set<std::string> names_;
};

/// Scores of each position against each other: a product of two tensors that both hang on the
/// input.
bool is_attention(const onnx::NodeProto& node, const Computed& computed) {
  if (is_one_of(kAttention, node.op_type())) return true;
  return is_one_of(kProducts, node.op_type()) && node.input_size() >= 2 &&
         computed.holds(node.input(0)) && computed.holds(node.input(1));
}

}  // namespace

void require_feed_forward(const onnx::GraphProto& graph, const std::string& file) {
  for (const auto& node : graph.node()) {
    if (!is_one_of(kRecurrent, node.op_type())) continue;
    reject_blocked(
        node,
        file,
        "a recurrent network carries a state from step to step, which cannot be imported yet",
        "use a feed-forward network, for example convolutions along the steps");
  }
  Computed computed(graph);
  for (const auto& node : graph.node()) {
    if (is_attention(node, computed)) {
      reject_blocked(
          node,
          file,
          "multiplies two computed tensors, as attention does; networks with attention cannot "
          "be imported yet, since a crossbar holds one of the factors",
          "use a network whose products have a constant factor: convolutions and fully "
          "connected layers");
    }
    computed.pass(node);
  }
}

}  // namespace memspice::network
