#include "periphery/step_response.hpp"

#include <algorithm>
#include <cmath>

namespace memspice::periphery {
namespace {

/// The last time at which an output is further than `tolerance` from its last value [s].
double last_departure(const engine::Waveforms& waves, int outputs, double tolerance) {
  const Eigen::Index last = waves.axis.size() - 1;
  for (Eigen::Index k = last; k >= 0; --k) {
    const double away = (waves.values.row(k).head(outputs) - waves.values.row(last).head(outputs))
                            .cwiseAbs()
                            .maxCoeff();
    if (away > tolerance) return waves.axis[std::min(k + 1, last)];
  }
  return waves.axis[0];
}

/// Trapezoids between `begin` and `end`, whole steps of the simulator.
double supplied_energy(const engine::Waveforms& waves,
                       int outputs,
                       const device::AnalogFigures& figures,
                       double begin,
                       double end) {
  const auto power = [&](Eigen::Index k) {
    return -(figures.vdd.value * waves.values(k, outputs) +
             figures.vss.value * waves.values(k, outputs + 1));
  };
  double energy = 0.0;
  for (Eigen::Index k = 1; k < waves.axis.size(); ++k) {
    if (waves.axis[k - 1] < begin || waves.axis[k] > end) continue;
    energy += (waves.axis[k] - waves.axis[k - 1]) * (power(k) + power(k - 1)) / 2;
  }
  return energy;
}

/// The corner at which input k is high where `is_high(k)`, and its opposite. Logic inputs beside
/// others stay high; those of a block that has no others step as well.
template <typename IsHigh>
StepEnds corners(const synthesis::AnalogBlock& block, const IsHigh& is_high) {
  StepEnds ends{block.low, block.high};
  const int analog = block.inputs - block.logic_inputs;
  for (int k = 0; k < block.inputs; ++k) {
    const bool is_logic = analog > 0 && k >= analog;
    if (is_logic) ends.from[k] = block.high[k];
    if (!is_logic && !is_high(k)) std::swap(ends.from[k], ends.to[k]);
  }
  return ends;
}

}  // namespace

StepEnds find_step(const synthesis::AnalogBlock& block) {
  const StepEnds candidates[] = {corners(block, [](int) { return true; }),
                                 corners(block, [](int k) { return k % 2 == 0; }),
                                 corners(block, [](int k) { return k == 0; })};
  const auto distance = [&block](const StepEnds& ends) {
    return (block.ideal(ends.to) - block.ideal(ends.from)).cwiseAbs().maxCoeff();
  };
  return *std::max_element(
      std::begin(candidates), std::end(candidates), [&](const StepEnds& a, const StepEnds& b) {
        return distance(a) < distance(b);
      });
}

StepResponse read_step(const engine::Waveforms& waves,
                       int outputs,
                       const device::AnalogFigures& figures,
                       double step_at,
                       double tolerance) {
  constexpr double kRest = 0.8;  // of the run: what moves later has not settled
  const double stop = waves.axis[waves.axis.size() - 1];
  const double end = last_departure(waves, outputs, tolerance);
  StepResponse step;
  // A tenth of the tolerance: what still creeps by less ends within the tolerance.
  step.has_settled = last_departure(waves, outputs, tolerance / 10) < kRest * stop;
  step.time = std::max(end - step_at, 0.0);
  step.energy = supplied_energy(waves, outputs, figures, step_at, end);
  return step;
}

}  // namespace memspice::periphery
