// The network on a batch: layers in order, each tensor freed after its last use.

#include <algorithm>

#include "base/error.hpp"
#include "base/interrupt.hpp"
#include "network/graph.hpp"

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
class Activations {
 public:
  Activations(const Graph& graph, const Tensor& batch)
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

}  // namespace

Tensor run_float(const Graph& graph, const Tensor& batch, const LayerHook& hook) {
  check_batch(graph, batch);
  Activations activations(graph, batch);
  std::vector<const Tensor*> inputs;
  for (const LayerId id : graph.topological_order()) {
    throw_if_interrupted();
    if (!activations.is_needed(id)) continue;
    inputs.clear();
    for (const LayerId producer : graph.inputs(id)) inputs.push_back(&activations.of(producer));
    Tensor result = hook ? hook(id, inputs) : Tensor{};
    if (result.data.empty()) result = apply_layer(graph.layer(id), inputs);
    activations.keep(id, std::move(result));
    for (const LayerId producer : graph.inputs(id)) activations.release(producer);
  }
  return activations.take(graph.output());
}

}  // namespace memspice::network
