#pragma once
// Uniform mid-tread quantizers: DAC before the word lines, ADC behind the bit lines.
//
//   unsigned:  q = range / (2^b - 1),        code in 0 .. 2^b - 1
//   signed:    q = range / (2^(b-1) - 1),    code in -(2^(b-1) - 1) .. 2^(b-1) - 1

#include <span>

namespace memspice::mapping {

struct Converter {
  int bits = 0;        ///< 0: ideal, neither rounds nor clips
  double range = 1.0;  ///< full scale, > 0, in the converter's unit
  bool is_signed = false;

  int steps() const noexcept;   ///< codes above zero; 0 for an ideal converter
  int lowest() const noexcept;  ///< code
  /// An LSB times `scale`. Precondition: not ideal.
  float step(float scale = 1.0F) const noexcept;
  double apply(double value) const noexcept;
  /// values <- scale * apply(values), in place.
  void apply(std::span<float> values, float scale = 1.0F) const noexcept;
};

}  // namespace memspice::mapping
