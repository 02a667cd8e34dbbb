#pragma once
// Convolution layers as circuits: unrolled, and sliding with time multiplexing.
//
// Unrolled: every pixel of the input drives a word line, every pixel of the output has a pair of
// bit lines; one read gives the whole layer.
//
//   x[c,i,j] --o--[pairs where the window of (p,q) covers (i,j)]--o-- y[o,p,q]
//
// Sliding: one pair per kernel weight; the window's pixels are switched to the word lines position
// after position, and each read gives one pixel of every output channel.
//
//   slot (p,q): x[c, s p + u, s q + v] --o--[K[o,c,u,v]]--o-- y[o,p,q]
//
// The slots are a stimulus sweep in sequence: each is a settled DC read, as a sample-and-hold
// before the word lines presents it. Depthwise, grouped and pointwise layers are the same circuits
// with the pairs that their groups have; batch normalisation is folded into weights and bias
// before (network/load_onnx).

#include "synthesis/weight_array.hpp"

namespace memspice::synthesis {

/// Inputs C x H x W, outputs D x P x Q.
LayerCircuit build_unrolled_convolution(const std::string& name,
                                        const network::Convolution& layer,
                                        const Plane& in,
                                        const WeightArrayOptions& options,
                                        const device::AnalogFigures& figures);

/// Inputs C x k_h x k_w, outputs D: one slot.
LayerCircuit build_sliding_convolution(const std::string& name,
                                       const network::Convolution& layer,
                                       const WeightArrayOptions& options,
                                       const device::AnalogFigures& figures);

/// The sliding circuit's inputs slot after slot for one plane x: (C k_h k_w) x (P Q); padding is 0.
Eigen::MatrixXd window_slots(const network::Convolution& layer,
                             const Plane& in,
                             const Eigen::VectorXd& x);

/// Slots' outputs, D x (P Q), as a plane D x P x Q.
Eigen::VectorXd plane_of_slots(const Eigen::MatrixXd& slots);

LayerCircuit build_fully_connected(const std::string& name,
                                   const network::FullyConnected& layer,
                                   const WeightArrayOptions& options,
                                   const device::AnalogFigures& figures);

}  // namespace memspice::synthesis
