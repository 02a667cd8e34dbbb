#pragma once
// An ordinary convolution computed in the spectrum, by overlap-save: the image is cut into square
// tiles of F x F pixels that overlap by the kernel, each tile is transformed, bin by bin multiplied
// with the kernels' spectra (a complex matrix product over the maps), and transformed back; of each
// tile the F - k + 1 outputs a side that no wrap-around touches are kept.

#include <Eigen/Core>
#include <memory>

#include "network/layer.hpp"
#include "spectral/cost.hpp"

namespace memspice::spectral {

class Convolution {
 public:
  /// For inputs of shape (any batch) x C x H x W. Throws InputError with `place` for dilation,
  /// which has no gain in the spectrum. Strides are computed in full and then thinned out.
  Convolution(const network::Convolution& convolution,
              const network::Shape& input,
              const std::string& place);
  ~Convolution();
  Convolution(Convolution&&) noexcept;
  Convolution& operator=(Convolution&&) noexcept;

  /// Equal to network::apply within float rounding. Safe to call from many threads.
  network::Tensor apply(const network::Tensor& x) const;

  int transform_size() const noexcept;      ///< F
  double multiplications() const noexcept;  ///< real, per image, transforms included
  /// Per image, transforms included: their 2.5 F^2 log2(F^2) flops are 2 multiplications to 3
  /// additions, as in a radix-2 butterfly. Words: pixels and spectra, in and out; kernel spectra.
  Counts counts() const noexcept;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Real multiplications per image of the same layer computed in space.
double spatial_multiplications(const network::Convolution& convolution,
                               const network::Shape& output);

}  // namespace memspice::spectral
