#include "spectral/cost.hpp"

#include <cmath>

namespace memspice::spectral {
namespace {

Counts count_layer(const LayerShape& layer, Storage storage) {
  const std::int64_t bins = bin_count(layer.size, storage);
  const std::int64_t C = layer.channels_in, D = layer.channels_out;
  return {.multiplications = 4 * bins * C * D,
          .additions = 2 * bins * C * D + 2 * bins * (C - 1) * D,
          .words_in = 2 * bins * C,
          .words_kernel = 2 * bins * C * D,
          .words_out = 2 * bins * D};
}

std::vector<Counts> count_classifier(const Architecture& architecture) {
  std::vector<Counts> counts;
  std::int64_t inputs = architecture.features();
  for (const std::int64_t outputs : architecture.classifier) {
    counts.push_back({.multiplications = inputs * outputs,
                      .additions = (inputs - 1) * outputs,
                      .words_in = inputs,
                      .words_kernel = inputs * outputs,
                      .words_out = outputs});
    inputs = outputs;
  }
  return counts;
}

double transform_flops(const Architecture& architecture) {
  const double pixels = static_cast<double>(architecture.image) * architecture.image;
  return 5.0 * pixels * std::log2(pixels) * architecture.channels;
}

}  // namespace

Counts& Counts::operator+=(const Counts& other) noexcept {
  multiplications += other.multiplications;
  additions += other.additions;
  words_in += other.words_in;
  words_kernel += other.words_kernel;
  words_out += other.words_out;
  return *this;
}

std::int64_t NetworkCost::computation_and_memory() const noexcept {
  return total.operations() + total.words() + classifier.operations() + classifier.words();
}

Counts count_transform(const Architecture& architecture) {
  const double flops = transform_flops(architecture);
  const std::int64_t maps = architecture.channels;
  const std::int64_t pixels = std::int64_t{architecture.image} * architecture.image;
  const int kept = architecture.layers.empty() ? architecture.image : architecture.layers[0].size;
  return {.multiplications = std::llround(0.4 * flops),
          .additions = std::llround(0.6 * flops),
          .words_in = maps * pixels,
          .words_kernel = 0,
          .words_out = 2 * maps * bin_count(kept, architecture.storage)};
}

NetworkCost count_cost(const Architecture& architecture) {
  NetworkCost cost;
  for (const LayerShape& layer : architecture.layers) {
    cost.layers.push_back({layer, count_layer(layer, architecture.storage)});
    cost.total += cost.layers.back().counts;
  }
  cost.classifier_layers = count_classifier(architecture);
  for (const Counts& counts : cost.classifier_layers) cost.classifier += counts;
  cost.transform_flops = transform_flops(architecture);
  return cost;
}

}  // namespace memspice::spectral
