// Convolution by im2col and one matrix product per group and image, or several small images; the
// transposed convolution is the adjoint: one product, then col2im.

#include <Eigen/Core>
#include <algorithm>

#include "network/apply.hpp"
#include "network/vector_kernels.hpp"

namespace memspice::network {
namespace {

using RowMatrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using ConstMap = Eigen::Map<const RowMatrix>;
using Map = Eigen::Map<RowMatrix>;

/// Where a window slides: over the planes of an image, to the plane of its positions.
struct Geometry {
  const Window& window;
  Eigen::Index channels;  ///< of the image, that one group reads
  WindowAxis rows, columns;

  Eigen::Index taps() const { return rows.taps * columns.taps; }
  Eigen::Index patch_size() const { return channels * taps(); }
  Eigen::Index positions() const { return rows.positions * columns.positions; }
  Eigen::Index plane() const { return rows.length * columns.length; }
  Eigen::Index image_size() const { return channels * plane(); }
  bool is_pointwise() const {
    return taps() == 1 && window.stride == std::array{1, 1} &&
           window.padding == std::array{0, 0, 0, 0};
  }
};

/// `image`: N x C x height x width; `positions` likewise.
Geometry geometry_of(const Window& window,
                     Eigen::Index channels,
                     const Shape& image,
                     const Shape& positions) {
  return {window,
          channels,
          window_axis(window, 0, image[2], positions[2]),
          window_axis(window, 1, image[3], positions[3])};
}

/// Row i of the patch matrix belongs to channel i / taps and this tap.
Tap tap_of(const Geometry& g, Eigen::Index i) {
  const Eigen::Index tap = i % g.taps();
  return {tap / g.columns.taps, tap % g.columns.taps};
}

/// A product over fewer columns does not fill the matrix kernels.
constexpr Eigen::Index kFewColumns = 512;

/// Patches of `count` images, `step` floats apart, side by side: patch_size x (count positions).
void images_to_patches(const float* image,
                       Eigen::Index step,
                       Eigen::Index count,
                       const Geometry& g,
                       RowMatrix& patches) {
  patches.resize(g.patch_size(), count * g.positions());
  for (Eigen::Index i = 0; i < patches.rows(); ++i) {
    const float* plane = image + i / g.taps() * g.plane();
    for (Eigen::Index n = 0; n < count; ++n) {
      gather_tap(g.rows,
                 g.columns,
                 tap_of(g, i),
                 plane + n * step,
                 patches.row(i).data() + n * g.positions());
    }
  }
}

/// One group's outputs of neighbouring images, n_out x (images positions), to where they belong.
void spread(const RowMatrix& product,
            const float* bias,
            Eigen::Index positions,
            Eigen::Index step,
            float* y) {
  for (Eigen::Index o = 0; o < product.rows(); ++o) {
    const float shift = bias == nullptr ? 0.0F : bias[o];
    const float* from = product.row(o).data();
    for (Eigen::Index n = 0; n * positions < product.cols(); ++n, from += positions) {
      float* to = y + n * step + o * positions;
      for (Eigen::Index k = 0; k < positions; ++k) to[k] = from[k] + shift;
    }
  }
}

/// y: all outputs of one group of channels.
void convolve_group(const Convolution& convolution,
                    const Geometry& g,
                    Eigen::Index group,
                    const Tensor& x,
                    Tensor& y) {
  thread_local RowMatrix patches, product;
  const Eigen::Index images = y.shape[0];
  const Eigen::Index n_out = y.shape[1] / convolution.groups;
  const Eigen::Index step_in = convolution.groups * g.image_size();
  const Eigen::Index step_out = y.shape[1] * g.positions();
  const float* bias =
      convolution.bias.size() == 0 ? nullptr : convolution.bias.data.data() + group * n_out;
  const ConstMap weight(
      convolution.weight.data.data() + group * n_out * g.patch_size(), n_out, g.patch_size());
  const Eigen::Index together = std::clamp<Eigen::Index>(kFewColumns / g.positions(), 1, images);
  for (Eigen::Index n = 0; n < images; n += together) {
    const float* image = x.data.data() + n * step_in + group * g.image_size();
    if (g.is_pointwise() && together == 1) {
      product.noalias() = weight * ConstMap(image, g.patch_size(), g.positions());
    } else {
      images_to_patches(image, step_in, std::min(together, images - n), g, patches);
      product.noalias() = weight * patches;
    }
    spread(product,
           bias,
           g.positions(),
           step_out,
           y.data.data() + n * step_out + group * n_out * g.positions());
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
  if (y.size() == 0) return y;
  const Geometry g = geometry_of(convolution.window, convolution.weight.shape[1], x.shape, out);
  for (int group = 0; group < convolution.groups; ++group) {
    convolve_group(convolution, g, group, x, y);
  }
  return y;
}

Tensor apply(const Deconvolution& deconvolution, const Tensor& x, const Shape& out) {
  Tensor y(out);
  fill_with_bias(deconvolution.bias, y);
  const Geometry g = geometry_of(deconvolution.window, out[1] / deconvolution.groups, out, x.shape);
  const Eigen::Index n_in = x.shape[1] / deconvolution.groups;
  thread_local RowMatrix patches;
  for (Eigen::Index k = 0; k < out[0] * deconvolution.groups; ++k) {
    const ConstMap image(x.data.data() + k * n_in * g.positions(), n_in, g.positions());
    const ConstMap weight(
        deconvolution.weight.data.data() + (k % deconvolution.groups) * n_in * g.patch_size(),
        n_in,
        g.patch_size());
    patches.noalias() = weight.transpose() * image;
    for (Eigen::Index i = 0; i < patches.rows(); ++i) {
      float* plane = y.data.data() + k * g.image_size() + i / g.taps() * g.plane();
      scatter_tap(g.rows, g.columns, tap_of(g, i), patches.row(i).data(), plane);
    }
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
