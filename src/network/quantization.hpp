#pragma once
// Values as integers of few bits carry them, as networks trained for such integers round them.
//
//   q = clamp(round(x / scale) + zero_point, low, high),   y = scale (q - zero_point)

#include "network/tensor.hpp"

namespace memspice::network {

struct Quantization {
  /// Of x / scale to a whole number; Sign instead gives 1 from zero on and -1 below.
  enum class Rounding {
    HalfEven,
    HalfAwayFromZero,
    HalfTowardZero,
    Up,
    Down,
    AwayFromZero,
    TowardZero,
    Sign
  };
  Tensor scale;       ///< above 0; one value, or one per index of `axis`
  Tensor zero_point;  ///< whole numbers, as many as scales
  float low = 0.0F;   ///< of q
  float high = 255.0F;
  int axis = 1;
  Rounding rounding = Rounding::HalfEven;
};

/// Whether an integer stands for the same value in both.
bool is_same_grid(const Quantization& a, const Quantization& b);

}  // namespace memspice::network
