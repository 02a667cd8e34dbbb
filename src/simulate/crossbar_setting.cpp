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

/// Sums over all vectors of an input, per block and output, of what tiles give (y) and what they
/// should.
struct OutputSums {
  std::vector<Eigen::VectorXd> along, square;  ///< of y y_wanted and of y^2 [A^2]
  std::vector<Eigen::VectorXd> wanted, found;  ///< of |y_wanted| and of |y| [A]
};

OutputSums sum_outputs(const CrossbarLayer& crossbar,
                       const tile::LayerTiles& wanted,
                       const Tensor& input) {
  OutputSums sums;
  for (const Block& block : crossbar.layer->blocks) {
    for (auto* each : {&sums.along, &sums.square, &sums.wanted, &sums.found}) {
      each->push_back(Eigen::VectorXd::Zero(block.output_count));
    }
  }
  for_each_chunk(crossbar, input, [&](const Chunk& chunk, const FloatMatrix& V) {
    const std::size_t b = chunk.block;
    const Block& block = crossbar.layer->blocks[b];
    const Eigen::MatrixXd y = block_currents(*crossbar.tiles, block, b, V).cast<double>();
    const Eigen::MatrixXd y_wanted = block_currents(wanted, block, b, V).cast<double>();
    const double counts = chunk.weight * chunk.weight;
    sums.along[b] += counts * y.cwiseProduct(y_wanted).rowwise().sum();
    sums.square[b] += counts * y.rowwise().squaredNorm();
    sums.wanted[b] += chunk.weight * y_wanted.cwiseAbs().rowwise().sum();
    sums.found[b] += chunk.weight * y.cwiseAbs().rowwise().sum();
  });
  return sums;
}

/// Of each output; 1 where nothing flows.
Gains ratios(const std::vector<Eigen::VectorXd>& above, const std::vector<Eigen::VectorXd>& below) {
  Gains gains;
  for (std::size_t b = 0; b < above.size(); ++b) {
    gains.push_back((below[b].array() > 0.0)
                        .select(above[b].array() / below[b].array(), 1.0)
                        .matrix()
                        .cast<float>());
  }
  return gains;
}

}  // namespace

Gains choose_gains(const CrossbarLayer& crossbar,
                   const tile::LayerTiles& ideal,
                   const Tensor& input) {
  OutputSums sums = sum_outputs(crossbar, ideal, input);
  if (crossbar.plan->options.weight_scale == mapping::WeightScale::Layer) {
    share_sums(*crossbar.layer, sums.along);
    share_sums(*crossbar.layer, sums.square);
  }
  return ratios(sums.along, sums.square);
}

Gains drift_gains(const CrossbarLayer& aged,
                  const tile::LayerTiles& fresh,
                  const Tensor& input,
                  bool by_output) {
  OutputSums sums = sum_outputs(aged, fresh, input);
  if (by_output) return ratios(sums.along, sums.square);
  share_sums(*aged.layer, sums.wanted);
  share_sums(*aged.layer, sums.found);
  return ratios(sums.wanted, sums.found);
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
