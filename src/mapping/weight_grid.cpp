#include "mapping/weight_grid.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "base/text.hpp"

namespace memspice::mapping {
namespace {

constexpr double kMostLevels = 65536.0;

/// Weights are float32, and normalization folded into them was rounded to it once more.
constexpr double kOffGrid = 1e-2;

/// The steps of a layer with weights; empty: none known, or no such layer.
network::Steps steps_of(const network::Layer& layer) {
  return std::visit(
      [](const auto& operation) -> network::Steps {
        if constexpr (requires { operation.steps; }) return operation.steps;
        return {};
      },
      layer.operation);
}

int channels_of(const network::Convolution& layer) {
  return static_cast<int>(layer.weight.shape[0]) / layer.groups;
}
int channels_of(const network::Deconvolution& layer) {
  return static_cast<int>(layer.weight.shape[1]);
}
int channels_of(const network::FullyConnected& layer) {
  return static_cast<int>(layer.weight.shape[0]);
}
int channels_of(const network::Recurrence& layer) {
  return static_cast<int>(layer.weight.shape[0]);
}
template <typename Other>
int channels_of(const Other&) {
  return 0;
}

}  // namespace

Eigen::VectorXd WeightGrid::w_max(const WeightMatrix& matrix) const {
  Eigen::VectorXd largest_weights(matrix.W.cols());
  const Eigen::Index per_channel = matrix.W.cols() / (matrix.groups * channels);
  for (Eigen::Index j = 0; j < matrix.W.cols(); ++j) {
    const auto channel = static_cast<std::size_t>(matrix.first_channel_out + j / per_channel);
    largest_weights[j] = steps[channel] * largest;
  }
  return largest_weights;
}

std::optional<WeightGrid> weight_grid(const network::Layer& layer) {
  const network::Steps stated = steps_of(layer);
  if (stated.empty()) return std::nullopt;
  WeightGrid grid{
      .steps = {stated.begin(), stated.end()},
      .channels = std::visit([](const auto& o) { return channels_of(o); }, layer.operation)};
  double largest = 0.0;
  for (const WeightMatrix& matrix : weight_matrices(layer)) {
    const Eigen::ArrayXXd multiples =
        matrix.W.array().rowwise() / grid.w_max(matrix).transpose().array();
    if (!((multiples - multiples.round()).abs().maxCoeff() < kOffGrid)) return std::nullopt;
    largest = std::max(largest, multiples.abs().maxCoeff());
  }
  if (largest < 0.5 || largest > kMostLevels - 1.0) return std::nullopt;
  grid.largest = static_cast<int>(std::lround(largest));
  return grid;
}

std::optional<WeightGrid> chosen_grid(const network::Layer& layer, const Options& options) {
  if (!options.network_levels) return std::nullopt;
  std::optional<WeightGrid> grid = weight_grid(layer);
  if (!grid || options.weight_scale == WeightScale::Output) return grid;
  const auto [least, most] = std::ranges::minmax_element(grid->steps);
  if (*least == *most) return grid;
  throw InputError(
      {.place = "layer " + layer.name,
       .value = "steps of " + memspice::to_text(*least) + " to " + memspice::to_text(*most),
       .rule = "device.levels = \"network\" puts each output on its own grid, and "
               "mapping.weight_scale = \"layer\" gives all outputs one scale",
       .remedy = "set mapping.weight_scale to \"output\""});
}

void require_some_grid(const network::Graph& graph, const Options& options) {
  if (!options.network_levels) return;
  for (const network::LayerId id : graph.topological_order()) {
    if (graph.layer(id).has_weights() && weight_grid(graph.layer(id))) return;
  }
  throw InputError({.place = "device.levels",
                    .value = "\"network\"",
                    .rule = "no layer's weights lie on a grid that the network's file states",
                    .remedy = "give the number of levels, or a network quantized by "
                              "DequantizeLinear, Quant or layers on integers"});
}

}  // namespace memspice::mapping
