// Constant folding: the arithmetic on shapes that exporters leave in a graph, and the transposes
// and reshapes of weights.

#include <algorithm>
#include <limits>

#include "base/error.hpp"
#include "network/apply.hpp"
#include "network/onnx_constant.hpp"
#include "network/shapes.hpp"

namespace memspice::network {
namespace {

std::vector<std::int64_t> strides_of(const Shape& shape) {
  std::vector<std::int64_t> strides(shape.size(), 1);
  for (std::size_t k = shape.size(); k-- > 1;) strides[k - 1] = strides[k] * shape[k];
  return strides;
}

/// A constant of shape `shape` whose element k is x's element `from(k)`.
template <typename From>
Constant pick(const Constant& x, Shape shape, const From& from) {
  const auto count = element_count(shape);
  Constant y{std::move(shape), {}};
  std::visit(
      [&](const auto& values) {
        std::decay_t<decltype(values)> picked(static_cast<std::size_t>(count));
        for (std::int64_t k = 0; k < count; ++k) {
          picked[static_cast<std::size_t>(k)] = values[static_cast<std::size_t>(from(k))];
        }
        y.values = std::move(picked);
      },
      x.values);
  return y;
}

std::int64_t combine_integers(Elementwise::Kind kind,
                              std::int64_t a,
                              std::int64_t b,
                              const std::string& place) {
  std::int64_t y = 0;
  bool overflow = false;
  switch (kind) {
    case Elementwise::Kind::Add:
      overflow = __builtin_add_overflow(a, b, &y);
      break;
    case Elementwise::Kind::Sub:
      overflow = __builtin_sub_overflow(a, b, &y);
      break;
    case Elementwise::Kind::Mul:
      overflow = __builtin_mul_overflow(a, b, &y);
      break;
    case Elementwise::Kind::Div:
      if (b == 0) reject_export(place, std::to_string(a) + " / 0", "divides an integer by zero");
      overflow = b == -1 && a == std::numeric_limits<std::int64_t>::min();
      if (!overflow) y = a / b;
      break;
    case Elementwise::Kind::Max:
      return std::max(a, b);
    case Elementwise::Kind::Min:
      return std::min(a, b);
    case Elementwise::Kind::Pow:
    case Elementwise::Kind::PRelu:
      reject_export(place, std::string(to_text(kind)), "is no arithmetic on shapes");
  }
  if (overflow)
    reject_export(place, std::to_string(a) + ", " + std::to_string(b), "overflows 64 bits");
  return y;
}

/// Axis `axis` of `shape` seen as outer x length x inner.
struct Axis {
  Axis(const Shape& shape, std::int64_t axis_as_given, const std::string& place)
      : index(static_cast<std::size_t>(normal_axis(axis_as_given, shape.size(), place))),
        length(shape[index]),
        inner(stride_of(shape, index)) {}
  std::size_t index;
  std::int64_t length;
  std::int64_t inner;
};

}  // namespace

Constant broadcast(const Constant& x, const Shape& shape) {
  Shape aligned = x.shape;
  aligned.insert(aligned.begin(), shape.size() - x.shape.size(), 1);
  auto strides = strides_of(aligned);
  for (std::size_t axis = 0; axis < shape.size(); ++axis) {
    if (aligned[axis] == 1) strides[axis] = 0;
  }
  return pick(x, shape, [&](std::int64_t k) {
    std::int64_t from = 0;
    for (std::size_t axis = shape.size(); axis-- > 0; k /= shape[axis]) {
      from += k % shape[axis] * strides[axis];
    }
    return from;
  });
}

Constant fold_elementwise(Elementwise::Kind kind,
                          const Constant& a,
                          const Constant& b,
                          const std::string& place) {
  const Shape shape = broadcast_shape(a.shape, b.shape, place);
  const auto count = element_count(shape);
  if (!a.is_integer() || !b.is_integer()) {
    Tensor y = combine(kind, a.to_tensor(), b.to_tensor(), shape);
    return {shape, std::move(y.data)};
  }
  if (count > (1 << 16))
    reject_export(place, to_text(shape), "integer arithmetic is on shapes only");
  const auto left = std::get<1>(broadcast(a, shape).values);
  const auto right = std::get<1>(broadcast(b, shape).values);
  std::vector<std::int64_t> values;
  for (std::size_t k = 0; k < left.size(); ++k) {
    values.push_back(combine_integers(kind, left[k], right[k], place));
  }
  return {shape, std::move(values)};
}

Constant fold_transpose(const Constant& x,
                        const std::vector<std::int64_t>& order,
                        const std::string& place) {
  const auto rank = x.shape.size();
  std::vector<std::int64_t> sorted = order;
  std::ranges::sort(sorted);
  bool is_permutation = order.size() == rank;
  for (std::size_t k = 0; is_permutation && k < rank; ++k) {
    is_permutation = sorted[k] == static_cast<std::int64_t>(k);
  }
  if (!is_permutation) reject_export(place, to_text(x.shape), "perm is no permutation of the axes");
  Shape shape;
  for (const auto axis : order) shape.push_back(x.shape[static_cast<std::size_t>(axis)]);
  const auto strides = strides_of(x.shape);
  Constant y = pick(x, shape, [&](std::int64_t k) {
    std::int64_t from = 0;
    for (std::size_t axis = rank; axis-- > 0; k /= shape[axis]) {
      from += k % shape[axis] * strides[static_cast<std::size_t>(order[axis])];
    }
    return from;
  });
  y.element_type = x.element_type;
  y.steps = x.steps;
  y.step_axis = static_cast<int>(std::ranges::find(order, x.step_axis) - order.begin());
  return y;
}

Constant fold_gather(const Constant& x,
                     const Constant& indices,
                     std::int64_t axis_as_given,
                     const std::string& place) {
  const Axis axis(x.shape, axis_as_given, place);
  if (!indices.is_integer()) reject_export(place, "float indices", "indices are integers");
  std::vector<std::int64_t> chosen = std::get<1>(indices.values);
  for (auto& index : chosen) {
    if (index < -axis.length || index >= axis.length) {
      reject_export(place, "index " + std::to_string(index), "lies outside the axis");
    }
    if (index < 0) index += axis.length;
  }
  const auto split = static_cast<std::ptrdiff_t>(axis.index);
  Shape shape(x.shape.begin(), x.shape.begin() + split);
  shape.insert(shape.end(), indices.shape.begin(), indices.shape.end());
  shape.insert(shape.end(), x.shape.begin() + split + 1, x.shape.end());
  const auto count = static_cast<std::int64_t>(chosen.size());
  return pick(x, shape, [&](std::int64_t k) {
    const auto outer = k / (count * axis.inner);
    const auto index = chosen[static_cast<std::size_t>(k / axis.inner % count)];
    return (outer * axis.length + index) * axis.inner + k % axis.inner;
  });
}

Constant fold_slice(const Constant& x, const SliceRange& range, const std::string& place) {
  const Axis axis(x.shape, range.axis, place);
  if (range.step == 0) reject_export(place, "step 0", "a slice moves");
  const bool forward = range.step > 0;
  const auto clamp = [&](std::int64_t v) {
    if (v < 0) v = std::max(v, -axis.length - 1) + axis.length;
    return std::clamp(
        v, forward ? std::int64_t{0} : std::int64_t{-1}, forward ? axis.length : axis.length - 1);
  };
  const auto start = clamp(range.start);
  // -1 as a normalised end of a backward slice means "past the first element".
  const auto end = clamp(range.end);
  std::vector<std::int64_t> chosen;
  const auto step = std::clamp(range.step, -axis.length - 1, axis.length + 1);
  for (auto k = start; forward ? k < end : k > end; k += step) chosen.push_back(k);
  return fold_gather(x, integers_constant(std::move(chosen)), range.axis, place);
}

Constant fold_concatenation(const std::vector<const Constant*>& parts,
                            std::int64_t axis_as_given,
                            const std::string& place) {
  std::vector<Shape> shapes;
  for (const Constant* part : parts) shapes.push_back(part->shape);
  const Concatenation operation{static_cast<int>(axis_as_given)};
  const Shape shape = infer_shape(operation, shapes, place);
  const bool integers = std::ranges::all_of(parts, [](auto* p) { return p->is_integer(); });
  if (!integers || shape.size() != 1) {
    std::vector<Tensor> tensors;
    std::vector<const Tensor*> pointers;
    for (const Constant* part : parts) tensors.push_back(part->to_tensor());
    for (const Tensor& tensor : tensors) pointers.push_back(&tensor);
    return {shape, concatenate(operation.axis, pointers, shape).data};
  }
  std::vector<std::int64_t> values;
  for (const Constant* part : parts) {
    const auto& more = std::get<1>(part->values);
    values.insert(values.end(), more.begin(), more.end());
  }
  return {shape, std::move(values)};
}

}  // namespace memspice::network
