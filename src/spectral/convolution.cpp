#include "spectral/convolution.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <limits>

#include "base/error.hpp"
#include "spectral/real_transform.hpp"

namespace memspice::spectral {
namespace {

using Complex = std::complex<float>;
using network::Tensor;

/// Even sizes with small factors: what the real transform takes and is fast at.
constexpr std::array kTransformSizes = {
    8, 10, 12, 16, 18, 20, 24, 30, 32, 36, 40, 48, 60, 64, 96, 128};

double transform_multiplications(int F) {
  return 2.5 * F * F * std::log2(static_cast<double>(F) * F);
}

struct Geometry {
  int C = 0, D = 0, groups = 1;  ///< maps in and out, of all groups
  int H = 0, W = 0;              ///< padded input
  int out_h = 0, out_w = 0;      ///< at stride 1
  std::array<int, 2> kernel{}, stride{};
  std::array<int, 4> padding{};

  int bins(int F) const { return F * (F / 2 + 1); }
  int tiles_down(int F) const { return (out_h + F - kernel[0]) / (F - kernel[0] + 1); }
  int tiles_across(int F) const { return (out_w + F - kernel[1]) / (F - kernel[1] + 1); }
  double multiplications(int F) const {
    const double tiles = static_cast<double>(tiles_down(F)) * tiles_across(F);
    return tiles * ((C + D) * transform_multiplications(F) + 4.0 * bins(F) * C * (D / groups));
  }
  int best_size() const {
    int best = 0;
    double least = std::numeric_limits<double>::infinity();
    for (const int F : kTransformSizes) {
      if (F < std::max(kernel[0], kernel[1]) || multiplications(F) >= least) continue;
      least = multiplications(F);
      best = F;
    }
    return best;
  }
};

Geometry measure(const network::Convolution& convolution, const network::Shape& input) {
  const network::Window& window = convolution.window;
  Geometry g{.C = static_cast<int>(input[1]),
             .D = static_cast<int>(convolution.weight.shape[0]),
             .groups = convolution.groups,
             .H = static_cast<int>(input[2]) + window.padding[0] + window.padding[2],
             .W = static_cast<int>(input[3]) + window.padding[1] + window.padding[3],
             .kernel = window.kernel,
             .stride = window.stride,
             .padding = window.padding};
  g.out_h = g.H - g.kernel[0] + 1;
  g.out_w = g.W - g.kernel[1] + 1;
  return g;
}

/// One matrix per bin, maps x (images x tiles): all tiles of all images side by side.
using BinMatrices = std::vector<Eigen::MatrixXcf>;

}  // namespace

struct Convolution::Impl {
  Geometry g;
  int F = 0;
  /// Per group and bin: D/groups x C/groups, conj of the kernels' spectra over F^2.
  std::vector<std::vector<Eigen::MatrixXcf>> kernels;
  std::vector<float> bias;  ///< per output map; empty: none

