#include "network/shapes.hpp"

#include <algorithm>

#include "base/error.hpp"

namespace memspice::network {
namespace {

Shape flattened(const Shape& input, int axis, const std::string& place) {
  const auto rank = input.size();
  const auto split = axis == static_cast<int>(rank)
                         ? rank
                         : static_cast<std::size_t>(normal_axis(axis, rank, place));
  const Shape front(input.begin(), input.begin() + static_cast<std::ptrdiff_t>(split));
  const Shape back(input.begin() + static_cast<std::ptrdiff_t>(split), input.end());
  return {element_count(front), element_count(back)};
}

}  // namespace

void reject_export(const std::string& place, const std::string& value, const std::string& rule) {
  throw InputError({.place = place,
                    .value = value,
                    .rule = rule,
                    .remedy = "check the exported network and its input shape"});
}

Shape broadcast_shape(const Shape& a, const Shape& b, const std::string& place) {
  Shape shape(std::max(a.size(), b.size()), 1);
  for (std::size_t back = 1; back <= shape.size(); ++back) {
    const auto n_a = back <= a.size() ? a[a.size() - back] : 1;
    const auto n_b = back <= b.size() ? b[b.size() - back] : 1;
    if (n_a != n_b && n_a != 1 && n_b != 1) {
      reject_export(
          place, to_text(a) + " and " + to_text(b), "the operands' shapes do not broadcast");
    }
    shape[shape.size() - back] = n_a == 1 ? n_b : n_a;
  }
  return shape;
}

Shape resolve_reshape(const Reshape& reshape, const Shape& input, const std::string& place) {
  if (reshape.flatten_axis) return flattened(input, *reshape.flatten_axis, place);
  const auto require = [&](bool holds, const std::string& value, const std::string& rule) {
    if (!holds) reject_export(place, value, rule);
  };
  Shape shape = reshape.shape;
  const auto wanted = to_text(input) + " to " + to_text(reshape.shape);
  require(!shape.empty() && shape[0] <= 1 && !input.empty(),
          wanted,
          "the first entry is 0 or 1 (the batch stays) or -1");
  if (shape[0] == 1) shape[0] = 0;
  std::size_t inferred = shape.size();
  Shape known;
  for (std::size_t axis = 0; axis < shape.size(); ++axis) {
    if (shape[axis] == -1) {
      require(inferred == shape.size(), wanted, "at most one axis is inferred");
      inferred = axis;
      continue;
    }
    require(shape[axis] != 0 || axis < input.size(), wanted, "copies an axis that is absent");
    if (shape[axis] == 0) shape[axis] = input[axis];
    known.push_back(shape[axis]);
  }
  const auto total = element_count(input);
  const auto rest = element_count(known);
  if (inferred < shape.size()) {
    require(rest > 0 && total % rest == 0, wanted, "the element counts differ");
    shape[inferred] = total / rest;
  }
  require(element_count(shape) == total, wanted, "the element counts differ");
  return shape;
}

int normal_axis(std::int64_t axis, std::size_t rank, const std::string& place) {
  const auto n = static_cast<std::int64_t>(rank);
  if (axis < -n || axis >= n) {
    throw InputError({.place = place,
                      .value = "axis " + std::to_string(axis),
                      .rule = "the tensor has " + std::to_string(n) + " axes",
                      .remedy = "check the exported network and its input shape"});
  }
  return static_cast<int>(axis < 0 ? axis + n : axis);
}

}  // namespace memspice::network
