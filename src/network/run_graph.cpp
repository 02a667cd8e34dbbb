#include "network/run_graph.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "base/interrupt.hpp"
#include "network/vector_kernels.hpp"

namespace memspice::network {
namespace {

void check_batch(const Graph& graph, const Tensor& batch) {
  const Shape& wanted = graph.input_shape();
  const bool fits = batch.shape.size() == wanted.size() && !wanted.empty() && batch.shape[0] >= 1 &&
                    std::equal(wanted.begin() + 1, wanted.end(), batch.shape.begin() + 1);
  if (fits && element_count(batch.shape) == batch.size()) return;
  Shape shown = wanted;
  if (!shown.empty()) shown.erase(shown.begin());
  throw InputError({.place = "network input",
                    .value = "images " + to_text(batch.shape),
                    .rule = "the network takes N x " + to_text(shown),
                    .remedy = "choose a data set of that shape"});
}

/// Tensors between the layers; slot 0 is the network's input.
class LayerValues {
 public:
  LayerValues(const Graph& graph, const Tensor& batch)
      : batch_(batch),
        values_(static_cast<std::size_t>(graph.layer_count())),
        uses_(values_.size(), 0) {
    count_use(graph.output());
    const auto order = graph.topological_order();
    for (auto id = order.rbegin(); id != order.rend(); ++id) {
      if (!is_needed(*id)) continue;
      for (const LayerId producer : graph.inputs(*id)) count_use(producer);
    }
  }

  const Tensor& of(LayerId id) const { return id == Graph::kInput ? batch_ : values_[index(id)]; }
  bool is_needed(LayerId id) const { return uses_[index(id)] > 0; }
  void keep(LayerId id, Tensor value) { values_[index(id)] = std::move(value); }
  void release(LayerId id) {
    if (id != Graph::kInput && --uses_[index(id)] == 0) values_[index(id)] = {};
  }
  Tensor take(LayerId id) { return id == Graph::kInput ? batch_ : std::move(values_[index(id)]); }

 private:
  static std::size_t index(LayerId id) { return static_cast<std::size_t>(id.value); }
  void count_use(LayerId id) {
    if (id != Graph::kInput) ++uses_[index(id)];
  }

  const Tensor& batch_;
  std::vector<Tensor> values_;
  std::vector<int> uses_;
};

/// Each layer is looked at: an activation or a maximum may hide a NaN from the network's output.
void require_finite_values(const Tensor& tensor,
                           const std::string& place,
                           const ImageNames& names) {
  if (all_finite(tensor.data)) return;
  const auto bad = std::ranges::find_if(tensor.data, [](float v) { return !std::isfinite(v); });
  const std::int64_t image = (bad - tensor.data.begin()) / (tensor.size() / tensor.shape[0]);
  const bool is_nan = std::isnan(*bad);
  throw RunError({.place = place,
                  .value = std::string(is_nan        ? "NaN"
                                       : *bad > 0.0F ? "inf"
                                                     : "-inf") +
                           " for " + std::string(names.kind) + ' ' +
                           std::to_string(names.first + static_cast<std::uint64_t>(image)),
                  .rule = is_nan ? "is no number: it comes of inf - inf, inf * 0 or 0 / 0"
                                 : "is beyond the largest number, or a division by zero",
                  .remedy = "check the network's weights and constants there, and the scale of its "
                            "inputs ([data] scale, mean, std)"});
}

std::string describe(const Layer& layer) {
  return "layer " + layer.name + " (" + operation_name(layer.operation) + ")";
}

/// Runs one layer; what does not fit there names it: a tensor of so many images may be larger than
/// any that is made, or a layer's array refuse its voltages.
Tensor run_layer(const Graph& graph,
                 LayerId id,
                 std::span<const Tensor* const> inputs,
                 const LayerHook& hook) {
  const Layer& layer = graph.layer(id);
  try {
    Tensor result = hook ? hook(id, inputs) : Tensor{};
    if (result.data.empty()) result = apply_layer(layer, inputs);
    return result;
  } catch (const InputError& error) {
    Fault fault = error.fault();
    if (fault.place.starts_with("layer ")) throw;
    fault.place =
        describe(layer) + " on " + std::to_string(inputs[0]->shape[0]) + " images: " + fault.place;
    throw InputError(fault);
  }
}

}  // namespace

Tensor run_graph(const Graph& graph,
                 const Tensor& batch,
                 const LayerHook& hook,
                 const ImageNames& names) {
  check_batch(graph, batch);
  require_finite_values(batch, "network input", names);
  LayerValues activations(graph, batch);
  std::vector<const Tensor*> inputs;
  for (const LayerId id : graph.topological_order()) {
    throw_if_interrupted();
    if (!activations.is_needed(id)) continue;
    inputs.clear();
    for (const LayerId producer : graph.inputs(id)) inputs.push_back(&activations.of(producer));
    Tensor result = run_layer(graph, id, inputs, hook);
    require_finite_values(result, describe(graph.layer(id)), names);
    activations.keep(id, std::move(result));
    for (const LayerId producer : graph.inputs(id)) activations.release(producer);
  }
  return activations.take(graph.output());
}

Tensor run_graph(const Graph& graph, const Tensor& batch, const LayerHook& hook) {
  return run_graph(graph, batch, hook, {});
}

}  // namespace memspice::network
