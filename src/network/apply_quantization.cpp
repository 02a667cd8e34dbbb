#include <algorithm>
#include <cmath>

#include "network/apply.hpp"
#include "network/shapes.hpp"

namespace memspice::network {
namespace {

float half_toward_zero(float v) {
  const float size = std::abs(v);
  return std::copysign(std::ceil(size - 0.5F), v);
}

float round_so(Quantization::Rounding rounding, float v) {
  switch (rounding) {
    case Quantization::Rounding::HalfEven:
      return std::nearbyint(v);
    case Quantization::Rounding::HalfAwayFromZero:
      return std::round(v);
    case Quantization::Rounding::HalfTowardZero:
      return half_toward_zero(v);
    case Quantization::Rounding::Up:
      return std::ceil(v);
    case Quantization::Rounding::Down:
      return std::floor(v);
    case Quantization::Rounding::AwayFromZero:
      return std::copysign(std::ceil(std::abs(v)), v);
    case Quantization::Rounding::TowardZero:
      return std::trunc(v);
    case Quantization::Rounding::Sign:
      return v >= 0.0F ? 1.0F : -1.0F;
  }
  return v;
}

/// Replaces each value v by step(v, scale, zero_point) of its index of the axis.
template <typename Step>
Tensor each_value(const Quantization& q, const Tensor& x, const Step& step) {
  Tensor y = x;
  const std::size_t channels = q.scale.data.size();
  std::size_t inner = 1;
  if (channels > 1) {
    const int axis = normal_axis(q.axis, x.shape.size(), "quantization");
    inner = static_cast<std::size_t>(stride_of(x.shape, static_cast<std::size_t>(axis)));
  }
  for (std::size_t k = 0; k < y.data.size(); ++k) {
    const std::size_t c = k / inner % channels;
    y.data[k] = step(y.data[k], q.scale.data[c], q.zero_point.data[c]);
  }
  return y;
}

float code_of(const Quantization& q, float v, float scale, float zero_point) {
  return std::clamp(round_so(q.rounding, v / scale) + zero_point, q.low, q.high);
}

}  // namespace

bool is_same_grid(const Quantization& a, const Quantization& b) {
  return a.scale.data == b.scale.data && a.zero_point.data == b.zero_point.data &&
         (a.scale.size() == 1 || a.axis == b.axis);
}

Tensor to_codes(const Quantization& quantization, const Tensor& x) {
  return each_value(quantization, x, [&](float v, float scale, float zero_point) {
    return code_of(quantization, v, scale, zero_point);
  });
}

Tensor apply(const Quantization& quantization, const Tensor& x, const Shape& /*out*/) {
  return each_value(quantization, x, [&](float v, float scale, float zero_point) {
    return scale * (code_of(quantization, v, scale, zero_point) - zero_point);
  });
}

}  // namespace memspice::network
