#include <algorithm>

#include "mapping/unfold.hpp"
#include "mapping/weight_matrix.hpp"
#include "simulate/digital_bias.hpp"
#include "simulate/layer_kernel.hpp"
#include "simulate/periphery_kernel.hpp"

namespace memspice::simulate {
namespace {

using mapping::Block;
using mapping::FloatMatrix;
using mapping::Tile;
using network::Tensor;

int images_per_call(const CrossbarLayer& crossbar, const Block& block, int images) {
  const std::size_t wanted = crossbar.tiles->preferred_floats();
  if (wanted == 0) return images;
  const std::size_t per_image = static_cast<std::size_t>(block.input_count + 1) *
                                static_cast<std::size_t>(crossbar.layer->vectors_per_image);
  return static_cast<int>(
      std::clamp<std::size_t>(wanted / per_image, 1, static_cast<std::size_t>(images)));
}

/// One request per tile of a block. V: (input_count + 1) x vectors [V].
std::vector<tile::Request> requests_of(const Block& block,
                                       std::size_t b,
                                       const FloatMatrix& V,
                                       std::uint64_t first_vector) {
  std::vector<tile::Request> requests;
  requests.reserve(block.tiles.size());
  for (std::size_t t = 0; t < block.tiles.size(); ++t) {
    const Tile& tile = block.tiles[t];
    requests.push_back({b, t, V.middleRows(tile.first_input, tile.word_lines()), first_vector});
  }
  return requests;
}

/// Calls visit(block index, first image, image count, V) for every chunk of every block.
template <typename Visit>
void for_each_chunk(const CrossbarLayer& crossbar, const Tensor& input, Visit visit) {
  const network::Layer& layer = crossbar.graph->layer(crossbar.layer->layer);
  Tensor voltages = mapping::to_voltages(*crossbar.plan, *crossbar.layer, input);
  if (crossbar.driver) crossbar.driver->apply_to_size(voltages.data);
  const int images = static_cast<int>(input.shape.front());
  const auto bias = static_cast<float>(crossbar.plan->read_voltage);
  thread_local FloatMatrix V;
  for (std::size_t b = 0; b < crossbar.layer->blocks.size(); ++b) {
    const Block& block = crossbar.layer->blocks[b];
    const int step = images_per_call(crossbar, block, images);
    for (int first = 0; first < images; first += step) {
      const int count = std::min(step, images - first);
      mapping::unfold(layer, block, voltages, first, count, bias, V);
      visit(b, first, count, V);
    }
  }
}

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
    const Tensor& input = *inputs.front();
    const network::Layer& layer = crossbar_.graph->layer(crossbar_.layer->layer);
    Tensor output = make_output(layer, input.shape.front());
    thread_local FloatMatrix Y;
    for_each_chunk(
        crossbar_, input, [&](std::size_t b, int first, int count, const FloatMatrix& V) {
          compute_block(b, V, first_vector(first_image, first), Y);
          mapping::fold(layer, crossbar_.layer->blocks[b], Y, first, count, output);
        });
    if (crossbar_.layer->digital_bias) add_digital_bias(mapping::bias_of(layer), output);
    return output;
  }

 private:
  static Tensor make_output(const network::Layer& layer, std::int64_t images) {
    network::Shape shape = layer.output_shape;
    shape.front() = images;
    return Tensor(shape);
  }

  std::uint64_t first_vector(std::uint64_t first_image, int image_of_batch) const {
    return (first_image + static_cast<std::uint64_t>(image_of_batch)) *
           static_cast<std::uint64_t>(crossbar_.layer->vectors_per_image);
  }

