#include "network/ranges.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "base/text.hpp"
#include "network/run_graph.hpp"
#include "network/vector_kernels.hpp"

namespace memspice::network {
namespace {

/// The percentile of |value|, linear between the two nearest ranks.
float magnitude_percentile(const Tensor& tensor, double percentile) {
  std::vector<float> magnitudes(tensor.data.size());
  std::ranges::transform(tensor.data, magnitudes.begin(), [](float v) { return std::abs(v); });
  const double rank = percentile / 100.0 * static_cast<double>(magnitudes.size() - 1);
  const auto below = magnitudes.begin() + static_cast<std::ptrdiff_t>(rank);
  std::nth_element(magnitudes.begin(), below, magnitudes.end());
  const double fraction = rank - std::floor(rank);
  if (fraction == 0.0) return *below;
  const auto above = std::min_element(below + 1, magnitudes.end());
  return static_cast<float>((1.0 - fraction) * static_cast<double>(*below) +
                            fraction * static_cast<double>(*above));
}

ActivationRange measure(const Tensor& tensor, double percentile) {
  const auto [low, high] = extremes(tensor.data);
  const ActivationRange all{low, high};
  if (percentile == 100.0) return all;
  const float bound = magnitude_percentile(tensor, percentile);
  // Where fewer values than the percentile leaves out are not zero, all that there are count.
  if (bound == 0.0F) return all;
  return {std::max(all.low, -bound), std::min(all.high, bound)};
}

/// What a layer's crossbars are driven with.
Tensor driving_values(const Layer& layer, std::span<const Tensor* const> inputs) {
  const auto* recurrence = std::get_if<Recurrence>(&layer.operation);
  return recurrence != nullptr ? states_of(*recurrence, inputs) : *inputs.front();
}

/// Float run of `images`; `see` gets each layer and its inputs.
template <typename See>
ActivationRanges walk(const Graph& graph, const Tensor& images, double percentile, See see) {
  if (!(percentile > 0.0 && percentile <= 100.0)) {
    throw InputError({.place = "activation ranges",
                      .value = memspice::to_text(percentile),
                      .rule = "a percentile lies above 0 and at most at 100",
                      .remedy = "use 100 for the smallest and largest value, or about 99.9"});
  }
  ActivationRanges ranges;
  ranges.output.resize(static_cast<std::size_t>(graph.layer_count()));
  const LayerHook measure_layer = [&](LayerId id, std::span<const Tensor* const> inputs) {
    see(id, inputs);
    const Layer& layer = graph.layer(id);
    if (std::holds_alternative<Recurrence>(layer.operation)) {
      ranges.states[id.value] = measure(driving_values(layer, inputs), percentile);
    }
    Tensor result = apply_layer(layer, inputs);
    ranges.output[static_cast<std::size_t>(id.value)] = measure(result, percentile);
    return result;
  };
  run_graph(graph, images, measure_layer, {.kind = "calibration image"});
  ranges.input = measure(images, percentile);
  return ranges;
}

}  // namespace

const ActivationRange& ActivationRanges::of(LayerId id) const {
  return id == Graph::kInput ? input : output.at(static_cast<std::size_t>(id.value));
}

ActivationRange ActivationRanges::of_inputs(const Graph& graph, LayerId id) const {
  if (const auto own = states.find(id.value); own != states.end()) return own->second;
  const auto producers = graph.inputs(id);
  ActivationRange range = of(producers[0]);
  for (const LayerId producer : producers.subspan(1)) {
    range.low = std::min(range.low, of(producer).low);
    range.high = std::max(range.high, of(producer).high);
  }
  return range;
}

ActivationRanges measure_ranges(const Graph& graph, const Tensor& images, double percentile) {
  return walk(graph, images, percentile, [](LayerId, std::span<const Tensor* const>) {});
}

Activations record_activations(const Graph& graph, const Tensor& images, double percentile) {
  Activations found;
  found.ranges = walk(graph, images, percentile, [&](LayerId id, auto inputs) {
    const Layer& layer = graph.layer(id);
    if (layer.has_weights()) found.layer_inputs[id.value] = driving_values(layer, inputs);
  });
  return found;
}

}  // namespace memspice::network
