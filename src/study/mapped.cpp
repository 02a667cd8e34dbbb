#include "study/mapped.hpp"

namespace memspice::study {

mapping::FloatMatrix sample_voltages(const Mapped& mapped,
                                     const network::Graph& graph,
                                     const mapping::LayerPlan& layer,
                                     const mapping::Block& block,
                                     int count,
                                     RandomStream random) {
  const network::Tensor& input = mapped.layer_inputs.at(layer.layer.value);
  const network::Tensor voltages = mapping::to_voltages(mapped.plan, layer, input);
  const auto bias = static_cast<float>(mapped.plan.read_voltage);
  mapping::FloatMatrix sample(block.input_count + 1, count);
  mapping::FloatMatrix image_vectors;
  for (int k = 0; k < count; ++k) {
    const auto image = static_cast<int>(random.below(static_cast<std::uint64_t>(input.shape[0])));
    mapping::unfold(graph.layer(layer.layer), block, voltages, image, 1, bias, image_vectors);
    sample.col(k) = image_vectors.col(
        static_cast<Eigen::Index>(random.below(static_cast<std::uint64_t>(image_vectors.cols()))));
  }
  return sample;
}

}  // namespace memspice::study
