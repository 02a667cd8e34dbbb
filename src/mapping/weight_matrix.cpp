#include "mapping/weight_matrix.hpp"

namespace memspice::mapping {
namespace {

using RowMajorFloat = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

Eigen::Map<const RowMajorFloat> as_matrix(const network::Tensor& tensor,
                                          std::int64_t first_row,
                                          std::int64_t rows) {
  const std::int64_t columns = network::element_count(tensor.shape) / tensor.shape.front();
  return {tensor.data.data() + first_row * columns, rows, columns};
}

Eigen::VectorXd bias_part(const network::Tensor& bias, std::int64_t first, std::int64_t count) {
  if (bias.data.empty()) return {};
  return Eigen::Map<const Eigen::VectorXf>(bias.data.data() + first, count).cast<double>();
}

std::vector<WeightMatrix> whole_matrix(const network::Tensor& weight, const network::Tensor& bias) {
  const std::int64_t outputs = weight.shape.front();
  return {{.W = as_matrix(weight, 0, outputs).cast<double>().transpose(),
           .bias = bias_part(bias, 0, outputs)}};
}

std::vector<WeightMatrix> matrices_of(const network::FullyConnected& layer) {
  return whole_matrix(layer.weight, layer.bias);
}

std::vector<WeightMatrix> matrices_of(const network::Recurrence& layer) {
  return whole_matrix(layer.weight, layer.bias);
}

std::vector<WeightMatrix> matrices_of(const network::Convolution& layer) {
  const std::int64_t outputs = layer.weight.shape[0] / layer.groups;
  std::vector<WeightMatrix> matrices;
  for (int g = 0; g < layer.groups; ++g) {
    matrices.push_back(
        {.W = as_matrix(layer.weight, g * outputs, outputs).cast<double>().transpose(),
         .bias = bias_part(layer.bias, g * outputs, outputs),
         .first_channel_in = static_cast<int>(g * layer.weight.shape[1]),
         .first_channel_out = static_cast<int>(g * outputs)});
  }
  return matrices;
}

/// Weight C_in x C_out/groups x k x k is already inputs x (outputs k k) by rows.
std::vector<WeightMatrix> matrices_of(const network::Deconvolution& layer) {
  const std::int64_t inputs = layer.weight.shape[0] / layer.groups;
  std::vector<WeightMatrix> matrices;
  for (int g = 0; g < layer.groups; ++g) {
    matrices.push_back({.W = as_matrix(layer.weight, g * inputs, inputs).cast<double>(),
                        .bias = {},
                        .first_channel_in = static_cast<int>(g * inputs),
                        .first_channel_out = static_cast<int>(g * layer.weight.shape[1])});
  }
  return matrices;
}

template <typename Other>
std::vector<WeightMatrix> matrices_of(const Other&) {
  return {};
}

template <typename Weighted>
std::span<const float> bias_values(const Weighted& layer) {
  if constexpr (requires { layer.weight; }) return layer.bias.data;
  return {};
}

long plane_size(const network::Shape& shape) {
  return shape.size() == 4 ? static_cast<long>(shape[2] * shape[3]) : 1L;
}

}  // namespace

std::vector<WeightMatrix> weight_matrices(const network::Layer& layer) {
  return std::visit([](const auto& operation) { return matrices_of(operation); }, layer.operation);
}

std::span<const float> bias_of(const network::Layer& layer) {
  return std::visit([](const auto& operation) { return bias_values(operation); }, layer.operation);
}

long vectors_per_image(const network::Graph& graph, network::LayerId id) {
  const network::Operation& operation = graph.layer(id).operation;
  const network::Shape& output = graph.shape_of(id);
  if (std::holds_alternative<network::FullyConnected>(operation)) {
    return static_cast<long>(network::element_count(output) / output.back());
  }
  if (const auto* recurrence = std::get_if<network::Recurrence>(&operation)) {
    const long steps = static_cast<long>(network::element_count(output) / output.back());
    return steps * recurrence->products_per_step();
  }
  const bool is_transposed = std::holds_alternative<network::Deconvolution>(operation);
  return plane_size(is_transposed ? graph.shape_of(graph.inputs(id).front()) : output);
}

}  // namespace memspice::mapping
