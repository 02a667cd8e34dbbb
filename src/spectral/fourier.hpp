#pragma once
// Two-dimensional discrete Fourier transforms between images and kept bins.
//
//   X[ky,kx] = sum_{p,q} x[p,q] exp(-2 pi i (ky p + kx q) / n)        n x n pixels, no scale
//
// The inverse carries 1/n^2.

#include <Eigen/Core>
#include <complex>
#include <span>
#include <vector>

#include "network/tensor.hpp"
#include "spectral/bins.hpp"

namespace memspice::spectral {

using Complex = std::complex<float>;

/// Spectra of a batch, one matrix per bin: maps x images. The product of a layer is then one
/// complex matrix product per bin.
struct Spectra {
  int size = 0;                             ///< M
  std::vector<Eigen::MatrixXcf> bins = {};  ///< in storage order
};

/// The transform of square images of one size to the central M x M bins. Where few bins are kept,
/// the sum itself (two small real matrix products) is cheaper than all bins of a fast transform:
/// the constructor chooses by operation count. Safe to use from many threads.
class ImageTransform {
 public:
  enum class Method { Fastest, FastTransform, DirectSum };
  /// image: side in pixels >= size >= 1.
  ImageTransform(int image, int size, Storage storage, Method method = Method::Fastest);

  /// images: N x C x image x image -> C x N per bin. Throws InputError for another shape.
  Spectra apply(const network::Tensor& images) const;
  Method method() const noexcept { return method_; }

 private:
  void transform_fast(const float* image, Complex* spectrum) const;
  void transform_direct(const float* image, Complex* spectrum) const;

  int image_, size_;
  Storage storage_;
  Method method_;
  std::vector<Bin> bins_;
  Eigen::MatrixXf cosines_, sines_;  ///< frequencies -floor(M/2) .. x pixels, of the direct sum
};

/// A full n x n spectrum in storage order from a complex signal in row-major order, and back.
std::vector<Complex> transform_map(std::span<const Complex> signal, int n);
std::vector<Complex> inverse_transform(std::span<const Complex> bins, int n);

}  // namespace memspice::spectral
