#include "network/shapes.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/error.hpp"
#include "base/text.hpp"

namespace memspice::network {
namespace {

/// Strides, dilations, kernels and paddings beyond this are no network's.
constexpr int kMaxWindow = 1 << 16;

struct Inference {
  std::span<const Shape> inputs;
  const std::string& place;

  [[noreturn]] void reject(const std::string& value, const std::string& rule) const {
    throw InputError({.place = place,
                      .value = value,
                      .rule = rule,
                      .remedy = "check the exported network and its input shape"});
  }
  void require(bool holds, const std::string& value, const std::string& rule) const {
    if (!holds) reject(value, rule);
  }

  const Shape& only_input() const {
    require(inputs.size() == 1, std::to_string(inputs.size()) + " inputs", "takes one input");
    return inputs[0];
  }

  const Shape& image_input() const {
    const Shape& shape = only_input();
    require(shape.size() == 4, to_text(shape), "needs an input N x C x H x W (2-D only)");
    return shape;
  }

  void check_window(const Window& w, int min_padding) const {
    for (const auto& values : {w.kernel, w.stride, w.dilation}) {
      for (const int v : values) {
        require(v >= 1 && v <= kMaxWindow,
                std::to_string(v),
                "kernel, stride and dilation lie in 1 to " + std::to_string(kMaxWindow));
      }
    }
    for (const int v : w.padding) {
      require(v >= min_padding && v <= kMaxWindow,
              std::to_string(v),
              "padding lies in 0 to " + std::to_string(kMaxWindow));
    }
  }

  void check_kernel(const Tensor& weight, const Tensor& bias, const Window& w, int n_out) const {
    require(weight.shape[2] == w.kernel[0] && weight.shape[3] == w.kernel[1],
            to_text(weight.shape),
            "the weight's last axes are the kernel");
    require(bias.size() == 0 || bias.size() == n_out,
            to_text(bias.shape),
            "the bias has one value per output channel");
  }

  std::int64_t slid_length(std::int64_t length, const Window& w, std::size_t axis) const {
    const std::int64_t reach = std::int64_t{w.dilation[axis]} * (w.kernel[axis] - 1) + 1;
    const std::int64_t before = w.padding[axis];
    const std::int64_t room = length + before + w.padding[axis + 2] - reach;
    require(room >= 0, to_text(inputs[0]), "the window is larger than the padded image");
    const std::int64_t stride = w.stride[axis];
    std::int64_t count = room / stride + 1;
    // A last, partial window counts only if it starts on the image or the padding before it.
    if (w.ceil_mode && room % stride != 0 && count * stride < length + before) ++count;
    return count;
  }

  Shape operator()(const Convolution& c) const {
    const Shape& x = image_input();
    require(c.weight.shape.size() == 4, to_text(c.weight.shape), "the weight has four axes");
    const auto n_out = c.weight.shape[0];
    require(c.groups >= 1 && x[1] == c.weight.shape[1] * c.groups && n_out % c.groups == 0,
            "input " + to_text(x) + ", weight " + to_text(c.weight.shape) + ", groups " +
                std::to_string(c.groups),
            "channels do not fit");
    check_window(c.window, 0);
    check_kernel(c.weight, c.bias, c.window, static_cast<int>(n_out));
    return {x[0], n_out, slid_length(x[2], c.window, 0), slid_length(x[3], c.window, 1)};
  }

  Shape operator()(const Deconvolution& d) const {
    const Shape& x = image_input();
    require(d.weight.shape.size() == 4, to_text(d.weight.shape), "the weight has four axes");
    require(d.groups >= 1 && x[1] == d.weight.shape[0] && x[1] % d.groups == 0,
            "input " + to_text(x) + ", weight " + to_text(d.weight.shape) + ", groups " +
                std::to_string(d.groups),
            "channels do not fit");
    const auto n_out = d.weight.shape[1] * d.groups;
    check_window(d.window, 0);
    check_kernel(d.weight, d.bias, d.window, static_cast<int>(n_out));
    Shape out{x[0], n_out, 0, 0};
    for (std::size_t axis = 0; axis < 2; ++axis) {
      const auto& w = d.window;
      require(d.output_padding[axis] >= 0 && d.output_padding[axis] <= kMaxWindow,
              std::to_string(d.output_padding[axis]),
              "output padding is not negative");
      out[axis + 2] = std::int64_t{w.stride[axis]} * (x[axis + 2] - 1) + d.output_padding[axis] +
                      std::int64_t{w.dilation[axis]} * (w.kernel[axis] - 1) + 1 - w.padding[axis] -
                      w.padding[axis + 2];
      require(out[axis + 2] >= 1, to_text(x), "the padding leaves no output");
    }
    return out;
  }

  Shape operator()(const FullyConnected& f) const {
    Shape shape = only_input();
    require(f.weight.shape.size() == 2, to_text(f.weight.shape), "the weight has two axes");
    require(shape.size() >= 2 && shape.back() == f.weight.shape[1],
            "input " + to_text(shape) + ", weight " + to_text(f.weight.shape),
            "the input's last axis is the weight's second");
    require(f.bias.size() == 0 || f.bias.size() == f.weight.shape[0],
            to_text(f.bias.shape),
            "the bias has one value per output");
    shape.back() = f.weight.shape[0];
    return shape;
  }

  Shape operator()(const Activation& a) const {
    const Shape& shape = only_input();
    if (a.is_along_axis()) normal_axis(a.axis, shape.size(), place);
    if (a.kind == Activation::Kind::Clip) {
      require(a.alpha <= a.beta,
              memspice::to_text(static_cast<double>(a.alpha)) + " to " +
                  memspice::to_text(static_cast<double>(a.beta)),
              "the lower bound is not above the upper");
    }
    if (a.is_complex()) {
      require(shape.size() >= 2 && shape[1] % 2 == 0,
              to_text(shape),
              "complex numbers need an even number of channels: Re and Im by turns");
    }
    return shape;
  }

