#include "study/mapped.hpp"

#include "mapping/input_reads.hpp"

namespace memspice::study {
namespace {

/// Image `n` of a batch N x ..., as a batch of one.
network::Tensor image_of(const network::Tensor& batch, int n) {
  network::Shape shape = batch.shape;
  shape[0] = 1;
  const auto size = static_cast<std::ptrdiff_t>(network::element_count(shape));
  const auto from = batch.data.begin() + n * size;
  return {std::move(shape), std::vector<float>(from, from + size)};
}

}  // namespace

mapping::FloatMatrix sample_voltages(const Mapped& mapped,
                                     const network::Graph& graph,
                                     const mapping::LayerPlan& layer,
                                     const mapping::Block& block,
                                     int count,
                                     RandomStream random) {
  const network::Tensor& input = mapped.activations.layer_inputs.at(layer.layer.value);
  const auto bias = static_cast<float>(mapped.plan.read_voltage);
  const int reads = mapping::reads_per_vector(mapped.plan.converters, layer.signed_input);
  mapping::FloatMatrix sample(block.input_count + 1, count);
  mapping::FloatMatrix image_vectors;
  for (int k = 0; k < count; ++k) {
    const auto image = static_cast<int>(random.below(static_cast<std::uint64_t>(input.shape[0])));
    // Only what is drawn is converted: a sample is a few vectors of some hundred images.
    const int bit =
        reads == 1 ? 0 : static_cast<int>(random.below(static_cast<std::uint64_t>(reads)));
    const mapping::InputRead read =
        mapping::input_read(mapped.plan, layer, image_of(input, image), bit);
    mapping::unfold(graph.layer(layer.layer), block, read.voltages, 0, 1, bias, image_vectors);
    sample.col(k) = image_vectors.col(
        static_cast<Eigen::Index>(random.below(static_cast<std::uint64_t>(image_vectors.cols()))));
  }
  return sample;
}

}  // namespace memspice::study
