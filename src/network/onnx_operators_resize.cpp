// Resize, and Upsample, its older form.

#include <algorithm>
#include <array>
#include <string_view>

#include "network/onnx_operators.hpp"
#include "network/onnx_window.hpp"
#include "network/shapes.hpp"

namespace memspice::network {
namespace {

/// One of the names that the specification allows.
template <std::size_t n>
std::string choice(OnnxNode& node,
                   const char* name,
                   const std::array<std::string_view, n>& known,
                   const char* otherwise) {
  const auto value = node.text(name, otherwise);
  if (std::ranges::find(known, std::string_view(value)) == known.end()) {
    node.reject(std::string(name) + " " + value, "this mode cannot be imported");
  }
  return value;
}

bool has_values(const OnnxNode& node, int k) {
  return node.has_input(k) && node.constant(k).count() > 0;
}

/// What is given for some axes as one entry per axis; the others keep `otherwise`.
template <typename Number>
std::vector<Number> for_all_axes(OnnxNode& node,
                                 const std::vector<Number>& given,
                                 std::vector<Number> otherwise) {
  auto axes = node.integer_list("axes");
  if (axes.empty()) {
    for (std::size_t k = 0; k < otherwise.size(); ++k) axes.push_back(static_cast<std::int64_t>(k));
  }
  if (axes.size() != given.size()) {
    node.reject(std::to_string(given.size()) + " entries", "there is one for each axis");
  }
  for (std::size_t k = 0; k < axes.size(); ++k) {
    const int axis = normal_axis(axes[k], otherwise.size(), node.place());
    otherwise[static_cast<std::size_t>(axis)] = given[k];
  }
  return otherwise;
}

void require_image_resized(OnnxNode& node, bool others_stay) {
  const auto rank = node.shape(0).size();
  if ((rank == 3 || rank == 4) && others_stay) return;
  node.reject("input " + to_text(node.shape(0)),
              "only height and width of images or the length of sequences can "
              "be resized");
}

void set_scales(OnnxNode& node, const std::vector<float>& given, Resize& r) {
  const auto rank = node.shape(0).size();
  const auto scales = for_all_axes(node, given, std::vector<float>(rank, 1.0F));
  require_image_resized(node, scales[0] == 1.0F && scales[1] == 1.0F);
  for (std::size_t axis = 4 - rank; axis < 2; ++axis)
    r.scale[axis] = scales[image_axis(node, axis)];
}

void set_sizes(OnnxNode& node, const std::vector<std::int64_t>& given, Resize& r) {
  const Shape& x = node.shape(0);
  Shape whole = x;
  whole[0] *= node.batch();
  const auto sizes = for_all_axes(node, given, whole);
  require_image_resized(node, x.size() > 1 && sizes[0] == whole[0] && sizes[1] == x[1]);
  for (std::size_t axis = 4 - x.size(); axis < 2; ++axis) {
    const auto at = image_axis(node, axis);
    r.size[axis] = small_integer(node, sizes[at], 1, "size");
    r.scale[axis] = static_cast<float>(r.size[axis]) / static_cast<float>(x[at]);
  }
}

void read_interpolation(OnnxNode& node, Resize& r) {
  r.mode = choice<3>(node, "mode", {"nearest", "linear", "cubic"}, "nearest");
  r.cubic_slope = node.number("cubic_coeff_a", -0.75F);
  r.exclude_outside = node.integer("exclude_outside", 0) != 0;
  node.ignore_attribute("extrapolation_value");  // concerns a mode that is refused
  if (node.integer("antialias", 0) != 0) {
    node.reject("antialias=1", "pixels are interpolated, not averaged", "export without antialias");
  }
  choice<1>(node, "keep_aspect_ratio_policy", {"stretch"}, "stretch");
}

}  // namespace

void read_resize(OnnxNode& node) {
  Resize r;
  read_interpolation(node, r);
  // Opset 10 has no such attributes and means these values.
  const bool is_first = node.opset() < 11;
  r.coordinates = choice<5>(
      node,
      "coordinate_transformation_mode",
      {"half_pixel", "pytorch_half_pixel", "asymmetric", "align_corners", "tf_half_pixel_for_nn"},
      is_first ? "asymmetric" : "half_pixel");
  r.rounding = choice<4>(node,
                         "nearest_mode",
                         {"round_prefer_floor", "round_prefer_ceil", "floor", "ceil"},
                         is_first ? "floor" : "round_prefer_floor");
  const int scales = is_first ? 1 : 2;
  if (has_values(node, scales)) {
    set_scales(node, node.constant(scales).to_tensor().data, r);
  } else if (has_values(node, 3)) {
    set_sizes(node, node.integers(3), r);
  } else {
    node.reject("neither scales nor sizes", "one of them is needed");
  }
  emit_over_image(node, std::move(r));
}

void read_upsample(OnnxNode& node) {
  Resize r;
  r.mode = choice<3>(node, "mode", {"nearest", "linear", "bilinear"}, "nearest");
  if (r.mode == "bilinear") r.mode = "linear";
  const auto scales =
      node.has_input(1) ? node.constant(1).to_tensor().data
      : node.has_attribute("scales")
          ? node.number_list("scales")
          : std::vector<float>{
                1.0F, 1.0F, node.number("height_scale", 1.0F), node.number("width_scale", 1.0F)};
  set_scales(node, scales, r);
  emit_over_image(node, std::move(r));
}

}  // namespace memspice::network
