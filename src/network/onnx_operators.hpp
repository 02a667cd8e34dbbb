#pragma once
// Readers of ONNX operators, by family. The table of all of them is in onnx_operators.cpp.

#include <string_view>

#include "network/onnx_node.hpp"

namespace memspice::network {

using OperatorReader = void (*)(OnnxNode& node);

/// The reader of an operator; null for one that is not supported.
OperatorReader find_reader(std::string_view operator_name);

// ---- onnx_operators_weights.cpp
void read_conv(OnnxNode& node);
void read_conv_transpose(OnnxNode& node);
void read_gemm(OnnxNode& node);
void read_matmul(OnnxNode& node);
void read_batch_normalization(OnnxNode& node);

// ---- onnx_operators_pooling.cpp
void read_max_pool(OnnxNode& node);
void read_average_pool(OnnxNode& node);
void read_global_average_pool(OnnxNode& node);
void read_reduce_mean(OnnxNode& node);
void read_resize(OnnxNode& node);
void read_pad(OnnxNode& node);

// ---- onnx_operators_elementwise.cpp
void read_relu(OnnxNode& node);
void read_leaky_relu(OnnxNode& node);
void read_sigmoid(OnnxNode& node);
void read_tanh(OnnxNode& node);
void read_hard_sigmoid(OnnxNode& node);
void read_hard_swish(OnnxNode& node);
void read_clip(OnnxNode& node);
void read_softmax(OnnxNode& node);
void read_add(OnnxNode& node);
void read_sub(OnnxNode& node);
void read_mul(OnnxNode& node);
void read_div(OnnxNode& node);
void read_identity(OnnxNode& node);
void read_dropout(OnnxNode& node);

// ---- onnx_operators_shape.cpp
void read_concat(OnnxNode& node);
void read_flatten(OnnxNode& node);
void read_reshape(OnnxNode& node);
void read_squeeze(OnnxNode& node);
void read_unsqueeze(OnnxNode& node);
void read_transpose(OnnxNode& node);

// ---- onnx_operators_constant.cpp
void read_constant_node(OnnxNode& node);
void read_constant_of_shape(OnnxNode& node);
void read_shape(OnnxNode& node);
void read_gather(OnnxNode& node);
void read_slice(OnnxNode& node);
void read_cast(OnnxNode& node);

// ---- onnx_window.cpp: shared by convolution and pooling

/// kernel_shape, strides, dilations, pads, auto_pad; `kernel` is used where kernel_shape is absent.
/// Rejects all but two dimensions.
Window read_window(OnnxNode& node, const Shape& kernel);

/// Adds the zeros of a Pad node before this one to the window's own padding.
void add_padding(OnnxNode& node, const std::array<int, 4>& zeros, Window& window);

/// auto_pad SAME_UPPER and SAME_LOWER: paddings so that the output has ceil(input / stride) pixels.
enum class AutoPad { None, SameUpper, SameLower };
AutoPad read_auto_pad(OnnxNode& node);

/// A value of the file as int in low .. 65536; rejects others.
int small_integer(OnnxNode& node, std::int64_t value, int low, const char* what);

}  // namespace memspice::network
