// How a layer's ADCs and gains are set, on calibration images.

#include "mapping/input_reads.hpp"
#include "mapping/unfold.hpp"
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
  std::vector<FloatMatrix> D(block.tiles.size()), gathered;
  tiles.respond(requests_of(block, b, V, gathered), D);
  FloatMatrix sum = FloatMatrix::Zero(block.output_count, V.cols());
  for (std::size_t t = 0; t < block.tiles.size(); ++t) {
    sum.middleRows(block.tiles[t].first_output, block.tiles[t].output_count) += D[t];
  }
  return sum;
}

/// Gives every output of a slice the sum over all of them.
void share_sums(const mapping::LayerPlan& layer, std::vector<Eigen::VectorXd>& sums) {
  std::vector<double> all(static_cast<std::size_t>(layer.slices), 0.0);
  const auto of_slice = [&](std::size_t b) -> double& {
    return all[static_cast<std::size_t>(layer.blocks[b].slice)];
  };
  for (std::size_t b = 0; b < sums.size(); ++b) of_slice(b) += sums[b].sum();
  for (std::size_t b = 0; b < sums.size(); ++b) sums[b].setConstant(of_slice(b));
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
  for_each_chunk(crossbar, input, [&](const Chunk& chunk, const FloatMatrix& V) {
    const std::size_t b = chunk.block;
    const Block& block = crossbar.layer->blocks[b];
    const Eigen::MatrixXd y = block_currents(*crossbar.tiles, block, b, V).cast<double>();
    const Eigen::MatrixXd wanted = block_currents(ideal, block, b, V).cast<double>();
    const double counts = chunk.weight * chunk.weight;
    along[b] += counts * y.cwiseProduct(wanted).rowwise().sum();
    square[b] += counts * y.rowwise().squaredNorm();
  });
  if (crossbar.plan->options.weight_scale == mapping::WeightScale::Layer) {
    share_sums(*crossbar.layer, along);
    share_sums(*crossbar.layer, square);
  }
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
  const mapping::LayerPlan& plan = *crossbar.layer;
  const auto measure = [&](const TakeCurrents& take) {
    for_each_chunk(crossbar, input, [&](const Chunk& chunk, const FloatMatrix& V) {
      const std::size_t b = chunk.block;
      const Block& block = plan.blocks[b];
      std::vector<FloatMatrix> D(block.tiles.size()), gathered;
      crossbar.tiles->respond(requests_of(block, b, V, gathered), D);
      for (std::size_t t = 0; t < D.size(); ++t) {
        for (Eigen::Index j = 0; j < D[t].rows(); ++j) {
          take(b, t, j, {D[t].row(j).data(), static_cast<std::size_t>(D[t].cols())});
        }
      }
    });
  };
  const std::int64_t vectors =
      mapping::vectors_of_image(crossbar.graph->layer(plan.layer), plan.blocks.front(), input);
  const int reads = mapping::reads_per_vector(crossbar.plan->converters, plan.signed_input);
  return choose_ranges(crossbar.plan->converters,
                       plan,
                       full_scale(*crossbar.plan, plan),
                       input.shape.front() * vectors * reads,
                       measure);
}

}  // namespace memspice::simulate
