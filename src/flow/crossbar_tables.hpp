#pragma once
// A flow's crossbars as numbers, for those who compute with them elsewhere: what each tile holds
// and answers, how its converters are set, and what other cells on the same array would answer.
//
//   D = sum_i Gd_eff_ij f(V_i)        differential currents of a tile [A], f of the calibration
//   y = scale gain ADC(D), summed over the row tiles; V_i = read_voltage DAC(x_i / x_max)

#include <memory>
#include <vector>

#include "flow/plan.hpp"
#include "flow/tile_answers.hpp"

namespace memspice::flow {

struct TileTable {
  const mapping::Tile* tile = nullptr;
  Eigen::MatrixXd response;   ///< in the form of pairs, as the fidelity has it [S]
  Eigen::VectorXd adc_range;  ///< of each output [A]; empty: ADCs are ideal
};

struct BlockTable {
  const mapping::Block* block = nullptr;
  Eigen::VectorXf gain;  ///< of each output, behind the ADCs
  std::vector<TileTable> tiles;
};

struct LayerTable {
  const mapping::LayerPlan* plan = nullptr;
  tile::Calibration calibration;  ///< without coefficients: the array is taken as linear
  std::vector<BlockTable> blocks;
};

/// The flow at its own fidelity, one for all layers: ideal, mesh or calibrated. Characterizes what
/// the store lacks.
class CrossbarTables {
 public:
  /// Throws InputError as a run does, and for what these tables do not tell: another fidelity,
  /// cells or layers that are not a matrix product of amplitudes, converters with errors.
  explicit CrossbarTables(const config::FlowOptions& options);
  CrossbarTables(const CrossbarTables&) = delete;
  CrossbarTables& operator=(const CrossbarTables&) = delete;

  const config::FlowOptions& options() const noexcept { return run_.options; }
  const mapping::TilePlan& plan() const noexcept { return run_.mapped.plan; }
  const std::vector<LayerTable>& layers() const noexcept { return layers_; }

  /// The responses, in the form of pairs, of such cells (in the plan's form [S]) on the flow's
  /// array, at its fidelity.
  std::vector<Eigen::MatrixXd> responses(const std::vector<Eigen::MatrixXd>& cells) const;

 private:
  LayerTable table_of(std::size_t layer) const;

  OpenedRun run_;
  study::Bench bench_;
  std::unique_ptr<const TileAnswers> answers_;
  std::vector<LayerTable> layers_;
};

}  // namespace memspice::flow
