#pragma once
// Transposed convolution as circuits, two ways with equal outputs.
//
// Toeplitz: the whole sparse matrix on one crossbar, all outputs at once: a pair wherever pixel
// (p,q) reaches output (s p + u, s q + v).
//
// Kernel first (Chen et al. 2022, METHODS section 6): one pair per kernel weight. Slot (p,q)
// presents the C channels of one pixel; what it adds to each tap is held, and a summer per output
// pixel adds the held taps that fall on it. A pruned weight has no memristors, and its tap no
// resistors in the summers. Zeros between pixels are never multiplied.
//
//   x[c,p,q] --o--[K[c,o,u,v]]--|subtractor|-- -tap[o,u,v] --|hold|--/\/\--+
//                                                 ...         /\/\---------+---R_f---+
//                                               vss or vdd --R_bias--------+--|>-----o-- y[o,i,j]
//
// The pairs stand with + and - exchanged, so that the inverting summers set the sign right. Slots
// are a stimulus sweep in sequence; the holds stand between the two circuits.

#include "synthesis/weight_array.hpp"

namespace memspice::synthesis {

/// Inputs C x H x W, outputs D x P x Q.
LayerCircuit build_toeplitz_deconvolution(const std::string& name,
                                          const network::Deconvolution& layer,
                                          const Plane& in,
                                          const WeightArrayOptions& options,
                                          const device::AnalogFigures& figures);

struct KernelFirstDeconvolution {
  LayerCircuit taps;   ///< C inputs, D k_h k_w outputs: minus the taps of one pixel
  AnalogBlock summer;  ///< held taps -> D x P x Q: minus their sums, and the bias
  /// Which taps are held, one per input of the summer: slot (D k_h k_w) + tap. Those that are
  /// cropped or pruned are not.
  std::vector<int> held;
  double gain = 1.0;  ///< summer(held) = gain (deconvolution(x) + b signal)
  int slots = 0;      ///< pixels of the input plane
};

KernelFirstDeconvolution build_kernel_first_deconvolution(const std::string& name,
                                                          const network::Deconvolution& layer,
                                                          const Plane& in,
                                                          const WeightArrayOptions& options,
                                                          const device::AnalogFigures& figures);

/// The taps circuit's inputs, slot after slot, of a plane C x H x W: C x (H W).
Eigen::MatrixXd pixel_slots(const Plane& in, const Eigen::VectorXd& x);

/// What the holds present to the summer, of the slots' outputs (D k_h k_w) x (H W).
Eigen::VectorXd held_taps(const KernelFirstDeconvolution& circuit, const Eigen::MatrixXd& slots);

}  // namespace memspice::synthesis
