// How a layer's ADCs and gains are set, on calibration images.

#include "simulate/adc_range.hpp"
#include "simulate/crossbar_chunks.hpp"

namespace memspice::simulate {
namespace {

using mapping::Block;
using mapping::FloatMatrix;
using network::Tensor;

/// What a block's outputs draw in all: outputs x vectors [A].
FloatMatrix block_currents(const tile::LayerTiles& tiles,
                           const Block& block,
                           std::size_t b,
                           const FloatMatrix& V) {
  std::vector<FloatMatrix> D(block.tiles.size());
  tiles.respond(requests_of(block, b, V), D);
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

}  // namespace

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
      crossbar.tiles->respond(requests_of(block, b, V), D);
      for (std::size_t t = 0; t < D.size(); ++t) {
        for (Eigen::Index j = 0; j < D[t].rows(); ++j) {
          take(b, t, j, {D[t].row(j).data(), static_cast<std::size_t>(D[t].cols())});
        }
      }
    });
  };
  return choose_ranges(crossbar.plan->converters,
                       *crossbar.layer,
                       full_scale(*crossbar.plan, *crossbar.layer),
                       measure);
}

}  // namespace memspice::simulate
