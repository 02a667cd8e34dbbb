#include "network/ranges.hpp"

#include <algorithm>
#include <optional>

#include "base/error.hpp"
#include "base/progress.hpp"
#include "base/text.hpp"
#include "network/largest_sizes.hpp"
#include "network/run_graph.hpp"
#include "network/vector_kernels.hpp"

namespace memspice::network {
namespace {

/// Of the values of one tensor, as they pass by.
class RangeMeter {
 public:
  /// `count`: values in all.
  RangeMeter(std::int64_t count, double percentile) : percentile_(percentile) {
    if (percentile < 100.0) sizes_.emplace(count, percentile);
  }

  void add(const Tensor& tensor) {
    const auto [low, high] = extremes(tensor.data);
    all_ = is_empty_ ? ActivationRange{low, high}
                     : ActivationRange{std::min(all_.low, low), std::max(all_.high, high)};
    is_empty_ = false;
    if (sizes_) sizes_->add(tensor.data);
  }

  ActivationRange range() {
    if (!sizes_) return all_;
    const float bound = sizes_->interpolated();
    // Where fewer values than the percentile leaves out are not zero, all that there are count.
    if (bound == 0.0F) return all_;
    return {std::max(all_.low, -bound), std::min(all_.high, bound)};
  }

 private:
  double percentile_;
  bool is_empty_ = true;
  ActivationRange all_;
  std::optional<LargestSizes> sizes_;
};

/// The meters of a network's tensors on `images` images in all.
class RangeMeters {
 public:
  RangeMeters(std::int64_t images, double percentile) : images_(images), percentile_(percentile) {}

  /// `tensor`: N x ..., the next N images.
  void add(std::map<int, RangeMeter>& meters, int key, const Tensor& tensor) const {
    const std::int64_t count = tensor.size() / tensor.shape[0] * images_;
    meters.try_emplace(key, count, percentile_).first->second.add(tensor);
  }

  std::map<int, RangeMeter> input, outputs, states;

 private:
  std::int64_t images_;
  double percentile_;
};

/// How many images fit, at least one and at most `images`.
std::int64_t images_within(std::int64_t bytes, std::int64_t values_per_image, std::int64_t images) {
  const std::int64_t each = values_per_image * static_cast<std::int64_t>(sizeof(float));
  return std::clamp<std::int64_t>(bytes / std::max<std::int64_t>(each, 1), 1, images);
}

std::int64_t values_of_layers(const Graph& graph) {
  std::int64_t values = 0;
  for (int k = 0; k < graph.layer_count(); ++k) {
    values += element_count(graph.shape_of(LayerId{k}));
  }
  return values;
}

/// Images `first` .. of `tensor`, N x ...
Tensor slice(const Tensor& tensor, std::int64_t first, std::int64_t count) {
  Shape shape = tensor.shape;
  const std::int64_t each = tensor.size() / shape[0];
  shape[0] = count;
  const auto from = tensor.data.begin() + first * each;
  return {std::move(shape), std::vector<float>(from, from + count * each)};
}

void require_percentile(double percentile) {
  if (percentile > 0.0 && percentile <= 100.0) return;
  throw InputError({.place = "activation ranges",
                    .value = memspice::to_text(percentile),
                    .rule = "a percentile lies above 0 and at most at 100",
                    .remedy = "use 100 for the smallest and largest value, or about 99.9"});
}

ActivationRanges read_off(RangeMeters& meters, int layers) {
  ActivationRanges ranges;
  ranges.input = meters.input.at(0).range();
  ranges.output.resize(static_cast<std::size_t>(layers));
  for (auto& [id, meter] : meters.outputs) {
    ranges.output[static_cast<std::size_t>(id)] = meter.range();
  }
  for (auto& [id, meter] : meters.states) ranges.states[id] = meter.range();
  return ranges;
}

/// Float run of `images`, as many at a time as `bytes` hold with the tensors of all layers; `see`
/// gets each layer, what drives it, and the number of images before these.
template <typename See>
ActivationRanges walk(
    const Graph& graph, const Tensor& images, double percentile, std::int64_t bytes, See see) {
  require_percentile(percentile);
  const std::int64_t count = images.shape.empty() ? 1 : images.shape[0];
  const std::int64_t step = images_within(bytes, values_of_layers(graph), count);
  RangeMeters meters(count, percentile);
  std::optional<Progress> progress;
  if (step < count)
    progress.emplace("run calibration images", static_cast<std::size_t>(count), "images");
  std::int64_t first = 0;
  const LayerHook measure_layer = [&](LayerId id, std::span<const Tensor* const> inputs) {
    const Layer& layer = graph.layer(id);
    if (std::holds_alternative<Recurrence>(layer.operation)) {
      const Tensor states = states_of(std::get<Recurrence>(layer.operation), inputs);
      meters.add(meters.states, id.value, states);
      see(id, states, first);
    } else {
      see(id, *inputs.front(), first);
    }
    Tensor result = apply_layer(layer, inputs);
    meters.add(meters.outputs, id.value, result);
    return result;
  };
  const auto run = [&](const Tensor& batch) {
    run_graph(graph,
              batch,
              measure_layer,
              {.kind = "calibration image", .first = static_cast<std::uint64_t>(first)});
    meters.add(meters.input, 0, batch);
    if (progress) progress->advance(static_cast<std::size_t>(batch.shape[0]));
  };
  if (step == count) {
    run(images);
  } else {
    for (; first < count; first += step) run(slice(images, first, std::min(step, count - first)));
  }
  return read_off(meters, graph.layer_count());
}

/// Adds to `kept` the images of `more` that fit among the first `most`.
void keep_images(const Tensor& more, std::int64_t first, std::int64_t most, Tensor& kept) {
  const std::int64_t count = std::min(more.shape[0], most - first);
  if (count <= 0) return;
  if (first == 0) {
    kept = slice(more, 0, count);
    return;
  }
  const auto end = more.data.begin() + more.size() / more.shape[0] * count;
  kept.data.insert(kept.data.end(), more.data.begin(), end);
  kept.shape[0] += count;
}

std::int64_t values_of_inputs(const Graph& graph) {
  std::int64_t values = 0;
  for (int k = 0; k < graph.layer_count(); ++k) {
    if (!graph.layer(LayerId{k}).has_weights()) continue;
    const LayerId producer = graph.inputs(LayerId{k}).front();
    values +=
        element_count(producer == Graph::kInput ? graph.input_shape() : graph.shape_of(producer));
  }
  return values;
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

ActivationRanges measure_ranges(const Graph& graph,
                                const Tensor& images,
                                double percentile,
                                const CalibrationMemory& memory) {
  return walk(graph, images, percentile, memory.batch, [](LayerId, const Tensor&, std::int64_t) {});
}

Activations record_activations(const Graph& graph,
                               const Tensor& images,
                               double percentile,
                               const CalibrationMemory& memory) {
  Activations found;
  const std::int64_t count = images.shape.empty() ? 1 : images.shape[0];
  found.images = images_within(memory.kept, values_of_inputs(graph), count);
  found.ranges = walk(graph,
                      images,
                      percentile,
                      memory.batch,
                      [&](LayerId id, const Tensor& driving, std::int64_t first) {
                        if (!graph.layer(id).has_weights()) return;
                        keep_images(driving, first, found.images, found.layer_inputs[id.value]);
                      });
  return found;
}

}  // namespace memspice::network
