// Reductions over axes, and normalisations by statistics of the image itself.

#include <algorithm>

#include "network/onnx_operators.hpp"
#include "network/onnx_window.hpp"
#include "network/shapes.hpp"

namespace memspice::network {
namespace {

std::vector<int> axes_from(int first, std::size_t rank) {
  std::vector<int> axes;
  for (int axis = first; axis < static_cast<int>(rank); ++axis) axes.push_back(axis);
  return axes;
}

/// An attribute before opset 13 or 18, an operand since; all axes where none is named, or none.
std::vector<int> reduced_axes(OnnxNode& node) {
  const auto rank = node.shape(0).size();
  auto given = node.integer_list("axes");
  if (node.has_input(1)) given = node.integers(1);
  const bool reduces_all = given.empty() && node.integer("noop_with_empty_axes", 0) == 0;
  node.ignore_attribute("noop_with_empty_axes");
  std::vector<int> axes;
  for (const auto axis : node.axes_of(given)) {
    axes.push_back(normal_axis(axis, rank, node.place()));
  }
  if (reduces_all) axes = axes_from(node.is_whole() ? 1 : 0, rank);
  std::ranges::sort(axes);
  return axes;
}

/// A constant of one value per channel as it broadcasts over a tensor of `rank` axes.
Tensor for_channels(OnnxNode& node, int operand, std::size_t rank) {
  Tensor constant = node.constant(operand).to_tensor();
  if (constant.size() != node.shape(0)[1]) {
    node.reject(to_text(constant.shape),
                "operand " + std::to_string(operand) + " has one value per channel");
  }
  constant.shape.assign(rank - 1, 1);
  constant.shape[0] = constant.size();
  return constant;
}

/// scale x + shift behind a normalisation, as far as they change anything; an empty shift is none.
void emit_affine(OnnxNode& node, int layer, Tensor scale, Tensor shift) {
  const auto are_all = [](const Tensor& tensor, float value) {
    return std::ranges::all_of(tensor.data, [value](float v) { return v == value; });
  };
  if (!are_all(scale, 1.0F)) {
    layer = node.emit(Elementwise{Elementwise::Kind::Mul, std::move(scale), false}, {layer});
  }
  if (!are_all(shift, 0.0F))
    node.emit(Elementwise{Elementwise::Kind::Add, std::move(shift), false}, {layer});
}

}  // namespace

void read_reduce_mean(OnnxNode& node) {
  const bool keeps = node.integer("keepdims", 1) != 0;
  auto axes = reduced_axes(node);
  if (axes.empty()) return node.forward(0);
  node.emit(GlobalAverage{std::move(axes), keeps});
}

void read_reduction(OnnxNode& node) {
  const bool keeps = node.integer("keepdims", 1) != 0;
  auto axes = reduced_axes(node);
  if (axes.empty()) return node.forward(0);
  node.emit(Reduction{find_reduction(node.operator_name()), std::move(axes), keeps});
}

void read_instance_normalization(OnnxNode& node) {
  const auto rank = node.shape(0).size();
  if (rank < 3) node.reject(to_text(node.shape(0)), "needs channels and positions");
  const auto epsilon = static_cast<double>(node.number("epsilon", 1e-5F));
  node.ignore_attribute("consumed_inputs");
  const int normal = node.emit(Standardization{axes_from(2, rank), epsilon});
  emit_affine(node, normal, for_channels(node, 1, rank), for_channels(node, 2, rank));
}

void read_layer_normalization(OnnxNode& node) {
  const auto rank = node.shape(0).size();
  const auto epsilon = static_cast<double>(node.number("epsilon", 1e-5F));
  node.ignore_attribute("stash_type");  // double is used throughout
  const int first = normal_axis(node.axis_of(node.integer("axis", -1)), rank, node.place());
  const int normal = node.emit(Standardization{axes_from(first, rank), epsilon});
  emit_affine(node,
              normal,
              node.constant(1).to_tensor(),
              node.has_input(2) ? node.constant(2).to_tensor() : Tensor{});
}

void read_group_normalization(OnnxNode& node) {
  const Shape shape = node.shape(0);
  const auto epsilon = static_cast<double>(node.number("epsilon", 1e-5F));
  node.ignore_attribute("stash_type");
  const int groups = small_integer(node, node.integer("num_groups", 0), 1, "num_groups");
  if (shape.size() < 3 || shape[1] % groups != 0) {
    node.reject(to_text(shape) + " in " + std::to_string(groups) + " groups",
                "each group has the same number of channels");
  }
  // Before opset 21 scale and shift belong to groups.
  const auto spread = [&](int operand) {
    Tensor constant = node.constant(operand).to_tensor();
    const auto each = constant.size() == groups ? shape[1] / groups : 1;
    Tensor whole({constant.size() * each});
    for (std::size_t k = 0; k < whole.data.size(); ++k) {
      whole.data[k] = constant.data[k / static_cast<std::size_t>(each)];
    }
    if (whole.size() != shape[1]) node.reject(to_text(constant.shape), "has one value per channel");
    whole.shape.insert(whole.shape.end(), shape.size() - 2, 1);
    return whole;
  };
  Shape back = shape;
  back[0] = 0;
  const int joined = node.emit(Reshape{{0, groups, -1}, {}});
  const int normal = node.emit(Standardization{{2}, epsilon}, {joined});
  emit_affine(node, node.emit(Reshape{back, {}}, {normal}), spread(1), spread(2));
}

void read_mean_variance_normalization(OnnxNode& node) {
  auto given = node.integer_list("axes");
  if (given.empty()) given = {0, 2, 3};
  Standardization s{{}, 1e-9};  // as the specification's function has it
  for (const auto axis : given) {
    s.axes.push_back(normal_axis(axis, node.shape(0).size(), node.place()));
  }
  node.emit(std::move(s));
}

void read_local_response(OnnxNode& node) {
  LocalResponse r;
  r.alpha = node.number("alpha", 1e-4F);
  r.beta = node.number("beta", 0.75F);
  r.bias = node.number("bias", 1.0F);
  r.size = small_integer(node, node.integer("size", 0), 1, "size");
  node.emit(r);
}

}  // namespace memspice::network
