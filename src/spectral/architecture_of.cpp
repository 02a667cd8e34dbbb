// An ordinary convolutional network read as the shape of its spectral twin.
#include "base/error.hpp"
#include "spectral/candidates.hpp"

namespace memspice::spectral {
namespace {

using network::Layer;

[[noreturn]] void reject_layer(const Layer& layer, const std::string& rule) {
  throw InputError({.place = "layer " + layer.name,
                    .value = network::operation_name(layer.operation),
                    .rule = rule,
                    .remedy = "describe the spectral network in [spectral] instead"});
}

bool is_plain(const network::Window& window, int stride) {
  return window.stride == std::array{stride, stride} && window.dilation == std::array{1, 1};
}

void add_convolution(const Layer& layer,
                     const network::Convolution& convolution,
                     const network::Shape& input,
                     Architecture& architecture) {
  if (!is_plain(convolution.window, 1) || convolution.groups != 1 || input[2] != input[3]) {
    reject_layer(layer,
                 "a spectral layer stands for a convolution of stride 1 on a square image, "
                 "without groups or dilation");
  }
  const auto size =
      static_cast<int>(architecture.layers.empty() ? input[2] : architecture.layers.back().pooled);
  architecture.layers.push_back({.size = size,
                                 .pooled = size,
                                 .channels_in = static_cast<int>(input[1]),
                                 .channels_out = static_cast<int>(layer.output_shape[1])});
}

void add_pooling(const Layer& layer, const network::Pooling& pooling, Architecture& architecture) {
  const int stride = pooling.window.stride[0];
  if (!is_plain(pooling.window, stride))
    reject_layer(layer, "pooling has one stride for both axes");
  if (architecture.layers.empty()) reject_layer(layer, "stands before any convolution");
  int& pooled = architecture.layers.back().pooled;
  pooled = std::max(1, pooled / stride);
}

/// What leaves the spectrum as it is.
bool is_transparent(const network::Operation& operation) {
  return std::holds_alternative<network::Activation>(operation) ||
         std::holds_alternative<network::Reshape>(operation);
}

}  // namespace

Architecture architecture_of(const network::Graph& graph) {
  const network::Shape& image = graph.input_shape();
  Architecture architecture;
  architecture.name = "spectral";
  architecture.channels = image.size() == 4 ? static_cast<int>(image[1]) : 1;
  architecture.image = image.size() == 4 ? static_cast<int>(image[2]) : 0;
  for (const network::LayerId id : graph.topological_order()) {
    const Layer& layer = graph.layer(id);
    if (const auto* convolution = std::get_if<network::Convolution>(&layer.operation)) {
      if (!architecture.classifier.empty()) reject_layer(layer, "stands behind the classifier");
      add_convolution(layer, *convolution, graph.shape_of(graph.inputs(id)[0]), architecture);
    } else if (const auto* pooling = std::get_if<network::Pooling>(&layer.operation)) {
      add_pooling(layer, *pooling, architecture);
    } else if (std::holds_alternative<network::FullyConnected>(layer.operation)) {
      architecture.classifier.push_back(static_cast<int>(layer.output_shape[1]));
    } else if (!is_transparent(layer.operation)) {
      reject_layer(layer, "has no spectral twin");
    }
  }
  architecture.validate("network");
  return architecture;
}

}  // namespace memspice::spectral
