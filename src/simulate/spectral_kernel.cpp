#include "simulate/spectral_kernel.hpp"

#include <algorithm>

namespace memspice::simulate {
namespace {

using network::Tensor;

/// Images whose spectra are held at a time: those of a whole batch would leave the caches.
constexpr std::int64_t kImagesPerCall = 8;

Tensor slice(const Tensor& x, std::int64_t first, std::int64_t count) {
  network::Shape shape = x.shape;
  const std::int64_t stride = x.size() / shape.front();
  shape.front() = count;
  const auto from = x.data.begin() + first * stride;
  return Tensor(shape, {from, from + count * stride});
}

class SpectralKernel : public LayerKernel {
 public:
  explicit SpectralKernel(std::shared_ptr<const spectral::Convolution> convolution)
      : convolution_(std::move(convolution)) {}

  Tensor apply(std::span<const Tensor* const> inputs, std::uint64_t) const override {
    const Tensor& x = *inputs.front();
    const std::int64_t images = x.shape.front();
    Tensor y;
    for (std::int64_t first = 0; first < images; first += kImagesPerCall) {
      const Tensor part =
          convolution_->apply(slice(x, first, std::min(kImagesPerCall, images - first)));
      if (y.shape.empty()) y.shape = part.shape;
      y.data.insert(y.data.end(), part.data.begin(), part.data.end());
    }
    y.shape.front() = images;
    return y;
  }

 private:
  std::shared_ptr<const spectral::Convolution> convolution_;
};

}  // namespace

std::unique_ptr<LayerKernel> make_spectral_kernel(
    std::shared_ptr<const spectral::Convolution> convolution) {
  return std::make_unique<SpectralKernel>(std::move(convolution));
}

}  // namespace memspice::simulate
