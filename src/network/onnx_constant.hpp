#pragma once
// Constants of an ONNX file: weights, and the shape arithmetic that exporters leave in a graph.

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "network/layer.hpp"

namespace onnx {
class TensorProto;
}

namespace memspice::network {

/// A tensor known on import. Floating types are held as float, integers and booleans as 64 bits.
struct Constant {
  Shape shape;
  std::variant<std::vector<float>, std::vector<std::int64_t>> values;
  int element_type = 0;  ///< that the file states (onnx_element.hpp); 0: made on import
  /// What the values are whole multiples of, one step or one per index of `step_axis`, as integers
  /// of few bits times their scale are; empty: none known.
  std::vector<float> steps = {};
  int step_axis = 0;

  bool is_integer() const noexcept { return values.index() == 1; }
  std::int64_t count() const noexcept;
  Tensor to_tensor() const;  ///< integers converted
};

/// Reads every type of onnx_element.hpp from raw or typed data. Throws InputError with `place` for
/// external data, other types and data that does not fit the shape.
Constant read_constant(const onnx::TensorProto& tensor, const std::string& place);

/// The bytes that a tensor of this type and shape takes as raw data. Throws InputError with `place`
/// for types that are not read and for a shape too large.
std::int64_t raw_bytes(const onnx::TensorProto& tensor, const std::string& place);

Constant integers_constant(std::vector<std::int64_t> values);  ///< 1-D

// ---- constant folding; all throw InputError with `place` when shapes do not fit
// -------------------

/// `x` repeated to a shape that it broadcasts to.
Constant broadcast(const Constant& x, const Shape& shape);
Constant fold_elementwise(Elementwise::Kind kind,
                          const Constant& a,
                          const Constant& b,
                          const std::string& place);
Constant fold_transpose(const Constant& x,
                        const std::vector<std::int64_t>& order,
                        const std::string& place);
Constant fold_gather(const Constant& x,
                     const Constant& indices,
                     std::int64_t axis,
                     const std::string& place);

/// start .. end in `step`s along one axis, as ONNX Slice clamps them.
struct SliceRange {
  std::int64_t axis, start, end, step;
};
Constant fold_slice(const Constant& x, const SliceRange& range, const std::string& place);
Constant fold_concatenation(const std::vector<const Constant*>& parts,
                            std::int64_t axis,
                            const std::string& place);

}  // namespace memspice::network
