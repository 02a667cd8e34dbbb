#include "spectral/run.hpp"

#include <algorithm>
#include <cassert>

namespace memspice::spectral {
namespace {

using RowMajor = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

const SpectralNetwork& checked(const SpectralNetwork& network) {
  network.validate(network.architecture.name);
  return network;
}

/// A library product carries its call over many multiplications; below, Eigen's loops are faster.
constexpr Eigen::Index kSmallProduct = 512;

void multiply(const Eigen::MatrixXcf& K, const Eigen::MatrixXcf& X, Eigen::MatrixXcf& Y) {
  if (K.size() * X.cols() < kSmallProduct) {
    Y = K.lazyProduct(X);
  } else {
    Y.noalias() = K * X;
  }
}

/// Activations that mix the bins of a map.
void activate_maps(const Activation& activation, Spectra& spectra) {
  std::vector<Complex> map(spectra.bins.size());
  for (Eigen::Index n = 0; n < spectra.bins.front().cols(); ++n) {
    for (Eigen::Index d = 0; d < spectra.bins.front().rows(); ++d) {
      for (std::size_t k = 0; k < map.size(); ++k) map[k] = spectra.bins[k](d, n);
      activate_map(activation, spectra.size, map);
      for (std::size_t k = 0; k < map.size(); ++k) spectra.bins[k](d, n) = map[k];
    }
  }
}

}  // namespace

void activate(const Activation& activation, Spectra& spectra) {
  if (activation.kind == Activation::Kind::None) return;
  if (!is_binwise(activation.kind)) return activate_maps(activation, spectra);
  for (Eigen::MatrixXcf& bin : spectra.bins) {
    for (Complex& z : bin.reshaped()) z = activate(activation, z);
  }
}

LayerProduct::LayerProduct(const SpectralNetwork& network, std::size_t layer)
    : shape_(network.architecture.layers[layer]), storage_(network.architecture.storage) {
  using KernelMap =
      Eigen::Map<const Eigen::Matrix<Complex, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>;
  const auto block = static_cast<std::ptrdiff_t>(shape_.channels_in) * shape_.channels_out;
  for (int k = 0; k < bin_count(shape_.size, storage_); ++k) {
    kernels_.emplace_back(KernelMap(
        network.kernels[layer].data() + k * block, shape_.channels_out, shape_.channels_in));
  }
  const float pixels = static_cast<float>(shape_.size) * static_cast<float>(shape_.size);
  mean_ = (Eigen::Map<const Eigen::VectorXf>(network.biases[layer].data(), shape_.channels_out) *
           pixels)
              .cast<Complex>();
}

Spectra LayerProduct::apply(const Spectra& X) const {
  assert(X.size >= shape_.size);
  const std::vector<int> taken = central_bins(X.size, shape_.size, storage_);
  Spectra Z{.size = shape_.size};
  Z.bins.resize(kernels_.size());
  for (std::size_t k = 0; k < kernels_.size(); ++k) {
    multiply(kernels_[k], X.bins[static_cast<std::size_t>(taken[k])], Z.bins[k]);
  }
  Z.bins[static_cast<std::size_t>(dc_bin(shape_.size, storage_))].colwise() += mean_;
  if (shape_.pooled == shape_.size) return Z;

  Spectra pooled{.size = shape_.pooled};
  for (const int k : central_bins(shape_.size, shape_.pooled, storage_)) {
    pooled.bins.push_back(pooling_factor(shape_) * Z.bins[static_cast<std::size_t>(k)]);
  }
  return pooled;
}

Runner::Runner(const SpectralNetwork& network)
    : architecture_(checked(network).architecture),
      transform_(architecture_.image, architecture_.layers.front().size, architecture_.storage) {
  for (std::size_t l = 0; l < architecture_.layers.size(); ++l) layers_.emplace_back(network, l);
  Eigen::Index inputs = architecture_.features();
  for (std::size_t l = 0; l < architecture_.classifier.size(); ++l) {
    const Eigen::Index outputs = architecture_.classifier[l];
    weights_.emplace_back(
        Eigen::Map<const RowMajor>(network.weights[l].data.data(), outputs, inputs));
    offsets_.emplace_back(Eigen::Map<const Eigen::VectorXf>(network.offsets[l].data(), outputs));
    inputs = outputs;
  }
}

Eigen::MatrixXf Runner::features(const network::Tensor& images) const {
  Spectra X = transform_.apply(images);
  for (const LayerProduct& layer : layers_) {
    X = layer.apply(X);
    activate(architecture_.activation, X);
  }
  const Eigen::Index per_bin = 2 * X.bins.front().rows();
  Eigen::MatrixXf gathered(per_bin * static_cast<Eigen::Index>(X.bins.size()),
                           X.bins.front().cols());
  for (std::size_t k = 0; k < X.bins.size(); ++k) {
    // A complex column is its Re and Im side by side in memory.
    gathered.middleRows(static_cast<Eigen::Index>(k) * per_bin, per_bin) =
        Eigen::Map<const Eigen::MatrixXf>(
            reinterpret_cast<const float*>(X.bins[k].data()), per_bin, gathered.cols());
  }
  return gathered;
}

network::Tensor Runner::run(const network::Tensor& images) const {
  Eigen::MatrixXf x = features(images);
  for (std::size_t l = 0; l < weights_.size(); ++l) {
    Eigen::MatrixXf y(weights_[l].rows(), x.cols());
    y.noalias() = weights_[l] * x;
    y.colwise() += offsets_[l];
    if (l + 1 < weights_.size()) y = y.cwiseMax(0.0F);
    x = std::move(y);
  }
  network::Tensor scores({x.cols(), x.rows()});
  Eigen::Map<Eigen::MatrixXf>(scores.data.data(), x.rows(), x.cols()) = x;
  return scores;
}

}  // namespace memspice::spectral
