#pragma once
// Operations that stay digital: no crossbar or circuit computes them, and no cost model prices
// them.

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "network/tensor.hpp"

namespace memspice::network {

/// Resize of the last two axes (ONNX Resize-13). mode: nearest | linear | cubic; coordinates:
/// asymmetric | half_pixel | pytorch_half_pixel | tf_half_pixel_for_nn | align_corners; rounding:
/// floor | ceil | round_prefer_floor | round_prefer_ceil.
struct Resize {
  std::array<float, 2> scale{1.0F, 1.0F};  ///< output over input, height and width
  std::array<std::int64_t, 2> size{0, 0};  ///< output height and width; 0: floor(input * scale)
  std::string coordinates = "asymmetric";
  std::string rounding = "floor";  ///< nearest
  std::string mode = "nearest";
  float cubic_slope = -0.75F;    ///< cubic: of the interpolating function at distance 1
  bool exclude_outside = false;  ///< linear, cubic: pixels outside the image have no weight
};

/// A line of the table of functions (function.cpp), which is all that one of them needs.
struct FunctionEntry {
  struct Parameter {
    std::string_view name = {};  ///< of the ONNX attribute; empty: the function has none
    float otherwise = 0.0F;
  };
  std::string_view name;  ///< of the ONNX operator
  /// In place; `parameters` in the order below.
  void (*apply)(std::span<float> values, const std::array<float, 2>& parameters);
  std::array<Parameter, 2> parameters = {};
};
/// The line of an ONNX operator; null for one that is none of these functions.
const FunctionEntry* find_function(std::string_view name) noexcept;
std::vector<std::string_view> function_names();

/// A function of each value alone.
struct Function {
  const FunctionEntry* entry = nullptr;
  std::array<float, 2> parameters{};
};

/// Axis i of the result is axis `axes[i]` of the input; -1: a new one of length 1. Axes that are
/// left out have length 1.
struct Transposition {
  std::vector<int> axes;  ///< the first is 0: the batch stays in front
};

/// Value k of an image of the result is value `from[k]` of the input's image; -1: `fill`.
struct Selection {
  Shape shape;  ///< of the result for a batch of 1
  std::vector<std::int32_t> from;
  float fill = 0.0F;
};

/// A line of the table of reductions (apply_reduction.cpp).
struct ReductionEntry {
  std::string_view name;  ///< of the ONNX operator
  double (*apply)(std::span<const float> values);
};
/// The line of an ONNX operator; null for one that is no reduction.
const ReductionEntry* find_reduction(std::string_view name) noexcept;
std::vector<std::string_view> reduction_names();

/// One value for all along some axes; means are a GlobalAverage.
struct Reduction {
  const ReductionEntry* entry = nullptr;
  std::vector<int> axes;
  bool keep_dimensions = true;
};

/// y = (x - mean) / sqrt(variance + epsilon) over all of `axes` together, image by image; what the
/// normalisations of layers, instances and groups begin with.
struct Standardization {
  std::vector<int> axes;
  double epsilon = 1e-5;
};

/// y = x / (bias + alpha / size * sum x^2 over `size` neighbouring channels)^beta (Krizhevsky 2012,
/// section 3.3, as ONNX LRN has it).
struct LocalResponse {
  float alpha = 1e-4F, beta = 0.75F, bias = 1.0F;
  int size = 1;
};

/// y = a b of two computed tensors, a matrix product along their last two axes; the axes before
/// broadcast as NumPy has it.
struct MatrixProduct {};

}  // namespace memspice::network
