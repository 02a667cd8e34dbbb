#pragma once
// Batches of images through a spectral network.

#include "network/tensor.hpp"
#include "spectral/fourier.hpp"
#include "spectral/network.hpp"

namespace memspice::spectral {

/// Activation behind each bin of every map, in place.
void activate(const Activation& activation, Spectra& spectra);

/// One spectral layer without its activation, ready to multiply: complex matrix products over the
/// bins, then pooling.
class LayerProduct {
 public:
  LayerProduct(const SpectralNetwork& network, std::size_t layer);
  /// C x N a bin, of at least this layer's size (more bins are left out) -> D x N a kept bin.
  Spectra apply(const Spectra& X) const;

 private:
  LayerShape shape_;
  Storage storage_;
  std::vector<Eigen::MatrixXcf> kernels_;  ///< D x C per computed bin
  Eigen::VectorXcf mean_;                  ///< what biases add to the mean's bin
};

/// A network with its weights laid out for speed. Safe to use from many threads.
class Runner {
 public:
  /// Throws InputError when the network is not valid.
  explicit Runner(const SpectralNetwork& network);

  /// images: N x C x n x n in network units -> N x classes.
  network::Tensor run(const network::Tensor& images) const;
  /// What enters the classifier: features x N. Bins in storage order, maps within a bin, Re before
  /// Im.
  Eigen::MatrixXf features(const network::Tensor& images) const;

 private:
  Architecture architecture_;
  ImageTransform transform_;
  std::vector<LayerProduct> layers_;
  std::vector<Eigen::MatrixXf> weights_;  ///< n_out x n_in
  std::vector<Eigen::VectorXf> offsets_;
};

}  // namespace memspice::spectral
