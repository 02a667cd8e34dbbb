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
      : crossbar_(std::move(crossbar)),
        ranges_(std::move(setting.ranges)),
        converters_(std::move(setting.converters)),
        has_dacs_(converters_ && converters_->front().front().dacs) {
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

  tile::ReadNumbers numbers_of(const Chunk& chunk) const {
    const auto per_image = static_cast<std::uint64_t>(crossbar_.layer->vectors_per_image);
    const std::uint64_t image = chunk.reads.first_image + static_cast<std::uint64_t>(chunk.first);
    return {image * per_image + chunk.reads.before, chunk.reads.vectors_of_image, per_image};
  }

  /// Y <- sum over row tiles of scale ADC(D), with each output's scale and the read's weight.
  void compute_block(const Chunk& chunk, const FloatMatrix& V, FloatMatrix& Y) const {
    const std::size_t b = chunk.block;
    const Block& block = crossbar_.layer->blocks[b];
    const tile::ReadNumbers reads = numbers_of(chunk);
    thread_local std::vector<FloatMatrix> D, lines;
    D.resize(std::max(D.size(), block.tiles.size()));
    crossbar_.tiles->respond(requests_for(b, V, reads, lines), {D.data(), block.tiles.size()});
    Y.setZero(block.output_count, V.cols());
    for (std::size_t t = 0; t < block.tiles.size(); ++t) {
      const Tile& tile = block.tiles[t];
      const std::span<float> currents{D[t].data(), static_cast<std::size_t>(D[t].size())};
      if (crossbar_.readout) crossbar_.readout->apply(currents);
      const auto scale = scale_[b].segment(tile.first_output, tile.output_count);
      convert(b, t, chunk.weight * scale, reads, D[t]);
      Y.middleRows(tile.first_output, tile.output_count) += D[t];
    }
  }

  /// One per tile: as V has it, or from the tile's own DACs; `lines` keeps what V does not hold.
  std::vector<tile::Request> requests_for(std::size_t b,
                                          const FloatMatrix& V,
                                          const tile::ReadNumbers& reads,
                                          std::vector<FloatMatrix>& lines) const {
    const Block& block = crossbar_.layer->blocks[b];
    if (!has_dacs_) return requests_of(block, b, V, lines, reads.first, reads.of_image);
    lines.resize(std::max(lines.size(), block.tiles.size()));
    std::vector<tile::Request> requests;
    requests.reserve(block.tiles.size());
    for (std::size_t t = 0; t < block.tiles.size(); ++t) {
      copy_word_lines(block.tiles[t], V, lines[t]);
      apply_dacs((*converters_)[b][t], lines[t]);
      requests.push_back({b, t, lines[t], reads.first, reads.of_image});
    }
    return requests;
  }

  /// D: the tile's outputs x vectors, converted from amperes to the layer's outputs.
  void convert(std::size_t b,
               std::size_t t,
               const Eigen::Ref<const Eigen::VectorXf>& scale,
               const tile::ReadNumbers& reads,
               FloatMatrix& D) const {
    const TileConverters* own = converters_ ? &(*converters_)[b][t] : nullptr;
    const bool has_adcs = own != nullptr && !own->adcs.empty();
    if (has_adcs) add_adc_noise(*own, reads, steps_of(ranges_[b][t]), D);
    const auto vectors = static_cast<std::size_t>(D.cols());
    for (Eigen::Index j = 0; j < D.rows(); ++j) {
      const auto ideal = mapping::output_converter(*crossbar_.plan, ranges_[b][t][j]);
      const std::span<float> row{D.row(j).data(), vectors};
      if (has_adcs) {
        apply_adc(*own, static_cast<int>(j), {ideal, scale[j]}, row);
      } else {
        ideal.apply(row, scale[j]);
      }
    }
  }

  /// An LSB of each output's ADC [A].
  Eigen::VectorXd steps_of(const Eigen::VectorXd& ranges) const {
    return ranges / mapping::output_converter(*crossbar_.plan, 1.0).steps();
  }

  CrossbarLayer crossbar_;
  AdcRanges ranges_;
  std::shared_ptr<const LayerConverters> converters_;  ///< null: ideal
  bool has_dacs_ = false;                              ///< of their own
  std::vector<Eigen::VectorXf> scale_;                 ///< per block and output [1/A]
};

}  // namespace

std::unique_ptr<LayerKernel> make_crossbar_kernel(CrossbarLayer layer, AdcSetting adc) {
  return std::make_unique<CrossbarKernel>(std::move(layer), std::move(adc));
}

}  // namespace memspice::simulate
