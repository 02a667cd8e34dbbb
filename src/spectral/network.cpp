#include "spectral/network.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "base/error.hpp"

namespace memspice::spectral {
namespace {

void check_layer(const LayerShape& layer, int size_before, int maps_before, std::string place) {
  if (layer.size < 1 || layer.size > size_before) {
    reject(place + ".size",
           std::to_string(layer.size),
           "a layer computes 1 to " + std::to_string(size_before) +
               " bins a side, what the one before it keeps",
           "sizes only fall from layer to layer");
  }
  if (layer.pooled < 1 || layer.pooled > layer.size) {
    reject(place + ".pooled",
           std::to_string(layer.pooled),
           "pooling keeps 1 to " + std::to_string(layer.size) + " bins a side",
           "give the layer's size to keep all");
  }
  if (layer.channels_in != maps_before || layer.channels_out < 1) {
    reject(
        place,
        std::to_string(layer.channels_in) + " -> " + std::to_string(layer.channels_out) + " maps",
        std::to_string(maps_before) + " maps come in, and at least one goes out",
        "let the depths follow each other");
  }
}

template <typename Values>
void check_values(const Values& values, std::size_t count, const std::string& place) {
  if (values.size() != count) {
    reject(place,
           std::to_string(values.size()) + " values",
           "needs " + std::to_string(count),
           "export the network again");
  }
  for (const auto& value : values) {
    if (!std::isfinite(std::abs(value))) reject(place, {}, "holds NaN or infinity", "train again");
  }
}

}  // namespace

float pooling_factor(const LayerShape& layer) noexcept {
  const float ratio = static_cast<float>(layer.pooled) / static_cast<float>(layer.size);
  return ratio * ratio;
}

int Architecture::features() const {
  return 2 * bin_count(layers.back().pooled, storage) * layers.back().channels_out;
}

void Architecture::validate(const std::string& place) const {
  if (layers.empty()) reject(place, {}, "has no spectral layer", "give at least one");
  if (classifier.empty()) reject(place, {}, "has no classifier", "give its outputs, e.g. [84, 10]");
  int size = image, maps = channels;
  for (std::size_t l = 0; l < layers.size(); ++l) {
    check_layer(layers[l], size, maps, place + ".layer" + std::to_string(l + 1));
    size = layers[l].pooled;
    maps = layers[l].channels_out;
  }
  for (const int outputs : classifier) {
    if (outputs < 1) reject(place + ".classifier", std::to_string(outputs), "is below 1", "");
  }
  if (storage == Storage::Half && !keeps_real_signals(activation.kind)) {
    reject(place + ".storage",
           "\"half\"",
           "activation " + std::string(to_text(activation.kind)) +
               " needs the full spectrum: behind it the signal is no longer real",
           "use storage = \"full\", or activation \"modrelu\" or \"none\"");
  }
}

void SpectralNetwork::validate(const std::string& place) const {
  architecture.validate(place);
  const auto& a = architecture;
  if (kernels.size() != a.layers.size() || biases.size() != a.layers.size() ||
      weights.size() != a.classifier.size() || offsets.size() != a.classifier.size()) {
    reject(place, {}, "lacks the weights of a layer", "export the network again");
  }
  for (std::size_t l = 0; l < a.layers.size(); ++l) {
    const LayerShape& layer = a.layers[l];
    const auto maps = static_cast<std::size_t>(layer.channels_out);
    const auto count = static_cast<std::size_t>(bin_count(layer.size, a.storage)) * maps *
                       static_cast<std::size_t>(layer.channels_in);
    const std::string name = place + ".layer" + std::to_string(l + 1);
    check_values(kernels[l], count, name + ".kernel");
    check_values(biases[l], maps, name + ".bias");
  }
  auto inputs = static_cast<std::size_t>(a.features());
  for (std::size_t l = 0; l < a.classifier.size(); ++l) {
    const auto outputs = static_cast<std::size_t>(a.classifier[l]);
    const std::string name = place + ".classifier" + std::to_string(l + 1);
    check_values(weights[l].data, inputs * outputs, name + ".weight");
    check_values(offsets[l], outputs, name + ".bias");
    inputs = outputs;
  }
}

Architecture fuse(const Architecture& architecture) {
  Architecture fused = architecture;
  for (LayerShape& layer : fused.layers) layer.size = layer.pooled;
  return fused;
}

namespace {

/// Layer l with the central bins of `size` alone, times `factor`.
void keep_bins(SpectralNetwork& network, std::size_t l, int size, float factor) {
  LayerShape& layer = network.architecture.layers[l];
  const auto block = static_cast<std::ptrdiff_t>(layer.channels_in) * layer.channels_out;
  std::vector<std::complex<float>> kept;
  for (const int k : central_bins(layer.size, size, network.architecture.storage)) {
    const auto* first = network.kernels[l].data() + k * block;
    std::transform(
        first, first + block, std::back_inserter(kept), [&](auto z) { return factor * z; });
  }
  network.kernels[l] = std::move(kept);
  layer.size = layer.pooled = size;
}

}  // namespace

SpectralNetwork fuse(const SpectralNetwork& network) {
  SpectralNetwork fused = network;
  for (std::size_t l = 0; l < fused.kernels.size(); ++l) {
    // The bias needs no factor: b M^2 (M'/M)^2 is b M'^2.
    const LayerShape& layer = network.architecture.layers[l];
    keep_bins(fused, l, layer.pooled, pooling_factor(layer));
  }
  return fused;
}

namespace {

/// Layer l with the bins of `size`, of which its kernels hold those pooling keeps.
void spread_bins(SpectralNetwork& network, std::size_t l, int size) {
  LayerShape& layer = network.architecture.layers[l];
  const auto block = static_cast<std::ptrdiff_t>(layer.channels_in) * layer.channels_out;
  const Storage storage = network.architecture.storage;
  std::vector<std::complex<float>> spread(
      static_cast<std::size_t>(bin_count(size, storage) * block));
  const std::vector<int> places = central_bins(size, layer.size, storage);
  layer.size = size;
  const float factor = 1.0F / pooling_factor(layer);
  for (std::size_t k = 0; k < places.size(); ++k) {
    const auto* first = network.kernels[l].data() + static_cast<std::ptrdiff_t>(k) * block;
    std::transform(first, first + block, spread.begin() + places[k] * block, [&](auto z) {
      return factor * z;
    });
  }
  network.kernels[l] = std::move(spread);
}

}  // namespace

Architecture unfuse(const Architecture& architecture) {
  Architecture whole = architecture;
  int size = whole.image;
  for (LayerShape& layer : whole.layers) {
    layer.size = size;
    size = layer.pooled;
  }
  return whole;
}

SpectralNetwork unfuse(const SpectralNetwork& network) {
  SpectralNetwork whole = fuse(network);
  const Architecture shape = unfuse(network.architecture);
  for (std::size_t l = 0; l < whole.kernels.size(); ++l) {
    spread_bins(whole, l, shape.layers[l].size);
  }
  return whole;
}

SpectralNetwork drop_unused_bins(const SpectralNetwork& network) {
  const Architecture& a = network.architecture;
  if (!is_binwise(a.activation.kind)) {
    reject(a.name,
           std::string(to_text(a.activation.kind)),
           "mixes the bins of a map, so that every one of them counts",
           "train with an activation that acts on each bin alone, such as clrelu");
  }
  SpectralNetwork small = fuse(network);
  const int size = a.layers.back().pooled;
  for (std::size_t l = 0; l < small.kernels.size(); ++l) {
    // What the bias adds to the mean, b M^2, stays as it was when M falls.
    const double ratio = static_cast<double>(small.architecture.layers[l].size) / size;
    for (float& bias : small.biases[l]) bias *= static_cast<float>(ratio * ratio);
    keep_bins(small, l, size, 1.0F);
  }
  return small;
}

}  // namespace memspice::spectral
