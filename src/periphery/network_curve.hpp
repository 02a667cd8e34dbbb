#pragma once
// The transfer curve that a network simulator applies for a circuit: over its one input, or over
// the one value that several inputs come down to.
//
//   reduction    one value r          inputs along the curve
//   None         in_0                 in_0 = r
//   Difference   in_0 - in_1          in_0, in_1 = common +- r/2
//   Mean         mean of all          all equal r
//   Maximum      largest of all       in_0 = r, the others at the least
//   Product      in_0 in_1 / signal   in_0 = r, in_1 = signal
//   Code         the number that the logic inputs spell, in_0 the lowest bit: every one of them
// What else the inputs do is not in the curve: scattered inputs say how much that matters.

#include <span>
#include <vector>

#include "periphery/characterize.hpp"

namespace memspice::periphery {

enum class Reduction { None, Difference, Mean, Maximum, Product, Code };

struct CurveRequest {
  synthesis::BlockRequest block;
  Reduction reduction = Reduction::None;
  double common = 0.0;  ///< Difference: what both inputs carry besides, half of what one may carry
                        ///< in all [V] or [A]
};

/// The value that `inputs` (one per input of the block) come down to.
double reduce(Reduction reduction, const Eigen::VectorXd& inputs, double signal);

/// Inputs x stimuli: points evenly along the curve, then as many that judge it (none for a Code,
/// whose every value is a point). Differences are judged with any common input that leaves both
/// inputs at most 2 common, or none where half the difference alone is more.
Eigen::MatrixXd curve_inputs(const CurveRequest& request,
                             const synthesis::AnalogBlock& block,
                             const Options& options);

/// As `characterize`; models of blocks with several inputs get their curve too (one deck each),
/// with interpolation_error the largest |curve(r) - ngspice| over the stimuli that judge it, in
/// parts of full scale. Throws InputError when a reduction does not fit its block.
std::vector<PeripheryModel> characterize_curves(std::span<const CurveRequest> requests,
                                                const device::AnalogFigures& figures,
                                                engine::Engine& engine,
                                                const Options& options = {});

}  // namespace memspice::periphery
