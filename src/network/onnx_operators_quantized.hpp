#pragma once
// Readers of ONNX operators that round values to what integers of few bits stand for
// (QuantizeLinear and DequantizeLinear as training with quantization leaves them, QONNX's and
// Brevitas' Quant) or compute on integers, and what these share with the readers of weights.

#include "network/onnx_node.hpp"

namespace memspice::network {

// ---- onnx_operators_weights.cpp: shared with layers on integers

/// weight: the constant at `operand`, C_out x C_in/groups x k_h x k_w; the window is the node's.
Convolution convolution_of(OnnxNode& node, int operand, Constant weight);

/// weight: n_in x n_out.
FullyConnected product_of(OnnxNode& node, const Constant& weight);

// ---- onnx_operators_quantized.cpp
void read_quantize_linear(OnnxNode& node);
void read_dequantize_linear(OnnxNode& node);
void read_dynamic_quantize_linear(OnnxNode& node);
void read_quant(OnnxNode& node);          ///< QONNX, Brevitas
void read_bipolar_quant(OnnxNode& node);  ///< QONNX, Brevitas

// ---- onnx_operators_integer.cpp: layers on integers
void read_qlinear_conv(OnnxNode& node);
void read_qlinear_matmul(OnnxNode& node);
void read_matmul_integer(OnnxNode& node);
void read_conv_integer(OnnxNode& node);
void read_qgemm(OnnxNode& node);
void read_qlinear_add(OnnxNode& node);
void read_qlinear_mul(OnnxNode& node);
void read_qlinear_sigmoid(OnnxNode& node);
void read_qlinear_leaky_relu(OnnxNode& node);
void read_qlinear_softmax(OnnxNode& node);
void read_qlinear_concat(OnnxNode& node);
void read_qlinear_average_pool(OnnxNode& node);
void read_qlinear_global_average_pool(OnnxNode& node);

}  // namespace memspice::network
