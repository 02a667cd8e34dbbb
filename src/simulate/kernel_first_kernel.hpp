#pragma once
// A layer executed kernel weight by kernel weight (mapping/kernel_first_plan.hpp): one pass over
// the plane for each kept weight, none for a pruned one.
//
//   D[p,q] += g_k f(V[c, s p + u, s q + v])     for every kept weight k = (c,u,v) of an output
//   Y = scale * sum over its summers of ADC(readout(D))
// g_k is the pair's differential conductance: as mapped (ideal), or as seen through driver and
// summer (mesh); f the cells' curvature, fitted to ngspice (calibrated).

#include "simulate/layer_kernel.hpp"

namespace memspice::simulate {

/// Differential conductance of each word line of each tile, [block][tile], in the plan's order [S].
using PairConductances = std::vector<std::vector<Eigen::VectorXf>>;

/// G+ - G- of tiles' cells or responses, word lines x 2 each.
PairConductances pair_conductances(const std::vector<std::vector<Eigen::MatrixXd>>& G);

/// One layer on its pairs. All pointers outlive the kernel.
struct KernelFirstLayer {
  const network::Graph* graph = nullptr;
  const mapping::TilePlan* plan = nullptr;
  const mapping::LayerPlan* layer = nullptr;  ///< mapped with Scheme::KernelFirst
  PairConductances g;
  tile::Calibration curvature = {};                      ///< without coefficients: ohmic cells
  std::shared_ptr<const ScaledCurve> driver = nullptr;   ///< of each DAC's voltage; null: exact
  std::shared_ptr<const ScaledCurve> readout = nullptr;  ///< of each D before the ADC; null: exact
  Gains gains = {};                                      ///< behind the ADCs
};

/// `ranges`: may be empty where adc_bits is 0.
std::unique_ptr<LayerKernel> make_kernel_first_kernel(KernelFirstLayer layer, AdcRanges ranges);

/// The ADCs' full scales: the converters' rule applied to |D| on `input` (N x ..., network units,
/// from calibration images).
AdcRanges choose_adc_ranges(const KernelFirstLayer& layer, const network::Tensor& input);

}  // namespace memspice::simulate
