#pragma once
// A network that computes in the spectrum: one transform of the image, spectral layers, then a real
// classifier on the bins that are left (Rizvi et al. 2023; METHODS section 7).
//
//   image --DFT--> X --layer 0--> ... --layer L-1--> [Re, Im of every bin] --classifier--> scores
//   layer: Z[d,k] = sum_c K[d,c,k] X[c,k] + b_d M^2 [k = 0]       for the M x M bins k
//          Y[d]   = act( (M'/M)^2 Z[d] on the central M' x M' bins )
// Pooling's factor keeps the signal's amplitude. It stands before the activation, so that the bins
// it drops need never be computed, whatever the activation.
//
// M: bins a side that a layer computes; M': those that its pooling keeps; C, D: maps in and out.

#include <complex>
#include <filesystem>
#include <string>
#include <vector>

#include "network/tensor.hpp"
#include "spectral/activation.hpp"
#include "spectral/bins.hpp"

namespace memspice::spectral {

/// The shape of one spectral layer.
struct LayerShape {
  int size = 0;    ///< M, at most what the layer before keeps
  int pooled = 0;  ///< M', 1 .. M
  int channels_in = 0, channels_out = 0;
  friend bool operator==(const LayerShape&, const LayerShape&) = default;
};

float pooling_factor(const LayerShape& layer) noexcept;  ///< (M'/M)^2

/// Everything about a spectral network but its weights: what cost and optimiser look at.
struct Architecture {
  std::string name;
  int image = 0;     ///< the image's side [pixels]
  int channels = 1;  ///< of the image
  std::vector<LayerShape> layers;
  std::vector<int> classifier;  ///< outputs of each fully connected layer; the last: classes
  Activation activation;        ///< of all spectral layers
  Storage storage = Storage::Full;

  int features() const;  ///< real inputs of the classifier: 2 x bins x maps
  /// Throws InputError with `place` for sizes that do not follow each other, a size < 1, no layer,
  /// no classifier, and an activation that needs the full spectrum under half storage.
  void validate(const std::string& place) const;
};

struct SpectralNetwork {
  Architecture architecture;
  /// Per layer: bins x channels_out x channels_in, the bins of `size` in storage order.
  std::vector<std::vector<std::complex<float>>> kernels;
  std::vector<std::vector<float>> biases;  ///< per layer: channels_out
  /// Per classifier layer: n_out x n_in row-major, and n_out. Between two of them: relu.
  std::vector<network::Tensor> weights;
  std::vector<std::vector<float>> offsets;

  /// Throws InputError with `place` when a weight is missing, of another size, or not finite.
  void validate(const std::string& place) const;
};

/// Convolution and pooling in one: each layer computes only the bins that its pooling keeps, size =
/// pooled, and carries pooling's factor in its kernels. The same results.
Architecture fuse(const Architecture& architecture);
SpectralNetwork fuse(const SpectralNetwork& network);

/// The other way: each layer computes every bin that it is given, and its pooling drops the rest.
/// The kernels of bins that reach no output are zero. The same results.
Architecture unfuse(const Architecture& architecture);
SpectralNetwork unfuse(const SpectralNetwork& network);

/// Every layer reduced to the bins that the last one keeps, fused: what a bin-wise activation lets
/// a run leave out. The same results. Throws InputError for an activation that mixes bins.
SpectralNetwork drop_unused_bins(const SpectralNetwork& network);

/// True when the file is a spectral network: an ONNX file whose nodes are of domain
/// memspice.spectral.
bool is_spectral_file(const std::filesystem::path& file);
/// Reads one. Throws InputError naming file and node.
SpectralNetwork load_spectral(const std::filesystem::path& file);
void save_spectral(const SpectralNetwork& network, const std::filesystem::path& file);

}  // namespace memspice::spectral
