#include "mapping/kernel_first.hpp"

#include <algorithm>

#include "mapping/weight_matrix.hpp"

namespace memspice::mapping {
namespace {

const network::Tensor* weights_of(const network::Layer& layer) {
  if (const auto* op = std::get_if<network::Convolution>(&layer.operation)) return &op->weight;
  if (const auto* op = std::get_if<network::Deconvolution>(&layer.operation)) return &op->weight;
  if (const auto* op = std::get_if<network::FullyConnected>(&layer.operation)) return &op->weight;
  if (const auto* op = std::get_if<network::Recurrence>(&layer.operation)) return &op->weight;
  return nullptr;
}

}  // namespace

KernelFirstCount count_kernel_first(const network::Graph& graph, network::LayerId id) {
  const network::Layer& layer = graph.layer(id);
  const network::Tensor* weights = weights_of(layer);
  if (weights == nullptr) return {};
  const auto zeros = std::count(weights->data.begin(), weights->data.end(), 0.0F);
  return {.weights = static_cast<long>(weights->size()),
          .non_zero = static_cast<long>(weights->size() - zeros),
          .plane = vectors_per_image(graph, id)};
}

long weight_memristors(const network::Layer& layer) {
  const network::Tensor* weights = weights_of(layer);
  return weights == nullptr ? 0L : 2L * static_cast<long>(weights->size());
}

}  // namespace memspice::mapping
