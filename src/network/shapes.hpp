#pragma once
// Which output shape an operation gives, and what has to hold for its operands.

#include <array>
#include <cstdint>
#include <span>
#include <string>

#include "network/layer.hpp"

namespace memspice::network {

/// The output shape of `operation` on inputs of these shapes (any batch). Throws InputError with
/// `place` when the operands, weights and geometry do not fit each other.
Shape infer_shape(const Operation& operation,
                  std::span<const Shape> inputs,
                  const std::string& place);

/// Throws InputError when `operation` would mix images of a batch: a concatenation, mean or softmax
/// over axis 0, a constant with a batch axis of its own, operands of different rank.
void require_batch_safe(const Operation& operation,
                        std::span<const Shape> inputs,
                        const std::string& place);

/// Rejects a grid whose scales are not above 0, or neither one nor one for each index of its axis.
void require_grid(const Quantization& grid, const Shape& shape, const std::string& place);

/// Throws InputError when a weight, bias or constant of `operation` is NaN or infinite.
void require_finite(const Operation& operation, const std::string& place);

/// Throws InputError: what an exported network holds does not fit.
[[noreturn]] void reject_export(const std::string& place,
                                const std::string& value,
                                const std::string& rule);

// ---- operations of several operands (infer_joined_shape.cpp); all throw as infer_shape does
Shape joined_shape(const Concatenation& c, std::span<const Shape> inputs, const std::string& place);
Shape state_shape(const Recurrence& r, std::span<const Shape> inputs, const std::string& place);
Shape product_shape(std::span<const Shape> inputs, const std::string& place);  ///< MatrixProduct

/// Shape of NumPy broadcasting; throws InputError with `place` when the shapes do not fit.
Shape broadcast_shape(const Shape& a, const Shape& b, const std::string& place);

/// `shape` with its 0 and -1 entries filled in for an input of shape `input` (see Reshape).
Shape resolve_reshape(const Reshape& reshape, const Shape& input, const std::string& place);

/// `axis` (negative: from the end) in 0 .. rank-1; throws InputError with `place` otherwise.
int normal_axis(std::int64_t axis, std::size_t rank, const std::string& place);

}  // namespace memspice::network
