// Files that move the axis of their batch, as recurrent networks and attention do: the file's
// tensors are then taken as one image's, and the layers have an axis for the images in front.

#include <onnx/onnx_pb.h>

#include "network/onnx_node.hpp"

namespace memspice::network {

void OnnxNode::take_whole() {
  if (state_.batch != 1) {
    reject("a batch of " + std::to_string(state_.batch),
           "this node moves or mixes the axis of the batch",
           "export the network with a batch of 1, or with a free batch axis, as the input's first");
  }
  is_whole_ = true;
}

bool OnnxNode::has_whole_operand() const {
  for (int k = 0; k < node_.input_size(); ++k) {
    if (has_input(k) && value(k).constant == nullptr && value(k).is_whole) return true;
  }
  return false;
}

std::vector<std::int64_t> OnnxNode::axes_of(std::vector<std::int64_t> axes) const {
  for (auto& axis : axes) axis = axis_of(axis);
  return axes;
}

void OnnxNode::settle(int k) {
  settle_padding(k);
  settle_form(k);
}

/// A reshape to the form that the node is read in; a first axis of one image's is a multiple of the
/// batch where a reader knows of no other.
void OnnxNode::settle_form(int k) {
  const Value given = value(k);
  if (given.constant != nullptr || given.is_whole == is_whole_) return;
  Shape to = state_.draft.shape_of(given.layer);
  if (is_whole_) {
    to.insert(to.begin(), to[0] == 1 ? 0 : -1);
  } else {
    to.erase(to.begin());
    if (to.empty()) reject("\"" + node_.input(k) + "\"", "is one number, without a batch axis");
    to[0] = to[0] == 1 ? 0 : -1;
  }
  Value& held = state_.values.at(node_.input(k));
  held.layer = state_.draft.add({.name = "axes",
                                 .place = place_,
                                 .operation = Reshape{std::move(to), {}},
                                 .inputs = {given.layer},
                                 .shape = {}});
  held.is_whole = is_whole_;
}

}  // namespace memspice::network
