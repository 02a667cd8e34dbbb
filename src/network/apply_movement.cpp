// What only moves values: transpositions and selections.

#include <algorithm>

#include "network/apply.hpp"
#include "network/shapes.hpp"

namespace memspice::network {
namespace {

/// Steps through the input for each axis of the result; a new axis has length 1 and no step.
std::vector<std::int64_t> steps_of(const Transposition& transposition, const Shape& input) {
  std::vector<std::int64_t> steps;
  for (const int axis : transposition.axes) {
    steps.push_back(axis < 0 ? 0 : stride_of(input, static_cast<std::size_t>(axis)));
  }
  return steps;
}

}  // namespace

Tensor apply(const Transposition& transposition, const Tensor& x, const Shape& out) {
  Tensor y(out);
  const auto steps = steps_of(transposition, x.shape);
  std::vector<std::int64_t> index(out.size(), 0);
  std::int64_t from = 0;
  const auto length = out.back();
  for (float* row = y.data.data(); row != y.data.data() + y.size(); row += length) {
    for (std::int64_t k = 0; k < length; ++k) {
      row[k] = x.data[static_cast<std::size_t>(from + k * steps.back())];
    }
    for (std::size_t axis = out.size() - 1; axis-- > 0;) {
      from += steps[axis];
      if (++index[axis] < out[axis]) break;
      from -= steps[axis] * out[axis];
      index[axis] = 0;
    }
  }
  return y;
}

Tensor apply(const Selection& selection, const Tensor& x, const Shape& out) {
  Tensor y(out);
  const auto images = static_cast<std::size_t>(x.shape[0]);
  const std::size_t image = x.data.size() / images;
  float* to = y.data.data();
  for (std::size_t n = 0; n < images; ++n) {
    const float* values = x.data.data() + n * image;
    for (const std::int32_t from : selection.from) *to++ = from < 0 ? selection.fill : values[from];
  }
  return y;
}

}  // namespace memspice::network
