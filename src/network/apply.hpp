#pragma once
// The reference arithmetic of each operation, float32. Shapes are checked before these are called.

#include <span>

#include "network/layer.hpp"

namespace memspice::network {

Tensor apply(const Convolution& convolution, const Tensor& x, const Shape& out);
Tensor apply(const Deconvolution& deconvolution, const Tensor& x, const Shape& out);
Tensor apply(const FullyConnected& layer, const Tensor& x, const Shape& out);
Tensor apply(const Activation& activation, const Tensor& x, const Shape& out);
Tensor apply(const Pooling& pooling, const Tensor& x, const Shape& out);
Tensor apply(const GlobalAverage& average, const Tensor& x, const Shape& out);
Tensor apply(const BatchNormalization& normalization, const Tensor& x, const Shape& out);
Tensor apply(const Reshape& reshape, const Tensor& x, const Shape& out);
Tensor apply(const Function& function, const Tensor& x, const Shape& out);
Tensor apply(const Transposition& transposition, const Tensor& x, const Shape& out);
Tensor apply(const Selection& selection, const Tensor& x, const Shape& out);
Tensor apply(const Reduction& reduction, const Tensor& x, const Shape& out);
Tensor apply(const Standardization& standardization, const Tensor& x, const Shape& out);
Tensor apply(const LocalResponse& response, const Tensor& x, const Shape& out);
Tensor apply(const Resize& resize, const Tensor& x, const Shape& out);
Tensor apply(const Quantization& quantization, const Tensor& x, const Shape& out);

/// The integers q of a tensor that is quantized so, as floats.
Tensor to_codes(const Quantization& quantization, const Tensor& x);

/// NumPy broadcasting; y = a (kind) b.
Tensor combine(Elementwise::Kind kind, const Tensor& a, const Tensor& b, const Shape& out);

/// Matrix products along the last two axes, the axes before as NumPy broadcasts them.
Tensor multiply(const Tensor& a, const Tensor& b, const Shape& out);

Tensor concatenate(int axis, std::span<const Tensor* const> inputs, const Shape& out);

}  // namespace memspice::network
