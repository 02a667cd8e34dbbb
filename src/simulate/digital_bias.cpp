#include "simulate/digital_bias.hpp"

namespace memspice::simulate {

void add_digital_bias(std::span<const float> bias, network::Tensor& output) {
  if (bias.empty()) return;
  const std::size_t images = static_cast<std::size_t>(output.shape.front());
  const std::size_t plane = output.data.size() / (images * bias.size());
  float* to = output.data.data();
  for (std::size_t n = 0; n < images; ++n) {
    for (const float b : bias) {
      for (std::size_t p = 0; p < plane; ++p) *to++ += b;
    }
  }
}

}  // namespace memspice::simulate