  int tiles() const { return g.tiles_down(F) * g.tiles_across(F); }
  int top_of(int tile) const { return tile / g.tiles_across(F) * (F - g.kernel[0] + 1); }
  int left_of(int tile) const { return tile % g.tiles_across(F) * (F - g.kernel[1] + 1); }
  BinMatrices transform_inputs(const Tensor& x) const;
  void multiply(BinMatrices& spectra) const;
  Tensor transform_outputs(const BinMatrices& Y, std::int64_t images) const;
  void transform_kernels(const Tensor& weight);
  void cut(const float* image, int top, int left, std::vector<float>& pixels) const;
  void keep(const std::vector<float>& pixels, int top, int left, float* output, float offset) const;
  int out_rows() const { return (g.out_h + g.stride[0] - 1) / g.stride[0]; }
  int out_columns() const { return (g.out_w + g.stride[1] - 1) / g.stride[1]; }
};

void Convolution::Impl::transform_kernels(const Tensor& weight) {
  RealTransform transform(F);
  const int maps_in = g.C / g.groups, maps_out = g.D / g.groups;
  const int taps = g.kernel[0] * g.kernel[1];
  kernels.assign(static_cast<std::size_t>(g.groups),
                 std::vector<Eigen::MatrixXcf>(static_cast<std::size_t>(g.bins(F)),
                                               Eigen::MatrixXcf(maps_out, maps_in)));
  std::vector<float> pixels(static_cast<std::size_t>(F * F));
  std::vector<Complex> bins(static_cast<std::size_t>(g.bins(F)));
  const float scale = 1.0F / (static_cast<float>(F) * static_cast<float>(F));
  for (int d = 0; d < g.D; ++d) {
    for (int c = 0; c < maps_in; ++c) {
      std::ranges::fill(pixels, 0.0F);
      const float* taps_of = weight.data.data() + (d * maps_in + c) * taps;
      for (int u = 0; u < g.kernel[0]; ++u) {
        std::copy_n(taps_of + u * g.kernel[1], g.kernel[1], pixels.begin() + u * F);
      }
      transform.forward(pixels.data(), bins.data());
      // The network's convolution is a correlation: the conjugate spectrum.
      auto& group = kernels[static_cast<std::size_t>(d / maps_out)];
      for (std::size_t k = 0; k < bins.size(); ++k) {
        group[k](d % maps_out, c) = scale * std::conj(bins[k]);
      }
    }
  }
}

/// The tile of one map whose first output is (top, left), zeros outside the image.
void Convolution::Impl::cut(const float* image,
                            int top,
                            int left,
                            std::vector<float>& pixels) const {
  const int h = g.H - g.padding[0] - g.padding[2], w = g.W - g.padding[1] - g.padding[3];
  std::ranges::fill(pixels, 0.0F);
  const int first = std::max(0, g.padding[1] - left);
  const int last = std::min(F, w + g.padding[1] - left);
  for (int y = 0; y < F; ++y) {
    const int row = top + y - g.padding[0];
    if (row < 0 || row >= h || last <= first) continue;
    std::copy_n(image + row * w + left + first - g.padding[1],
                last - first,
                pixels.begin() + y * F + first);
  }
}

/// Writes the outputs of one tile that no wrap-around touches, thinned out by the stride.
void Convolution::Impl::keep(
    const std::vector<float>& pixels, int top, int left, float* output, float offset) const {
  for (int y = 0; y < F - g.kernel[0] + 1 && top + y < g.out_h; ++y) {
    if ((top + y) % g.stride[0] != 0) continue;
    float* row = output + (top + y) / g.stride[0] * out_columns();
    for (int x = 0; x < F - g.kernel[1] + 1 && left + x < g.out_w; ++x) {
      if ((left + x) % g.stride[1] != 0) continue;
      row[(left + x) / g.stride[1]] = pixels[static_cast<std::size_t>(y * F + x)] + offset;
    }
  }
}

Convolution::Convolution(const network::Convolution& convolution,
                         const network::Shape& input,
                         const std::string& place)
    : impl_(std::make_unique<Impl>()) {
  impl_->g = measure(convolution, input);
  impl_->F = impl_->g.best_size();
  if (convolution.window.dilation != std::array{1, 1} || impl_->F == 0) {
    throw InputError({.place = place,
                      .value = std::to_string(impl_->g.kernel[0]) + "x" +
                               std::to_string(impl_->g.kernel[1]) + " kernel",
                      .rule = "the spectral path takes kernels of at most " +
                              std::to_string(kTransformSizes.back()) +
                              " pixels a side, without dilation",
                      .remedy = "give this layer the path \"float\" or \"crossbar\""});
  }
  impl_->transform_kernels(convolution.weight);
  impl_->bias = convolution.bias.data;
}

Convolution::~Convolution() = default;
Convolution::Convolution(Convolution&&) noexcept = default;
Convolution& Convolution::operator=(Convolution&&) noexcept = default;

BinMatrices Convolution::Impl::transform_inputs(const Tensor& x) const {
  RealTransform transform(F);
  std::vector<float> pixels(static_cast<std::size_t>(F * F));
  std::vector<Complex> one(static_cast<std::size_t>(g.bins(F)));
  const auto images = static_cast<int>(x.shape[0]);
  BinMatrices X(one.size(), Eigen::MatrixXcf(g.C, images * tiles()));
  const std::ptrdiff_t plane = x.shape[2] * x.shape[3];
  for (int n = 0; n < images; ++n) {
    for (int t = 0; t < tiles(); ++t) {
      for (int c = 0; c < g.C; ++c) {
        const float* image = x.data.data() + (std::ptrdiff_t{n} * g.C + c) * plane;
        cut(image, top_of(t), left_of(t), pixels);
        transform.forward(pixels.data(), one.data());
        for (std::size_t k = 0; k < one.size(); ++k) X[k](c, n * tiles() + t) = one[k];
      }
    }
  }
  return X;
}

/// One product per group and bin, in place.
void Convolution::Impl::multiply(BinMatrices& spectra) const {
  const int in = g.C / g.groups, out = g.D / g.groups;
  for (std::size_t k = 0; k < spectra.size(); ++k) {
    Eigen::MatrixXcf Y(g.D, spectra[k].cols());
    for (int group = 0; group < g.groups; ++group) {
      Y.middleRows(group * out, out).noalias() =
          kernels[static_cast<std::size_t>(group)][k] * spectra[k].middleRows(group * in, in);
    }
    spectra[k] = std::move(Y);
  }
}

Tensor Convolution::Impl::transform_outputs(const BinMatrices& Y, std::int64_t images) const {
  RealTransform transform(F);
  std::vector<float> pixels(static_cast<std::size_t>(F * F));
  std::vector<Complex> one(Y.size());
  Tensor y({images, g.D, out_rows(), out_columns()});
  const std::ptrdiff_t plane = std::ptrdiff_t{out_rows()} * out_columns();
  for (int n = 0; n < images; ++n) {
    for (int t = 0; t < tiles(); ++t) {
      for (int d = 0; d < g.D; ++d) {
        for (std::size_t k = 0; k < one.size(); ++k) one[k] = Y[k](d, n * tiles() + t);
        transform.backward(one.data(), pixels.data());
        keep(pixels,
             top_of(t),
             left_of(t),
             y.data.data() + (std::ptrdiff_t{n} * g.D + d) * plane,
             bias.empty() ? 0.0F : bias[static_cast<std::size_t>(d)]);
      }
    }
  }
  return y;
}

Tensor Convolution::apply(const Tensor& x) const {
  BinMatrices spectra = impl_->transform_inputs(x);
  impl_->multiply(spectra);
  return impl_->transform_outputs(spectra, x.shape[0]);
}

int Convolution::transform_size() const noexcept {
  return impl_->F;
}

double Convolution::multiplications() const noexcept {
  return impl_->g.multiplications(impl_->F);
}

Counts Convolution::counts() const noexcept {
  const Geometry& g = impl_->g;
  const std::int64_t tiles = impl_->tiles(), bins = g.bins(impl_->F), C = g.C, D = g.D;
  const std::int64_t products = tiles * bins * (C / g.groups) * D;
  const double flops = static_cast<double>(tiles * (C + D)) * transform_multiplications(impl_->F);
  const std::int64_t image =
      std::int64_t{g.H - g.padding[0] - g.padding[2]} * (g.W - g.padding[1] - g.padding[3]);
  const std::int64_t outputs = std::int64_t{impl_->out_rows()} * impl_->out_columns();
  return {.multiplications = 4 * products + std::llround(0.4 * flops),
          .additions = 4 * products - 2 * tiles * bins * D + std::llround(0.6 * flops),
          .words_in = C * (image + 2 * tiles * bins),
          .words_kernel = 2 * bins * (C / g.groups) * D,
          .words_out = D * (outputs + 2 * tiles * bins)};
}

double spatial_multiplications(const network::Convolution& convolution,
                               const network::Shape& output) {
  const auto& weight = convolution.weight.shape;
  return static_cast<double>(weight[0] * weight[1] * weight[2] * weight[3]) *
         static_cast<double>(output[2] * output[3]);
}

}  // namespace memspice::spectral
