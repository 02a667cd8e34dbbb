// Convolution by im2col and one matrix product per image and group; the transposed convolution is
// the adjoint: one product, then col2im.

#include <Eigen/Core>
#include <algorithm>

#include "network/apply.hpp"

namespace memspice::network {
namespace {

using RowMatrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using ConstMap = Eigen::Map<const RowMatrix>;
using Map = Eigen::Map<RowMatrix>;

/// Where a window slides: `image` is the larger plane, `steps` the plane of window positions.
struct Geometry {
  const Window& window;
  Eigen::Index channels;
  Eigen::Index image_height, image_width;
  Eigen::Index steps_height, steps_width;

  Eigen::Index taps() const { return Eigen::Index{window.kernel[0]} * window.kernel[1]; }
  Eigen::Index rows() const { return channels * taps(); }
  Eigen::Index columns() const { return steps_height * steps_width; }
  Eigen::Index image_size() const { return channels * image_height * image_width; }
  bool is_padded() const { return window.padding != std::array{0, 0, 0, 0}; }
  bool is_pointwise() const {
    return taps() == 1 && window.stride == std::array{1, 1} && !is_padded();
  }
};

/// Calls `visit(column, image_row + image column, count)` for each row of window positions at which
/// tap (u, v) lies on the image: columns column.. of the patch matrix, pixels at stride s_w.
template <typename Visit>
void visit_tap(const Geometry& g, Eigen::Index u, Eigen::Index v, const Visit& visit) {
  const Eigen::Index s_h = g.window.stride[0];
  const Eigen::Index s_w = g.window.stride[1];
  const Eigen::Index row_0 = u * g.window.dilation[0] - g.window.padding[0];
  const Eigen::Index column_0 = v * g.window.dilation[1] - g.window.padding[1];
  const Eigen::Index first = column_0 >= 0 ? 0 : (-column_0 + s_w - 1) / s_w;
  const Eigen::Index room = g.image_width - 1 - column_0;
  const Eigen::Index end = room < 0 ? 0 : std::min(g.steps_width, room / s_w + 1);
  if (first >= end) return;
  for (Eigen::Index p = 0; p < g.steps_height; ++p) {
    const Eigen::Index row = row_0 + p * s_h;
    if (row < 0 || row >= g.image_height) continue;
    visit(p * g.steps_width + first, row * g.image_width + column_0 + first * s_w, end - first);
  }
}

void image_to_patches(const float* image, const Geometry& g, RowMatrix& patches) {
  patches.resize(g.rows(), g.columns());
  if (g.is_padded()) patches.setZero();
  const Eigen::Index step = g.window.stride[1];
  for (Eigen::Index row = 0; row < g.rows(); ++row) {
    const Eigen::Index tap = row % g.taps();
    const float* plane = image + (row / g.taps()) * g.image_height * g.image_width;
    float* to = patches.data() + row * g.columns();
    visit_tap(g,
              tap / g.window.kernel[1],
              tap % g.window.kernel[1],
              [&](Eigen::Index column, Eigen::Index pixel, Eigen::Index count) {
                if (step == 1) {
                  std::copy_n(plane + pixel, count, to + column);
                  return;
                }
                for (Eigen::Index k = 0; k < count; ++k) to[column + k] = plane[pixel + k * step];
              });
  }
}

void add_patches_to_image(const RowMatrix& patches, const Geometry& g, float* image) {
  const Eigen::Index step = g.window.stride[1];
  for (Eigen::Index row = 0; row < g.rows(); ++row) {
    const Eigen::Index tap = row % g.taps();
    float* plane = image + (row / g.taps()) * g.image_height * g.image_width;
    const float* from = patches.data() + row * g.columns();
    visit_tap(g,
              tap / g.window.kernel[1],
              tap % g.window.kernel[1],
              [&](Eigen::Index column, Eigen::Index pixel, Eigen::Index count) {
                for (Eigen::Index k = 0; k < count; ++k)
                  plane[pixel + k * step] += from[column + k];
              });
  }
}

void fill_with_bias(const Tensor& bias, Tensor& y) {
  if (bias.size() == 0) return;
  const auto plane = static_cast<std::size_t>(y.shape[2] * y.shape[3]);
  const auto channels = bias.data.size();
  for (std::size_t k = 0; k * plane < y.data.size(); ++k) {
    std::fill_n(
        y.data.begin() + static_cast<std::ptrdiff_t>(k * plane), plane, bias.data[k % channels]);
  }
}

}  // namespace

Tensor apply(const Convolution& convolution, const Tensor& x, const Shape& out) {
  Tensor y(out);
  fill_with_bias(convolution.bias, y);
  const Geometry g{
      convolution.window, convolution.weight.shape[1], x.shape[2], x.shape[3], out[2], out[3]};
  const Eigen::Index n_out = out[1] / convolution.groups;
  RowMatrix patches;
  for (Eigen::Index k = 0; k < out[0] * convolution.groups; ++k) {
    const float* image = x.data.data() + k * g.image_size();
    const ConstMap weight(
        convolution.weight.data.data() + (k % convolution.groups) * n_out * g.rows(),
        n_out,
        g.rows());
    Map result(y.data.data() + k * n_out * g.columns(), n_out, g.columns());
    if (g.is_pointwise()) {
      result.noalias() += weight * ConstMap(image, g.rows(), g.columns());
      continue;
    }
    image_to_patches(image, g, patches);
    result.noalias() += weight * patches;
  }
  return y;
}

Tensor apply(const Deconvolution& deconvolution, const Tensor& x, const Shape& out) {
  Tensor y(out);
  fill_with_bias(deconvolution.bias, y);
  const Geometry g{
      deconvolution.window, out[1] / deconvolution.groups, out[2], out[3], x.shape[2], x.shape[3]};
  const Eigen::Index n_in = x.shape[1] / deconvolution.groups;
  RowMatrix patches;
  for (Eigen::Index k = 0; k < out[0] * deconvolution.groups; ++k) {
    const ConstMap image(x.data.data() + k * n_in * g.columns(), n_in, g.columns());
    const ConstMap weight(
        deconvolution.weight.data.data() + (k % deconvolution.groups) * n_in * g.rows(),
        n_in,
        g.rows());
    patches.noalias() = weight.transpose() * image;
    add_patches_to_image(patches, g, y.data.data() + k * g.image_size());
  }
  return y;
}

Tensor apply(const FullyConnected& layer, const Tensor& x, const Shape& out) {
  Tensor y(out);
  const Eigen::Index n_in = layer.weight.shape[1];
  const Eigen::Index n_out = layer.weight.shape[0];
  const Eigen::Index rows = y.size() / n_out;
  Map result(y.data.data(), rows, n_out);
  if (layer.bias.size() > 0) {
    result.rowwise() = Eigen::Map<const Eigen::RowVectorXf>(layer.bias.data.data(), n_out);
  }
  result.noalias() += ConstMap(x.data.data(), rows, n_in) *
                      ConstMap(layer.weight.data.data(), n_out, n_in).transpose();
  return y;
}

}  // namespace memspice::network
