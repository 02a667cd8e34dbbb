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

Counts count_classifier(const Architecture& architecture) {
  Counts counts;
  std::int64_t inputs = architecture.features();
  for (const std::int64_t outputs : architecture.classifier) {
    counts += {.multiplications = inputs * outputs,
               .additions = (inputs - 1) * outputs,
               .words_in = inputs,
               .words_kernel = inputs * outputs,
               .words_out = outputs};
    inputs = outputs;
  }
  return counts;
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

NetworkCost count_cost(const Architecture& architecture) {
  NetworkCost cost;
  for (const LayerShape& layer : architecture.layers) {
    cost.layers.push_back({layer, count_layer(layer, architecture.storage)});
    cost.total += cost.layers.back().counts;
  }
  cost.classifier = count_classifier(architecture);
  const double pixels = static_cast<double>(architecture.image) * architecture.image;
  cost.transform_flops = 5.0 * pixels * std::log2(pixels) * architecture.channels;
  return cost;
}

}  // namespace memspice::spectral
