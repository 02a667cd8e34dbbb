#include "spectral/fourier.hpp"

#include <kissfft/kiss_fftnd.h>

#include <array>
#include <cassert>
#include <cmath>
#include <memory>
#include <numbers>

#include "base/error.hpp"
#include "spectral/real_transform.hpp"

namespace memspice::spectral {
namespace {

static_assert(sizeof(Complex) == sizeof(kiss_fft_cpx), "both are two floats");

template <typename Plan>
struct FreePlan {
  void operator()(Plan* plan) const noexcept { kiss_fft_free(plan); }
};
using ComplexPlan = std::unique_ptr<std::remove_pointer_t<kiss_fftnd_cfg>,
                                    FreePlan<std::remove_pointer_t<kiss_fftnd_cfg>>>;
/// Where frequency k lies in a transform's own order, 0 .. n-1.
int wrapped(int k, int n) noexcept {
  return k < 0 ? k + n : k;
}

/// Each thread keeps the transform of the last size it used.
RealTransform& real_transform(int n) {
  thread_local std::unique_ptr<RealTransform> transform;
  if (!transform || transform->size() != n) transform = std::make_unique<RealTransform>(n);
  return *transform;
}

std::vector<Complex> complex_transform(std::span<const Complex> input, int n, bool inverse) {
  const std::array<int, 2> sides{n, n};
  const ComplexPlan plan(kiss_fftnd_alloc(sides.data(), 2, inverse ? 1 : 0, nullptr, nullptr));
  std::vector<Complex> output(input.size());
  kiss_fftnd(plan.get(),
             reinterpret_cast<const kiss_fft_cpx*>(input.data()),
             reinterpret_cast<kiss_fft_cpx*>(output.data()));
  return output;
}

/// Real multiplications per image, for the choice between the two ways.
double fast_cost(int n) {
  return 2.5 * n * n * std::log2(static_cast<double>(n) * n);
}
double direct_cost(int n, int rows, int columns) {
  return 2.0 * columns * n * n + 4.0 * columns * n * rows;
}

/// KissFFT's real transform needs an even size.
bool has_fast_transform(int n) {
  return n % 2 == 0;
}

Eigen::MatrixXf wave(int size, int image, double (*function)(double)) {
  Eigen::MatrixXf table(size, image);
  for (int k = 0; k < size; ++k) {
    for (int p = 0; p < image; ++p) {
      const long turn = static_cast<long>(k - size / 2) * p % image;  // keeps the angle small
      table(k, p) =
          static_cast<float>(function(2.0 * std::numbers::pi * static_cast<double>(turn) / image));
    }
  }
  return table;
}

}  // namespace

ImageTransform::ImageTransform(int image, int size, Storage storage, Method method)
    : image_(image),
      size_(size),
      storage_(storage),
      method_(method),
      bins_(bins_of(size, storage)) {
  assert(size >= 1 && size <= image);
  if (method_ == Method::Fastest) {
    const int columns = bin_count(size, storage) / size;
    const bool direct =
        !has_fast_transform(image) || direct_cost(image, size, columns) < fast_cost(image);
    method_ = direct ? Method::DirectSum : Method::FastTransform;
  }
  assert(method_ == Method::DirectSum || has_fast_transform(image));
  if (method_ == Method::DirectSum) {
    cosines_ = wave(size, image, [](double a) { return std::cos(a); });
    sines_ = wave(size, image, [](double a) { return std::sin(a); });
  }
}

void ImageTransform::transform_fast(const float* image, Complex* spectrum) const {
  const int half = image_ / 2 + 1;
  std::vector<Complex> raw(static_cast<std::size_t>(image_) * static_cast<std::size_t>(half));
  real_transform(image_).forward(image, raw.data());
  for (std::size_t k = 0; k < bins_.size(); ++k) {
    // A real image: X(-ky, -kx) = conj X(ky, kx), and only kx >= 0 is computed.
    const bool mirrored = bins_[k].kx < 0;
    const int ky = wrapped(mirrored ? -bins_[k].ky : bins_[k].ky, image_);
    const int kx = mirrored ? -bins_[k].kx : bins_[k].kx;
    const Complex z = raw[static_cast<std::size_t>(ky % image_ * half + kx)];
    spectrum[k] = mirrored ? std::conj(z) : z;
  }
}

void ImageTransform::transform_direct(const float* image, Complex* spectrum) const {
  using RowMajor = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  const Eigen::Map<const RowMajor> pixels(image, image_, image_);
  const int columns = bin_count(size_, storage_) / size_;
  // Along each row first, then down the columns: exp(-i a) = cos a - i sin a.
  const Eigen::MatrixXf re = pixels * cosines_.topRows(columns).transpose();
  const Eigen::MatrixXf im = -(pixels * sines_.topRows(columns).transpose());
  const Eigen::MatrixXf real = cosines_ * re + sines_ * im;
  const Eigen::MatrixXf imaginary = cosines_ * im - sines_ * re;
  for (int y = 0; y < size_; ++y) {
    for (int x = 0; x < columns; ++x) spectrum[y * columns + x] = {real(y, x), imaginary(y, x)};
  }
}

Spectra ImageTransform::apply(const network::Tensor& images) const {
  const bool fits =
      images.shape.size() == 4 && images.shape[2] == image_ && images.shape[3] == image_;
  if (!fits) {
    throw InputError({.place = "images",
                      .value = network::to_text(images.shape),
                      .rule = "this spectral network takes images of " + std::to_string(image_) +
                              " x " + std::to_string(image_),
                      .remedy = "give images of that size"});
  }
  const auto count = static_cast<int>(images.shape[0]);
  const auto channels = static_cast<int>(images.shape[1]);
  const std::ptrdiff_t pixels = std::ptrdiff_t{image_} * image_;
  Spectra spectra{.size = size_};
  spectra.bins.assign(bins_.size(), Eigen::MatrixXcf(channels, count));
  std::vector<Complex> one(bins_.size());
  for (int n = 0; n < count; ++n) {
    for (int c = 0; c < channels; ++c) {
      const float* image = images.data.data() + (std::ptrdiff_t{n} * channels + c) * pixels;
      method_ == Method::FastTransform ? transform_fast(image, one.data())
                                       : transform_direct(image, one.data());
      for (std::size_t k = 0; k < one.size(); ++k) spectra.bins[k](c, n) = one[k];
    }
  }
  return spectra;
}

std::vector<Complex> transform_map(std::span<const Complex> signal, int n) {
  const std::vector<Complex> raw = complex_transform(signal, n, false);
  std::vector<Complex> bins;
  bins.reserve(raw.size());
  for (const Bin& bin : bins_of(n, Storage::Full)) {
    bins.push_back(raw[static_cast<std::size_t>(wrapped(bin.ky, n) * n + wrapped(bin.kx, n))]);
  }
  return bins;
}

std::vector<Complex> inverse_transform(std::span<const Complex> bins, int n) {
  std::vector<Complex> raw(bins.size());
  std::size_t k = 0;
  for (const Bin& bin : bins_of(n, Storage::Full)) {
    raw[static_cast<std::size_t>(wrapped(bin.ky, n) * n + wrapped(bin.kx, n))] = bins[k++];
  }
  std::vector<Complex> signal = complex_transform(raw, n, true);
  for (Complex& y : signal) y /= static_cast<float>(n) * static_cast<float>(n);
  return signal;
}

}  // namespace memspice::spectral
