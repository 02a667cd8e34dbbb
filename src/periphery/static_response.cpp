#include "periphery/static_response.hpp"

#include <algorithm>
#include <cmath>

#include "base/random.hpp"

namespace memspice::periphery {
namespace {

using synthesis::AnalogBlock;

constexpr Eigen::Index kExtra = 3;  // middle and both ends beyond the range

/// Twice the range about its middle, no further than the rails; logic inputs stay high.
Eigen::VectorXd beyond(const AnalogBlock& block,
                       const device::AnalogFigures& figures,
                       double sign) {
  Eigen::VectorXd at = (block.low + block.high) / 2 + sign * (block.high - block.low);
  if (!block.takes_currents) at = at.cwiseMin(figures.vdd.value).cwiseMax(figures.vss.value);
  at.tail(block.logic_inputs) = block.high.tail(block.logic_inputs);
  return at;
}

Eigen::VectorXd middle(const AnalogBlock& block) {
  Eigen::VectorXd at = (block.low + block.high) / 2;
  at.tail(block.logic_inputs) = block.high.tail(block.logic_inputs);
  return at;
}

Eigen::MatrixXd scattered(const AnalogBlock& block, int points, std::uint64_t seed) {
  RandomStream random(seed, "periphery.stimuli");
  Eigen::MatrixXd inputs(block.inputs, points);
  const int analog = block.inputs - block.logic_inputs;
  for (Eigen::Index k = 0; k < inputs.size(); ++k) {
    const Eigen::Index row = k % block.inputs;
    const double part = random.uniform();
    const double share = row < analog ? part : std::round(part);
    inputs(k) = block.low[row] + share * (block.high[row] - block.low[row]);
  }
  return inputs;
}

double power_at(const Eigen::MatrixXd& answers,
                Eigen::Index row,
                Eigen::Index outputs,
                const device::AnalogFigures& figures) {
  return -(figures.vdd.value * answers(row, outputs) +
           figures.vss.value * answers(row, outputs + 1));
}

void read_error(const AnalogBlock& block,
                const Eigen::MatrixXd& inputs,
                const Eigen::MatrixXd& outputs,
                PeripheryModel& model) {
  double worst = 0.0, sum = 0.0;
  for (Eigen::Index k = kExtra; k < inputs.cols(); ++k) {
    const Eigen::VectorXd error = outputs.row(k).transpose() - block.ideal(inputs.col(k));
    worst = std::max(worst, error.cwiseAbs().maxCoeff());
    sum += error.squaredNorm() / static_cast<double>(block.outputs);
  }
  const auto stimuli = static_cast<int>(inputs.cols() - kExtra);
  model.error = {.max = worst / block.full_scale,
                 .rms = std::sqrt(sum / stimuli) / block.full_scale,
                 .stimuli = stimuli};
}

/// Every other point is the curve, those between judge it.
void read_curve(const Eigen::MatrixXd& inputs,
                const Eigen::MatrixXd& outputs,
                PeripheryModel& model) {
  using Eigen::last;
  using Eigen::seq;
  model.curve_in = inputs(0, seq(kExtra, last, 2)).transpose();
  model.curve_out = outputs(seq(kExtra, last, 2), 0);
  model.judge_curve(inputs(0, seq(kExtra + 1, last, 2)).transpose(),
                    outputs(seq(kExtra + 1, last, 2), 0));
}

}  // namespace

bool is_curve(const AnalogBlock& block) {
  return block.outputs == 1 && block.inputs == 1;
}

Eigen::MatrixXd static_inputs(const AnalogBlock& block,
                              const device::AnalogFigures& figures,
                              int points,
                              std::uint64_t seed) {
  const int stimuli = is_curve(block) ? 2 * points - 1 : points;
  Eigen::MatrixXd inputs(block.inputs, kExtra + stimuli);
  inputs.col(0) = middle(block);
  inputs.col(1) = beyond(block, figures, -1.0);
  inputs.col(2) = beyond(block, figures, 1.0);
  if (is_curve(block)) {
    inputs.rightCols(stimuli) = Eigen::RowVectorXd::LinSpaced(stimuli, block.low[0], block.high[0]);
  } else {
    inputs.rightCols(stimuli) = scattered(block, stimuli, seed);
  }
  return inputs;
}

void read_static(const AnalogBlock& block,
                 const device::AnalogFigures& figures,
                 const Eigen::MatrixXd& inputs,
                 const Eigen::MatrixXd& answers,
                 PeripheryModel& model) {
  const Eigen::MatrixXd outputs = answers.leftCols(block.outputs);
  read_error(block, inputs, outputs, model);
  const Eigen::VectorXd ideal = block.ideal(inputs.col(0));
  model.offset = (outputs.row(0).transpose() - ideal).cwiseAbs().maxCoeff();
  model.output_low = outputs.minCoeff();
  model.output_high = outputs.maxCoeff();
  model.static_power = power_at(answers, 0, block.outputs, figures);
  if (is_curve(block)) read_curve(inputs, outputs, model);
}

}  // namespace memspice::periphery
