#pragma once
// The fast transform of a real square image and its inverse, both without scale.
//
// Built from one-dimensional transforms: KissFFT 131.1's own multi-dimensional real transform reads
// past its plan for some sizes.

#include <complex>
#include <memory>
#include <vector>

namespace memspice::spectral {

/// size x size pixels <-> size x (size/2 + 1) bins, kx >= 0, in the transform's own order
/// (frequency 0 first). Holds scratch memory: one object per thread.
class RealTransform {
 public:
  explicit RealTransform(int size);  ///< even, >= 2
  ~RealTransform();
  RealTransform(const RealTransform&) = delete;
  RealTransform& operator=(const RealTransform&) = delete;

  int size() const noexcept { return size_; }
  int columns() const noexcept { return size_ / 2 + 1; }
  void forward(const float* pixels, std::complex<float>* bins);
  /// size^2 times the image.
  void backward(const std::complex<float>* bins, float* pixels);

 private:
  struct Plans;  // keeps KissFFT out of this header
  int size_;
  std::unique_ptr<Plans> plans_;
  std::vector<std::complex<float>> column_, bins_;
};

}  // namespace memspice::spectral