  Shape operator()(const Pooling& p) const {
    const Shape& x = image_input();
    check_window(p.window, 0);
    for (std::size_t side = 0; side < 4; ++side) {
      const auto axis = side % 2;
      const auto reach = std::int64_t{p.window.dilation[axis]} * (p.window.kernel[axis] - 1) + 1;
      require(p.window.padding[side] < reach,
              std::to_string(p.window.padding[side]),
              "the padding is smaller than the window");
    }
    return {x[0], x[1], slid_length(x[2], p.window, 0), slid_length(x[3], p.window, 1)};
  }

  /// Marks `axes` of the input's shape with 0.
  Shape without_axes(const std::vector<int>& axes) const {
    Shape shape = only_input();
    require(!axes.empty(), "no axes", "works along at least one axis");
    for (const int axis : axes) {
      auto& n = shape[static_cast<std::size_t>(normal_axis(axis, shape.size(), place))];
      require(n != 0, std::to_string(axis), "an axis is named twice");
      n = 0;
    }
    return shape;
  }

  Shape reduced(const std::vector<int>& axes, bool keep_dimensions) const {
    Shape shape = without_axes(axes);
    if (keep_dimensions) {
      std::ranges::replace(shape, 0, 1);
    } else {
      std::erase(shape, 0);
    }
    return shape;
  }

  Shape operator()(const GlobalAverage& g) const { return reduced(g.axes, g.keep_dimensions); }
  Shape operator()(const Reduction& r) const { return reduced(r.axes, r.keep_dimensions); }
  Shape operator()(const Standardization& s) const {
    without_axes(s.axes);
    return only_input();
  }
  Shape operator()(const Function&) const { return only_input(); }

  Shape operator()(const LocalResponse& r) const {
    require(only_input().size() >= 2, to_text(only_input()), "needs an axis of channels");
    require(r.size >= 1 && r.size <= kMaxWindow, std::to_string(r.size), "size is positive");
    return only_input();
  }

  Shape operator()(const Transposition& t) const {
    const Shape rest = without_axes(moved_axes(t));
    require(std::ranges::all_of(rest, [](auto n) { return n <= 1; }),
            to_text(only_input()),
            "only axes of length 1 can be dropped");
    Shape shape;
    for (const int axis : t.axes) {
      shape.push_back(axis < 0 ? 1 : only_input()[static_cast<std::size_t>(axis)]);
    }
    return shape;
  }

  static std::vector<int> moved_axes(const Transposition& t) {
    std::vector<int> axes = t.axes;
    std::erase(axes, -1);
    return axes;
  }

  Shape operator()(const Selection& s) const {
    const auto image = element_count(only_input()) / std::max<std::int64_t>(1, only_input()[0]);
    require(!s.shape.empty() && s.shape[0] == 1 && element_count(s.shape) > 0 &&
                element_count(s.shape) == static_cast<std::int64_t>(s.from.size()),
            to_text(s.shape),
            "selects one value for each place of an image");
    require(std::ranges::all_of(s.from, [&](auto k) { return k >= -1 && k < image; }),
            to_text(only_input()),
            "selects values of the image");
    Shape shape = s.shape;
    shape[0] = only_input()[0];
    return shape;
  }

  Shape operator()(const BatchNormalization& b) const {
    const Shape& shape = only_input();
    require(shape.size() >= 2 && b.scale.size() == shape[1] && b.shift.size() == shape[1],
            "input " + to_text(shape) + ", scale " + to_text(b.scale.shape),
            "there is one scale and one shift per channel");
    return shape;
  }

  Shape operator()(const Elementwise& e) const {
    if (e.constant) return broadcast_shape(only_input(), e.constant->shape, place);
    require(inputs.size() == 2, std::to_string(inputs.size()) + " inputs", "takes two inputs");
    return broadcast_shape(inputs[0], inputs[1], place);
  }

  Shape operator()(const Concatenation& c) const { return joined_shape(c, inputs, place); }
  Shape operator()(const Recurrence& r) const { return state_shape(r, inputs, place); }
  Shape operator()(const MatrixProduct&) const { return product_shape(inputs, place); }

  Shape operator()(const Quantization& q) const {
    require_grid(q, only_input(), place);
    return only_input();
  }

  Shape operator()(const Reshape& r) const { return resolve_reshape(r, only_input(), place); }

  Shape operator()(const Resize& r) const {
    Shape shape = image_input();
    for (std::size_t axis = 0; axis < 2; ++axis) {
      auto& n = shape[axis + 2];
      if (r.size[axis] == 0) {
        require(std::isfinite(r.scale[axis]) && r.scale[axis] > 0.0F,
                memspice::to_text(static_cast<double>(r.scale[axis])),
                "a scale is positive");
        const double length =
            std::floor(static_cast<double>(n) * static_cast<double>(r.scale[axis]));
        require(length <= static_cast<double>(kMaxElements), to_text(shape), "is too large");
        n = static_cast<std::int64_t>(length);
      } else {
        n = r.size[axis];
      }
      require(n >= 1, to_text(shape), "the resized image is not empty");
    }
    return shape;
  }
};

}  // namespace

Shape infer_shape(const Operation& operation,
                  std::span<const Shape> inputs,
                  const std::string& place) {
  Shape shape = std::visit(Inference{inputs, place}, operation);
  try {
    element_count(shape);
  } catch (const InputError& error) {
    throw InputError({.place = place,
                      .value = error.fault().value,
                      .rule = error.fault().rule,
                      .remedy = error.fault().remedy});
  }
  return shape;
}

}  // namespace memspice::network
