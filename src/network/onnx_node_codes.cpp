// Tensors of a node that hold integers in the file: layers give what these stand for in their
// place.

#include <onnx/onnx_pb.h>

#include "network/onnx_node.hpp"
#include "network/onnx_operators.hpp"

namespace memspice::network {
namespace {

constexpr const char* kExportQdq =
    "export the network with QuantizeLinear and DequantizeLinear around its layers (QDQ)";

}  // namespace

bool OnnxNode::passes_codes() const {
  return moves_values(node_.op_type());
}

void OnnxNode::require_no_codes(int k) const {
  if (value(k).codes == nullptr || takes_codes_ || passes_codes()) return;
  reject("\"" + node_.input(k) + "\"",
         "holds integers, which this operator is not read for",
         kExportQdq);
}

std::shared_ptr<const Quantization> OnnxNode::codes(int k) {
  takes_codes_ = true;
  return value(k).codes;
}

/// Those of all operands, where the operator passes integers on.
std::shared_ptr<const Quantization> OnnxNode::passed_codes() const {
  if (!passes_codes()) return nullptr;
  std::shared_ptr<const Quantization> passed = value(0).codes;
  for (int k = 0; k < node_.input_size(); ++k) {
    if (!has_input(k) || is_constant(k)) continue;
    const auto& other = value(k).codes;
    const bool agree = other == passed || (other && passed && is_same_grid(*other, *passed));
    if (!agree || (passed && passed->scale.size() > 1)) {
      reject("\"" + node_.input(k) + "\"",
             "operands hold integers of one scale and zero point",
             kExportQdq);
    }
  }
  return passed;
}

void OnnxNode::forward_values(int k) {
  Value values = value(k);
  values.codes = nullptr;
  bind(std::move(values));
}

void OnnxNode::mark_padding(const std::array<int, 4>& zeros) {
  state_.values.at(node_.output(0)).padding = zeros;
}

void OnnxNode::mark_codes(std::shared_ptr<const Quantization> codes) {
  state_.values.at(node_.output(0)).codes = std::move(codes);
}

}  // namespace memspice::network