  /// Y <- sum over row tiles of scale ADC(D), with each output's scale.
  void compute_block(std::size_t b,
                     const FloatMatrix& V,
                     std::uint64_t first,
                     FloatMatrix& Y) const {
    const Block& block = crossbar_.layer->blocks[b];
    thread_local std::vector<FloatMatrix> D;
    D.resize(std::max(D.size(), block.tiles.size()));
    crossbar_.tiles->respond(requests_of(block, b, V, first), {D.data(), block.tiles.size()});
    Y.setZero(block.output_count, V.cols());
    for (std::size_t t = 0; t < block.tiles.size(); ++t) {
      const Tile& tile = block.tiles[t];
      const std::span<float> currents{D[t].data(), static_cast<std::size_t>(D[t].size())};
      if (crossbar_.readout) crossbar_.readout->apply(currents);
      convert(ranges_[b][t], scale_[b].segment(tile.first_output, tile.output_count), D[t]);
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

/// What a block's outputs draw in all: outputs x vectors [A].
FloatMatrix block_currents(const tile::LayerTiles& tiles,
                           const Block& block,
                           std::size_t b,
                           const FloatMatrix& V) {
  std::vector<FloatMatrix> D(block.tiles.size());
  tiles.respond(requests_of(block, b, V, 0), D);
  FloatMatrix sum = FloatMatrix::Zero(block.output_count, V.cols());
  for (std::size_t t = 0; t < block.tiles.size(); ++t) {
    sum.middleRows(block.tiles[t].first_output, block.tiles[t].output_count) += D[t];
  }
  return sum;
}

/// Gives every output the sums over all of them.
void share_sums(std::vector<Eigen::VectorXd>& along, std::vector<Eigen::VectorXd>& square) {
  double all_along = 0.0, all_square = 0.0;
  for (const Eigen::VectorXd& sums : along) all_along += sums.sum();
  for (const Eigen::VectorXd& sums : square) all_square += sums.sum();
  for (Eigen::VectorXd& sums : along) sums.setConstant(all_along);
  for (Eigen::VectorXd& sums : square) sums.setConstant(all_square);
}

double full_scale(const CrossbarLayer& crossbar) {
  int rows = 0;
  for (const Block& block : crossbar.layer->blocks) {
    for (const Tile& tile : block.tiles) rows = std::max(rows, tile.word_lines());
  }
  return rows * crossbar.plan->read_voltage * crossbar.plan->window.width();
}

}  // namespace

std::unique_ptr<LayerKernel> make_crossbar_kernel(CrossbarLayer layer, AdcSetting adc) {
  return std::make_unique<CrossbarKernel>(std::move(layer), std::move(adc));
}

Gains choose_gains(const CrossbarLayer& crossbar,
                   const tile::LayerTiles& ideal,
                   const Tensor& input) {
  std::vector<Eigen::VectorXd> along, square;  // sum of y y_ideal and of y^2, per block and output
  for (const Block& block : crossbar.layer->blocks) {
    along.push_back(Eigen::VectorXd::Zero(block.output_count));
    square.push_back(Eigen::VectorXd::Zero(block.output_count));
  }
  for_each_chunk(crossbar, input, [&](std::size_t b, int, int, const FloatMatrix& V) {
    const Block& block = crossbar.layer->blocks[b];
    const Eigen::MatrixXd y = block_currents(*crossbar.tiles, block, b, V).cast<double>();
    const Eigen::MatrixXd wanted = block_currents(ideal, block, b, V).cast<double>();
    along[b] += y.cwiseProduct(wanted).rowwise().sum();
    square[b] += y.rowwise().squaredNorm();
  });
  if (crossbar.plan->options.weight_scale == mapping::WeightScale::Layer) share_sums(along, square);
  Gains gains;
  for (std::size_t b = 0; b < along.size(); ++b) {
    gains.push_back((square[b].array() > 0.0)
                        .select(along[b].array() / square[b].array(), 1.0)
                        .matrix()
                        .cast<float>());
  }
  return gains;
}

AdcRanges choose_adc_ranges(const CrossbarLayer& crossbar, const Tensor& input) {
  const auto measure = [&](const TakeCurrents& take) {
    for_each_chunk(crossbar, input, [&](std::size_t b, int, int, const FloatMatrix& V) {
      const Block& block = crossbar.layer->blocks[b];
      std::vector<FloatMatrix> D(block.tiles.size());
      crossbar.tiles->respond(requests_of(block, b, V, 0), D);
      for (std::size_t t = 0; t < D.size(); ++t) {
        for (Eigen::Index j = 0; j < D[t].rows(); ++j) {
          take(b, t, j, {D[t].row(j).data(), static_cast<std::size_t>(D[t].cols())});
        }
      }
    });
  };
  return choose_ranges(crossbar.plan->converters, *crossbar.layer, full_scale(crossbar), measure);
}

}  // namespace memspice::simulate
