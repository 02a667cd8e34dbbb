// Operators that only move values, or repeat or drop some.

#include <algorithm>
#include <numeric>

#include "network/onnx_movement.hpp"
#include "network/onnx_operators.hpp"
#include "network/onnx_window.hpp"
#include "network/shapes.hpp"

namespace memspice::network {
namespace {

/// One of Slice's operands, or before opset 10 its attribute.
std::vector<std::int64_t> slice_parameter(OnnxNode& node, int operand, const char* name) {
  if (node.has_input(operand)) return node.integers(operand);
  return node.integer_list(name);
}

[[noreturn]] void reject_batch(OnnxNode& node) {
  node.reject("axis 0",
              "takes images out of a batch, which may not mix",
              "export the network with a batch of 1 and without this node");
}

std::vector<SliceRange> slice_ranges(OnnxNode& node) {
  const auto starts = slice_parameter(node, 1, "starts");
  const auto ends = slice_parameter(node, 2, "ends");
  auto axes = slice_parameter(node, 3, "axes");
  auto steps = slice_parameter(node, 4, "steps");
  if (axes.empty()) {
    axes.resize(starts.size());
    std::iota(axes.begin(), axes.end(), 0);
  }
  axes = node.axes_of(std::move(axes));
  if (steps.empty()) steps.assign(starts.size(), 1);
  if (ends.size() != starts.size() || axes.size() != starts.size() ||
      steps.size() != starts.size()) {
    node.reject("starts, ends, axes, steps", "have the same number of entries");
  }
  std::vector<SliceRange> ranges;
  for (std::size_t k = 0; k < starts.size(); ++k) {
    ranges.push_back({axes[k], starts[k], ends[k], steps[k]});
  }
  return ranges;
}

/// A slice of all images of the batch is none.
bool takes_all_images(OnnxNode& node, const SliceRange& range) {
  return range.start == 0 && range.step == 1 && range.end >= node.batch();
}

bool is_on_batch(OnnxNode& node, std::int64_t axis) {
  return !node.is_constant(0) && normal_axis(axis, node.shape(0).size(), node.place()) == 0;
}

/// The parts' lengths of Split: stated, or equal ones with the rest in the last.
std::vector<std::int64_t> split_lengths(OnnxNode& node, std::int64_t length) {
  auto lengths = node.has_input(1) ? node.integers(1) : node.integer_list("split");
  for (const auto n : lengths) {
    if (n < 0 || n > length) node.reject(to_text(lengths), "a part is longer than the whole");
  }
  if (!lengths.empty()) return lengths;
  const auto parts = node.integer("num_outputs", static_cast<std::int64_t>(node.output_count()));
  const auto count = std::max<std::int64_t>(1, std::min(parts, length));
  const auto each = (length + count - 1) / count;
  for (std::int64_t at = 0; at < length; at += each) lengths.push_back(std::min(each, length - at));
  return lengths;
}

/// Reshapes, transposes and reshapes again.
Move through_blocks(Shape apart, std::vector<std::int64_t> order, Shape joined) {
  return [=](const Constant& places) {
    Constant moved = places;
    moved.shape = apart;
    moved = fold_transpose(moved, order, "blocks");
    moved.shape = joined;
    return moved;
  };
}

std::int64_t block_size(OnnxNode& node) {
  if (node.shape(0).size() != 4) node.reject(to_text(node.shape(0)), "works on images");
  return small_integer(node, node.integer("blocksize", 0), 1, "blocksize");
}

}  // namespace

void read_transpose(OnnxNode& node) {
  const auto rank = node.shape(0).size() - (node.is_whole() ? 1 : 0);
  auto order = node.integer_list("perm");
  if (order.empty()) {
    order.resize(rank);
    std::iota(order.rbegin(), order.rend(), 0);
  }
  if (node.is_constant(0)) {
    return node.emit(fold_transpose(node.constant(0), order, node.place()));
  }
  // Checks that the order is a permutation, on a tensor of one element.
  fold_transpose({Shape(rank, 1), std::vector<float>{0.0F}}, order, node.place());
  if (order.empty() || order[0] != 0) node.take_whole();
  order = node.axes_of(std::move(order));
  if (node.is_whole()) order.insert(order.begin(), 0);
  node.emit(Transposition{{order.begin(), order.end()}});
}

void read_slice(OnnxNode& node) {
  auto ranges = slice_ranges(node);
  for (const SliceRange& range : ranges) {
    if (is_on_batch(node, range.axis) && !takes_all_images(node, range)) reject_batch(node);
  }
  emit_moved(node, [&](const Constant& places) {
    Constant moved = places;
    for (const SliceRange& range : ranges) moved = fold_slice(moved, range, node.place());
    return moved;
  });
}

void read_gather(OnnxNode& node) {
  if (!node.is_constant(1)) {
    node.reject("computed indices",
                "looks up rows of a table, as networks of words do; that "
                "cannot be imported yet",
                "start the network behind its embedding");
  }
  const Constant& indices = node.constant(1);
  const auto axis = node.axis_of(node.integer("axis", 0));
  if (is_on_batch(node, axis)) reject_batch(node);
  const Shape& x = node.shape(0);
  const auto at = static_cast<std::size_t>(normal_axis(axis, x.size(), node.place()));
  node.require_room(element_count(x) / std::max<std::int64_t>(1, x[at]) * indices.count());
  emit_moved(node, [&](const Constant& places) {
    return fold_gather(places, indices, axis, node.place());
  });
}

void read_split(OnnxNode& node) {
  const auto axis = node.axis_of(node.integer("axis", 0));
  if (is_on_batch(node, axis)) reject_batch(node);
  const Shape& x = node.shape(0);
  const auto length = x[static_cast<std::size_t>(normal_axis(axis, x.size(), node.place()))];
  const auto lengths = split_lengths(node, length);
  if (std::accumulate(lengths.begin(), lengths.end(), std::int64_t{0}) != length) {
    node.reject(to_text(lengths), "the parts add up to " + std::to_string(length));
  }
  std::int64_t first = 0;
  for (std::size_t k = 0; k < lengths.size(); first += lengths[k++]) {
    if (!node.has_output(static_cast<int>(k))) continue;
    node.write_to(static_cast<int>(k));
    emit_moved(node, [&](const Constant& places) {
      return fold_slice(places, {axis, first, first + lengths[k], 1}, node.place());
    });
  }
}

void read_expand(OnnxNode& node) {
  Shape wanted = node.integers(1);
  const Shape from = node.shape(0);
  if (node.is_whole()) {
    const std::size_t rank = std::max(wanted.size() + 1, from.size());
    wanted.insert(wanted.begin(), rank - wanted.size(), 1);
  }
  const bool has_batch = !node.is_constant(0) && wanted.size() >= from.size() && !wanted.empty();
  if (has_batch && wanted[0] == node.batch() && wanted.size() == from.size()) wanted[0] = 1;
  const Shape shape = broadcast_shape(from, wanted, node.place());
  if (element_count(shape) == 0) node.reject(to_text(shape), "a tensor without elements");
  node.require_room(element_count(shape));
  emit_moved(node, [&](const Constant& x) { return broadcast(x, shape); });
}

void read_tile(OnnxNode& node) {
  const auto repeats = node.integers(1);
  const Shape from = node.shape(0);
  if (repeats.size() != from.size()) node.reject(to_text(repeats), "has one number per axis");
  std::int64_t count = element_count(from);
  for (const auto n : repeats) {
    if (n < 1 || n > kMaxElements) node.reject(to_text(repeats), "repeats at least once");
    node.require_room(count);
    count *= n;
  }
  node.require_room(count);
  emit_moved(node, [&](const Constant& x) {
    std::vector<Places> places(from.size());
    for (std::size_t k = 0; k < from.size(); ++k) {
      for (std::int64_t i = 0; i < repeats[k] * from[k]; ++i) places[k].push_back(i % from[k]);
    }
    return take_places(x, places);
  });
}

void read_depth_to_space(OnnxNode& node) {
  const auto b = block_size(node);
  const Shape x = node.shape(0);
  const auto mode = node.text("mode", "DCR");
  const auto depth = x[1] / (b * b);
  if (x[1] % (b * b) != 0 || (mode != "DCR" && mode != "CRD")) {
    node.reject(to_text(x) + " in blocks of " + std::to_string(b) + ", mode " + mode,
                "channels are a multiple of the block, mode is DCR or CRD");
  }
  const Shape joined{x[0], depth, x[2] * b, x[3] * b};
  emit_moved(node,
             mode == "DCR"
                 ? through_blocks({x[0], b, b, depth, x[2], x[3]}, {0, 3, 4, 1, 5, 2}, joined)
                 : through_blocks({x[0], depth, b, b, x[2], x[3]}, {0, 1, 4, 2, 5, 3}, joined));
}

void read_space_to_depth(OnnxNode& node) {
  const auto b = block_size(node);
  const Shape x = node.shape(0);
  if (x[2] % b != 0 || x[3] % b != 0) {
    node.reject(to_text(x) + " in blocks of " + std::to_string(b), "the image is whole blocks");
  }
  emit_moved(node,
             through_blocks({x[0], x[1], x[2] / b, b, x[3] / b, b},
                            {0, 3, 5, 1, 2, 4},
                            {x[0], x[1] * b * b, x[2] / b, x[3] / b}));
}

}  // namespace memspice::network
