#pragma once
// Readers of ONNX operators, by family. The table of all of them is in onnx_operators.cpp.

#include <string>
#include <string_view>

#include "network/onnx_node.hpp"

namespace memspice::network {

using OperatorReader = void (*)(OnnxNode& node);

/// The reader of an operator of a domain; null for one that is not supported.
OperatorReader find_reader(std::string_view domain, std::string_view operator_name);

/// Whether an operator only moves values, or chooses among them: integers stay integers.
bool moves_values(std::string_view operator_name);

/// Whether an operator is read in either form of Value::is_whole; others take a batch in front.
bool takes_any_form(std::string_view operator_name);

/// The supported operator that comes closest to one that is not; empty where none is near.
std::string nearest_operator(const std::string& operator_name);

// ---- onnx_operators_weights.cpp
void read_conv(OnnxNode& node);
void read_conv_transpose(OnnxNode& node);
void read_gemm(OnnxNode& node);
void read_matmul(OnnxNode& node);
void read_batch_normalization(OnnxNode& node);

// ---- onnx_operators_recurrent.cpp
void read_rnn(OnnxNode& node);
void read_gru(OnnxNode& node);
void read_lstm(OnnxNode& node);

// ---- onnx_operators_pooling.cpp
void read_max_pool(OnnxNode& node);
void read_average_pool(OnnxNode& node);
void read_global_average_pool(OnnxNode& node);
void read_global_max_pool(OnnxNode& node);

// ---- onnx_operators_resize.cpp
void read_resize(OnnxNode& node);
void read_upsample(OnnxNode& node);

// ---- onnx_operators_reduction.cpp
void read_reduce_mean(OnnxNode& node);
void read_reduction(OnnxNode& node);  ///< those of find_reduction
void read_instance_normalization(OnnxNode& node);
void read_layer_normalization(OnnxNode& node);
void read_group_normalization(OnnxNode& node);
void read_mean_variance_normalization(OnnxNode& node);
void read_local_response(OnnxNode& node);

// ---- onnx_operators_elementwise.cpp
void read_relu(OnnxNode& node);
void read_leaky_relu(OnnxNode& node);
void read_sigmoid(OnnxNode& node);
void read_tanh(OnnxNode& node);
void read_hard_sigmoid(OnnxNode& node);
void read_hard_swish(OnnxNode& node);
void read_clip(OnnxNode& node);
void read_softmax(OnnxNode& node);
void read_log_softmax(OnnxNode& node);
void read_add(OnnxNode& node);
void read_sub(OnnxNode& node);
void read_mul(OnnxNode& node);
void read_div(OnnxNode& node);
void read_pow(OnnxNode& node);
void read_prelu(OnnxNode& node);
void read_max(OnnxNode& node);
void read_min(OnnxNode& node);
void read_sum(OnnxNode& node);
void read_mean(OnnxNode& node);
void read_neg(OnnxNode& node);
void read_gelu(OnnxNode& node);
void read_function(OnnxNode& node);  ///< those of find_function
void read_identity(OnnxNode& node);
void read_dropout(OnnxNode& node);

// ---- onnx_operators_logic.cpp
void read_comparison(OnnxNode& node);  ///< of two operands by the node's name
void read_not(OnnxNode& node);
void read_where(OnnxNode& node);
void read_if(OnnxNode& node);

// ---- onnx_operators_shape.cpp
void read_concat(OnnxNode& node);
void read_flatten(OnnxNode& node);
void read_reshape(OnnxNode& node);
void read_squeeze(OnnxNode& node);
void read_unsqueeze(OnnxNode& node);

// ---- onnx_operators_movement.cpp
void read_transpose(OnnxNode& node);
void read_slice(OnnxNode& node);
void read_gather(OnnxNode& node);
void read_split(OnnxNode& node);
void read_expand(OnnxNode& node);
void read_tile(OnnxNode& node);
void read_depth_to_space(OnnxNode& node);
void read_space_to_depth(OnnxNode& node);

// ---- onnx_operators_pad.cpp
void read_pad(OnnxNode& node);

// ---- onnx_operators_decision.cpp
void read_arg_max(OnnxNode& node);
void read_top_k(OnnxNode& node);

// ---- onnx_operators_constant.cpp
void read_constant_node(OnnxNode& node);
void read_constant_of_shape(OnnxNode& node);
void read_shape(OnnxNode& node);
void read_cast(OnnxNode& node);

}  // namespace memspice::network
