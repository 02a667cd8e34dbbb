#include "network/onnx_operators_quantized.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include "network/apply.hpp"
#include "network/onnx_grid.hpp"
#include "network/shapes.hpp"

namespace memspice::network {
namespace {

constexpr int kMostBits = 24;  // float32 counts no further

struct RoundingName {
  std::string_view name;
  Quantization::Rounding rounding;
};

constexpr std::array kRoundings{
    RoundingName{"ROUND", Quantization::Rounding::HalfEven},
    RoundingName{"HALF_EVEN", Quantization::Rounding::HalfEven},
    RoundingName{"HALF_UP", Quantization::Rounding::HalfAwayFromZero},
    RoundingName{"HALF_DOWN", Quantization::Rounding::HalfTowardZero},
    RoundingName{"CEIL", Quantization::Rounding::Up},
    RoundingName{"FLOOR", Quantization::Rounding::Down},
    RoundingName{"UP", Quantization::Rounding::AwayFromZero},
    RoundingName{"DOWN", Quantization::Rounding::TowardZero},
    RoundingName{"ROUND_TO_ZERO", Quantization::Rounding::TowardZero},
};

Quantization::Rounding rounding_of(OnnxNode& node) {
  const std::string name = node.text("rounding_mode", "ROUND");
  const auto* found = std::ranges::find(kRoundings, std::string_view(name), &RoundingName::name);
  if (found == kRoundings.end()) node.reject("rounding_mode " + name, "is no known rounding");
  return found->rounding;
}

/// Scales of QONNX broadcast: one value, or a list along one axis. Sets the axis.
Tensor broadcast_scale(OnnxNode& node, int k, Quantization& grid) {
  Tensor scale = node.constant(k).to_tensor();
  const std::size_t rank = node.shape(0).size();
  int lists = 0;
  for (std::size_t axis = 0; axis < scale.shape.size(); ++axis) {
    if (scale.shape[axis] == 1) continue;
    ++lists;
    grid.axis = static_cast<int>(rank - scale.shape.size() + axis);
  }
  if (scale.shape.size() > rank || lists > 1 || scale.size() == 0) {
    node.reject("scale " + to_text(scale.shape),
                "is one value, or one for each index of an axis",
                "export the network quantized per tensor or per channel");
  }
  scale.shape = {scale.size()};
  return scale;
}

int bit_width(OnnxNode& node) {
  const float bits = node.scalar(3);
  if (bits >= 1.0F && bits <= static_cast<float>(kMostBits) && bits == std::trunc(bits)) {
    return static_cast<int>(bits);
  }
  node.reject("bit_width " + std::to_string(bits),
              "is a whole number, 1 to " + std::to_string(kMostBits));
}

void set_range(OnnxNode& node, Quantization& grid) {
  const int bits = bit_width(node);
  const bool is_signed = node.integer("signed", 1) != 0;
  const bool is_narrow = node.integer("narrow", 0) != 0;
  grid.rounding = rounding_of(node);
  if (is_signed && bits == 1) {
    grid.rounding = Quantization::Rounding::Sign;
    grid.low = -1.0F;
    grid.high = 1.0F;
    return;
  }
  const auto codes = static_cast<float>(1 << (is_signed ? bits - 1 : bits));
  grid.low = is_signed ? -codes : 0.0F;
  grid.high = codes - 1.0F;
  if (is_narrow && is_signed) grid.low += 1.0F;
  if (is_narrow && !is_signed) grid.high -= 1.0F;
}

/// A constant is rounded on import and keeps its steps.
void emit_rounded(OnnxNode& node, const Quantization& grid) {
  if (!node.is_constant(0)) {
    node.emit(grid);
    return;
  }
  node.emit(from_codes(node, to_code_constant(node, node.constant(0), grid), grid));
}

/// Block by block along the axis, as weights of few bits are: a scale for `size` indices each.
Constant from_blocks(OnnxNode& node, std::int64_t size, int axis) {
  const Constant& codes = node.constant(0);
  const Tensor scale = node.constant(1).to_tensor();
  const Tensor zero = node.has_input(2) ? node.constant(2).to_tensor() : Tensor(scale.shape);
  const auto place = static_cast<std::size_t>(axis);
  Shape blocks = codes.shape;
  blocks[place] = (blocks[place] + size - 1) / size;
  if (scale.shape != blocks || zero.shape != blocks || !codes.is_integer()) {
    node.reject("scales " + to_text(scale.shape) + " for " + to_text(codes.shape),
                "there is a scale for each block of " + std::to_string(size));
  }
  node.require_room(codes.count());
  const auto inner = static_cast<std::size_t>(stride_of(blocks, place));
  const auto length = static_cast<std::size_t>(codes.shape[place]);
  std::vector<float> values;
  for (std::size_t k = 0; k < static_cast<std::size_t>(codes.count()); ++k) {
    const std::size_t block = k / inner % length / static_cast<std::size_t>(size);
    const std::size_t from =
        (k / inner / length * static_cast<std::size_t>(blocks[place]) + block) * inner + k % inner;
    values.push_back(scale.data[from] *
                     (static_cast<float>(std::get<1>(codes.values)[k]) - zero.data[from]));
  }
  return {codes.shape, std::move(values)};
}

Quantization linear_grid(OnnxNode& node) {
  for (const char* name : {"saturate", "precision"}) node.ignore_attribute(name);
  return read_grid(node,
                   {.axis = static_cast<int>(node.integer("axis", 1)),
                    .element_type = static_cast<int>(node.integer("output_dtype", 0))},
                   node.shape(0).size());
}

}  // namespace

void read_quantize_linear(OnnxNode& node) {
  if (node.integer("block_size", 0) != 0) {
    node.reject("block_size",
                "a tensor that is quantized block by block has no one grid",
                "export the network quantized per tensor or per channel");
  }
  const auto zeros = node.take_padding();  // zero is on every grid: it may be put around later
  const Quantization grid = linear_grid(node);
  if (node.is_constant(0)) return node.emit(to_code_constant(node, node.constant(0), grid));
  emit_quantized(node, node.source(0), grid);
  node.mark_padding(zeros);
}

void read_dequantize_linear(OnnxNode& node) {
  const std::int64_t block = node.integer("block_size", 0);
  if (block > 0 && node.is_constant(0)) {
    const std::size_t rank = node.shape(0).size();
    return node.emit(
        from_blocks(node, block, normal_axis(node.integer("axis", 1), rank, node.place())));
  }
  const auto zeros = node.take_padding();
  // The range does not matter here: the integers are there already.
  const Quantization grid = linear_grid(node);
  if (node.is_constant(0)) return node.emit(from_codes(node, node.constant(0), grid));
  if (source_on_grid(node, 0, grid) == node.source(0)) return node.forward_values(0);
  if (zeros != std::array<int, 4>{}) {
    node.reject("another scale or zero point", "turns the zeros around an image into others");
  }
}

void read_dynamic_quantize_linear(OnnxNode& node) {
  node.reject("a scale computed from the data",
              "each batch of images would have a grid of its own, which a converter has not",
              "quantize the network statically, with calibration data, in the QDQ form");
}

void read_quant(OnnxNode& node) {
  Quantization grid;
  grid.scale = broadcast_scale(node, 1, grid);
  const float zero = node.scalar(2);
  if (zero != std::trunc(zero)) {
    node.reject("zero point " + std::to_string(zero), "is a whole number");
  }
  grid.zero_point = Tensor(grid.scale.shape, zero);
  set_range(node, grid);
  emit_rounded(node, grid);
}

void read_bipolar_quant(OnnxNode& node) {
  Quantization grid;
  grid.scale = broadcast_scale(node, 1, grid);
  grid.zero_point = Tensor(grid.scale.shape);
  grid.rounding = Quantization::Rounding::Sign;
  grid.low = -1.0F;
  grid.high = 1.0F;
  emit_rounded(node, grid);
}

}  // namespace memspice::network
