// Activations, and batch normalisation in inference form.

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

template <typename Function>
void each(Tensor& y, const Function& function) {
  for (float& v : y.data) v = function(v);
}

/// In place, each value alone: one loop per kind, which a compiler can vectorise.
void activate_each(const Activation& a, Tensor& y) {
  const float alpha = a.alpha, beta = a.beta;
  switch (a.kind) {
    case Activation::Kind::Relu:
      return each(y, [](float v) { return std::max(v, 0.0F); });
    case Activation::Kind::LeakyRelu:
      return each(y, [=](float v) { return v < 0.0F ? alpha * v : v; });
    case Activation::Kind::Sigmoid:
      return each(y, sigmoid);
    case Activation::Kind::Tanh:
      return each(y, [](float v) { return std::tanh(v); });
    case Activation::Kind::HardSigmoid:
      return each(y, [=](float v) { return std::clamp(alpha * v + beta, 0.0F, 1.0F); });
    case Activation::Kind::HardSwish:
      return each(y, [](float v) { return v * std::clamp(v / 6.0F + 0.5F, 0.0F, 1.0F); });
    case Activation::Kind::Clip:
      return each(y, [=](float v) { return std::clamp(v, alpha, beta); });
    case Activation::Kind::ClRelu:
    case Activation::Kind::ZRelu:
    case Activation::Kind::ModRelu:
    case Activation::Kind::Softmax:
    case Activation::Kind::LogSoftmax:
      break;  // need more than one value: see activate_complex and activate_along_axis
  }
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

/// Values that lie `stride` apart.
struct Strided {
  float* first;
  std::int64_t count, stride;

  float& operator[](std::int64_t k) const { return first[k * stride]; }
  float largest() const {
    float found = first[0];
    for (std::int64_t k = 1; k < count; ++k) found = std::max(found, (*this)[k]);
    return found;
  }
};

/// In place; shifted by the largest, so that exp stays in range.
void softmax(const Strided& values) {
  const float largest = values.largest();
  double sum = 0.0;
  for (std::int64_t k = 0; k < values.count; ++k) {
    values[k] = std::exp(values[k] - largest);
    sum += static_cast<double>(values[k]);
  }
  const auto inverse = static_cast<float>(1.0 / sum);
  for (std::int64_t k = 0; k < values.count; ++k) values[k] *= inverse;
}

/// In place: y = x - log(sum exp x), which stays finite where softmax itself rounds to 0.
void log_softmax(const Strided& values) {
  const float largest = values.largest();
  double sum = 0.0;
  for (std::int64_t k = 0; k < values.count; ++k) {
    sum += static_cast<double>(std::exp(values[k] - largest));
  }
  const auto logarithm = static_cast<float>(std::log(sum));
  for (std::int64_t k = 0; k < values.count; ++k) values[k] = values[k] - largest - logarithm;
}

void activate_along_axis(const Activation& a, Tensor& y) {
  const auto axis = static_cast<std::size_t>(normal_axis(a.axis, y.shape.size(), "softmax"));
  const std::int64_t inner = stride_of(y.shape, axis);
  const auto length = y.shape[axis];
  for (std::int64_t k = 0; k < y.size() / length; ++k) {
    const Strided values{y.data.data() + (k / inner) * length * inner + k % inner, length, inner};
    a.kind == Activation::Kind::Softmax ? softmax(values) : log_softmax(values);
  }
}

}  // namespace

Tensor apply(const Activation& activation, const Tensor& x, const Shape& /*out*/) {
  Tensor y = x;
  if (activation.is_along_axis()) {
    activate_along_axis(activation, y);
  } else if (activation.is_complex()) {
    activate_complex(activation, y);
  } else {
    activate_each(activation, y);
  }
  return y;
}

Tensor apply(const Function& function, const Tensor& x, const Shape& /*out*/) {
  Tensor y = x;
  function.entry->apply(y.data, function.parameters);
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

}  // namespace memspice::network
