#pragma once
// Scales and zero points of quantizing operators, and what integers of a file stand for.

#include <memory>

#include "network/onnx_node.hpp"

namespace memspice::network {

/// Which operands and what else give a grid; -1: the operand is not there.
struct GridOperands {
  int scale = 1;
  int zero_point = 2;
  int axis = 1;          ///< of more than one scale
  int element_type = 0;  ///< of the integers where no zero point says it; 0: uint8
};

/// The grid of an operator's operands for a tensor of `rank` axes; its range is that of the zero
/// point's element type. Rejects scales that are not positive or no number, and a zero point of
/// other shape.
Quantization read_grid(OnnxNode& node, const GridOperands& operands, std::size_t rank);

/// scale (q - zero_point) of a constant of integers, with its steps.
Constant from_codes(OnnxNode& node, const Constant& codes, const Quantization& grid);

/// q of a constant.
Constant to_code_constant(OnnxNode& node, const Constant& values, const Quantization& grid);

/// Operand k, which is computed, as values of `grid`: it holds integers of that grid in the file,
/// or such that are taken for them. Returns the layer that gives the values.
int source_on_grid(OnnxNode& node, int k, const Quantization& grid);

/// Rounds what layer `from` gives to the grid and names the result the node's output, integers of
/// that grid in the file.
void emit_quantized(OnnxNode& node, int from, const Quantization& grid);

/// Narrows the integers that operand 0 holds to low .. high; false where it holds none.
bool clip_codes(OnnxNode& node, float low, float high);

/// Operand 0, integers in the file, as numbers.
void emit_code_values(OnnxNode& node);

}  // namespace memspice::network
