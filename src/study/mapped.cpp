#include "study/mapped.hpp"

#include "mapping/input_reads.hpp"

namespace memspice::study {

mapping::FloatMatrix sample_voltages(const Mapped& mapped,
                                     const network::Graph& graph,
                                     const mapping::LayerPlan& layer,
                                     const mapping::Block& block,
                                     int count,
                                     RandomStream random) {
  const network::Tensor& input = mapped.activations.layer_inputs.at(layer.layer.value);
  const network::Layer& operation = graph.layer(layer.layer);
  const std::int64_t vectors = mapping::vectors_of_image(operation, block, input);
  const int reads = mapping::reads_per_vector(mapped.plan.converters, layer.signed_input);
  const auto draw = [&](std::int64_t bound) {
    return static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(bound)));
  };
  mapping::FloatMatrix sample(block.input_count + 1, count);
  sample.bottomRows(1).setConstant(static_cast<float>(mapped.plan.read_voltage));
  for (int k = 0; k < count; ++k) {
    const auto image = static_cast<int>(draw(input.shape[0]));
    const int bit = reads == 1 ? 0 : static_cast<int>(draw(reads));
    network::Tensor values({block.input_count});
    Eigen::Map<Eigen::VectorXf> vector(values.data.data(), block.input_count);
    vector = mapping::unfold_vector(operation, block, input, image, draw(vectors));
    const mapping::InputRead read = mapping::input_read(mapped.plan, layer, values, bit);
    sample.col(k).head(block.input_count) =
        Eigen::Map<const Eigen::VectorXf>(read.voltages.data.data(), block.input_count);
  }
  return sample;
}

}  // namespace memspice::study
