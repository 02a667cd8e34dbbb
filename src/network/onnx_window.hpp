#pragma once
// Windows of convolution and pooling, and other operations on images, as ONNX nodes have them.

#include "network/onnx_node.hpp"

namespace memspice::network {

/// kernel_shape, strides, dilations, pads, auto_pad; `kernel` is used where kernel_shape is absent.
/// Rejects all but images, and sequences, which are images of height 1.
Window read_window(OnnxNode& node, const Shape& kernel);

/// The axis of operand 0 along which a window's axis slides.
std::size_t image_axis(OnnxNode& node, std::size_t axis);

/// Emits an operation on images; a sequence N x C x L becomes an image of height 1 and back.
void emit_over_image(OnnxNode& node, Operation operation);
/// The same, fed by layer `from` in operand 0's place; returns the layer of the result.
int emit_over_image(OnnxNode& node, Operation operation, int from);

/// Adds the zeros of a Pad node before this one to the window's own padding.
void add_padding(OnnxNode& node, const std::array<int, 4>& zeros, Window& window);

/// auto_pad SAME_UPPER and SAME_LOWER: paddings so that the output has ceil(input / stride) pixels.
enum class AutoPad { None, SameUpper, SameLower };
AutoPad read_auto_pad(OnnxNode& node);

/// A value of the file as int in low .. 65536; rejects others.
int small_integer(OnnxNode& node, std::int64_t value, int low, const char* what);

}  // namespace memspice::network
