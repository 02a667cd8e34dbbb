#include <algorithm>

#include "mapping/unfold.hpp"
#include "mapping/weight_matrix.hpp"
#include "simulate/crossbar_chunks.hpp"
#include "simulate/digital_bias.hpp"
#include "simulate/layer_kernel.hpp"
#include "simulate/periphery_kernel.hpp"

namespace memspice::simulate {
namespace {

using mapping::Block;
using mapping::FloatMatrix;
using mapping::Tile;
using network::Tensor;

class CrossbarKernel : public LayerKernel {
 public:
  CrossbarKernel(CrossbarLayer crossbar, AdcSetting setting)
      : crossbar_(std::move(crossbar)), ranges_(std::move(setting.ranges)) {
    if (ranges_.empty()) ranges_ = uniform_ranges(*crossbar_.layer, 1.0);
    for (std::size_t b = 0; b < crossbar_.layer->blocks.size(); ++b) {
      scale_.push_back(crossbar_.layer->blocks[b].scale);
      if (!setting.gains.empty()) scale_.back().array() *= setting.gains[b].array();
    }
  }

  Tensor apply(std::span<const Tensor* const> inputs, std::uint64_t first_image) const override {
    const network::Layer& layer = crossbar_.graph->layer(crossbar_.layer->layer);
    const auto images = static_cast<std::uint64_t>(inputs.front()->shape.front());
    if (const auto* recurrence = std::get_if<network::Recurrence>(&layer.operation)) {
      const auto product = [&](const Tensor& states, std::int64_t k) {
        const auto each = static_cast<std::uint64_t>(states.shape.front()) / images;
        return multiply(layer,
                        by_image(states, images),
                        {first_image, each, static_cast<std::uint64_t>(k) * each});
      };
      return network::run_recurrence(*recurrence, inputs, product);
    }
    Tensor output = multiply(layer, *inputs.front(), {.first_image = first_image});
    output.shape = output_shape(layer, inputs.front()->shape.front());
    return output;
  }

 private:
  static network::Shape output_shape(const network::Layer& layer, std::int64_t images) {
    network::Shape shape = layer.output_shape;
    shape.front() = images;
    return shape;
  }

  /// Rows of states with an axis for the images in front.
  static Tensor by_image(const Tensor& states, std::uint64_t images) {
    const auto n = static_cast<std::int64_t>(images);
    return {{n, states.shape[0] / n, states.shape[1]}, states.data};
  }

  /// The product of weights and `input`, N x ...; of a layer that takes rows, a row for each.
  Tensor multiply(const network::Layer& layer, const Tensor& input, Reads reads) const {
    const Block& whole = crossbar_.layer->blocks.front();
    Tensor output(mapping::takes_rows(layer)
                      ? network::Shape{input.size() / whole.input_count, whole.output_count}
                      : output_shape(layer, input.shape.front()));
    thread_local FloatMatrix Y;
    for_each_chunk(
        crossbar_,
        input,
        [&](const Chunk& chunk, const FloatMatrix& V) {
          compute_block(chunk, V, Y);
          const Block& block = crossbar_.layer->blocks[chunk.block];
          mapping::fold(layer, block, Y, chunk.first, chunk.count, output);
        },
        reads);
    if (crossbar_.layer->digital_bias) add_digital_bias(mapping::bias_of(layer), output);
    return output;
  }

  std::uint64_t first_vector(const Chunk& chunk) const {
    return (chunk.reads.first_image + static_cast<std::uint64_t>(chunk.first)) *
               static_cast<std::uint64_t>(crossbar_.layer->vectors_per_image) +
           chunk.reads.before;
  }

  /// Y <- sum over row tiles of scale ADC(D), with each output's scale and the read's weight.
  void compute_block(const Chunk& chunk, const FloatMatrix& V, FloatMatrix& Y) const {
    const std::size_t b = chunk.block;
    const Block& block = crossbar_.layer->blocks[b];
    thread_local std::vector<FloatMatrix> D, gathered;
    D.resize(std::max(D.size(), block.tiles.size()));
    crossbar_.tiles->respond(
        requests_of(block, b, V, gathered, first_vector(chunk), chunk.reads.vectors_of_image),
        {D.data(), block.tiles.size()});
    Y.setZero(block.output_count, V.cols());
    for (std::size_t t = 0; t < block.tiles.size(); ++t) {
      const Tile& tile = block.tiles[t];
      const std::span<float> currents{D[t].data(), static_cast<std::size_t>(D[t].size())};
      if (crossbar_.readout) crossbar_.readout->apply(currents);
      const auto scale = scale_[b].segment(tile.first_output, tile.output_count);
      convert(ranges_[b][t], chunk.weight * scale, D[t]);
      Y.middleRows(tile.first_output, tile.output_count) += D[t];
    }
  }

  /// D: the tile's outputs x vectors, converted from amperes to the layer's outputs.
  void convert(const Eigen::VectorXd& ranges,
               const Eigen::Ref<const Eigen::VectorXf>& scale,
               FloatMatrix& D) const {
    const auto vectors = static_cast<std::size_t>(D.cols());
    for (Eigen::Index j = 0; j < D.rows(); ++j) {
      mapping::output_converter(*crossbar_.plan, ranges[j])
          .apply({D.row(j).data(), vectors}, scale[j]);
    }
  }

  CrossbarLayer crossbar_;
  AdcRanges ranges_;
  std::vector<Eigen::VectorXf> scale_;  ///< per block and output [1/A]
};

}  // namespace

std::unique_ptr<LayerKernel> make_crossbar_kernel(CrossbarLayer layer, AdcSetting adc) {
  return std::make_unique<CrossbarKernel>(std::move(layer), std::move(adc));
}

}  // namespace memspice::simulate
