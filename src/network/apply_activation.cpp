// Activations, batch normalisation in inference form, nearest-neighbour resize.

#include <algorithm>
#include <cmath>

#include "network/apply.hpp"
#include "network/shapes.hpp"

namespace memspice::network {
namespace {

float sigmoid(float v) {
  // Both branches keep exp's argument negative: no overflow.
  if (v >= 0.0F) return 1.0F / (1.0F + std::exp(-v));
  const float e = std::exp(v);
  return e / (1.0F + e);
}

float activate(const Activation& a, float v) {
  switch (a.kind) {
    case Activation::Kind::Relu:
      return std::max(v, 0.0F);
    case Activation::Kind::LeakyRelu:
      return v < 0.0F ? a.alpha * v : v;
    case Activation::Kind::Sigmoid:
      return sigmoid(v);
    case Activation::Kind::Tanh:
      return std::tanh(v);
    case Activation::Kind::HardSigmoid:
      return std::clamp(a.alpha * v + a.beta, 0.0F, 1.0F);
    case Activation::Kind::HardSwish:
      return v * std::clamp(v / 6.0F + 0.5F, 0.0F, 1.0F);
    case Activation::Kind::Clip:
      return std::clamp(v, a.alpha, a.beta);
    case Activation::Kind::ClRelu:
    case Activation::Kind::ZRelu:
    case Activation::Kind::ModRelu:
    case Activation::Kind::Softmax:
      break;  // need more than one value: see activate_complex and softmax
  }
  return v;
}

bool is_complex(Activation::Kind kind) {
  return kind == Activation::Kind::ClRelu || kind == Activation::Kind::ZRelu ||
         kind == Activation::Kind::ModRelu;
}

/// What z is multiplied by.
float complex_factor(const Activation& a, float re, float im) {
  if (a.kind == Activation::Kind::ClRelu) return re > 0.0F || im > 0.0F ? 1.0F : a.alpha;
  if (a.kind == Activation::Kind::ZRelu) return re > 0.0F && im > 0.0F ? 1.0F : 0.0F;
  const float size = std::hypot(re, im);
  return size > 0.0F ? std::max(size + a.alpha, 0.0F) / size : 0.0F;
}

/// In place: channels 2k and 2k + 1 are Re and Im.
void activate_complex(const Activation& a, Tensor& y) {
  std::int64_t plane = 1;
  for (std::size_t axis = 2; axis < y.shape.size(); ++axis) plane *= y.shape[axis];
  for (std::int64_t first = 0; first < y.size(); first += 2 * plane) {
    float* re = y.data.data() + first;
    float* im = re + plane;
    for (std::int64_t k = 0; k < plane; ++k) {
      const float factor = complex_factor(a, re[k], im[k]);
      re[k] *= factor;
      im[k] *= factor;
    }
  }
}

/// In place over `count` values that lie `stride` apart; shifted by the largest, so that exp stays
/// in range.
void softmax(float* values, std::int64_t count, std::int64_t stride) {
  float largest = values[0];
  for (std::int64_t k = 1; k < count; ++k) largest = std::max(largest, values[k * stride]);
  double sum = 0.0;
  for (std::int64_t k = 0; k < count; ++k) {
    float& v = values[k * stride];
    v = std::exp(v - largest);
    sum += static_cast<double>(v);
  }
  const auto inverse = static_cast<float>(1.0 / sum);
  for (std::int64_t k = 0; k < count; ++k) values[k * stride] *= inverse;
}

void softmax_over(Tensor& y, int axis_as_given) {
  const auto axis = static_cast<std::size_t>(normal_axis(axis_as_given, y.shape.size(), "softmax"));
  std::int64_t inner = 1;
  for (std::size_t k = axis + 1; k < y.shape.size(); ++k) inner *= y.shape[k];
  const auto length = y.shape[axis];
  for (std::int64_t k = 0; k < y.size() / length; ++k) {
    softmax(y.data.data() + (k / inner) * length * inner + k % inner, length, inner);
  }
}

double original_coordinate(
    const Resize& r, double position, double n_in, double n_out, double scale) {
  if (r.coordinates == "half_pixel") return (position + 0.5) / scale - 0.5;
  if (r.coordinates == "pytorch_half_pixel") {
    return n_out > 1.0 ? (position + 0.5) / scale - 0.5 : 0.0;
  }
  if (r.coordinates == "tf_half_pixel_for_nn") return (position + 0.5) / scale;
  if (r.coordinates == "align_corners") {
    return n_out > 1.0 ? position * (n_in - 1.0) / (n_out - 1.0) : 0.0;
  }
  return position / scale;
}

double rounded(const std::string& rounding, double x) {
  if (rounding == "ceil") return std::ceil(x);
  if (rounding == "round_prefer_floor") return std::ceil(x - 0.5);
  if (rounding == "round_prefer_ceil") return std::floor(x + 0.5);
  return std::floor(x);
}

/// The input pixel that each output pixel along one axis copies.
std::vector<std::int64_t> nearest_pixels(const Resize& r,
                                         std::size_t axis,
                                         std::int64_t n_in,
                                         std::int64_t n_out) {
  const auto length_in = static_cast<double>(n_in);
  const auto length_out = static_cast<double>(n_out);
  const double scale =
      r.size[axis] > 0 ? length_out / length_in : static_cast<double>(r.scale[axis]);
  std::vector<std::int64_t> pixels;
  for (std::int64_t k = 0; k < n_out; ++k) {
    const double x = original_coordinate(r, static_cast<double>(k), length_in, length_out, scale);
    const double pixel = std::clamp(rounded(r.rounding, x), 0.0, length_in - 1.0);
    pixels.push_back(static_cast<std::int64_t>(pixel));
  }
  return pixels;
}

}  // namespace

Tensor apply(const Activation& activation, const Tensor& x, const Shape& /*out*/) {
  Tensor y = x;
  if (activation.kind == Activation::Kind::Softmax) {
    softmax_over(y, activation.axis);
    return y;
  }
  if (is_complex(activation.kind)) {
    activate_complex(activation, y);
    return y;
  }
  for (float& v : y.data) v = activate(activation, v);
  return y;
}

Tensor apply(const BatchNormalization& normalization, const Tensor& x, const Shape& out) {
  Tensor y = x;
  const auto channels = static_cast<std::size_t>(out[1]);
  const auto plane = y.data.size() / (static_cast<std::size_t>(out[0]) * channels);
  for (std::size_t k = 0; k < y.data.size(); ++k) {
    const std::size_t c = (k / plane) % channels;
    y.data[k] = normalization.scale.data[c] * y.data[k] + normalization.shift.data[c];
  }
  return y;
}

Tensor apply(const Resize& resize, const Tensor& x, const Shape& out) {
  Tensor y(out);
  const auto rows = nearest_pixels(resize, 0, x.shape[2], out[2]);
  const auto columns = nearest_pixels(resize, 1, x.shape[3], out[3]);
  float* to = y.data.data();
  for (std::int64_t k = 0; k < out[0] * out[1]; ++k) {
    const float* plane = x.data.data() + k * x.shape[2] * x.shape[3];
    for (const auto row : rows) {
      for (const auto column : columns) *to++ = plane[row * x.shape[3] + column];
    }
  }
  return y;
}

}  // namespace memspice::network
