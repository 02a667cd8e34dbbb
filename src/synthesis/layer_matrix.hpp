#pragma once
// Layers as the matrices that arrays of memristor pairs carry: y = W^T x + b.
//
// Planes are C x H x W, row-major; a cell that no term of the layer reaches is absent.
// Convolution:    y[o,p,q] = sum_cuv K[o,c,u,v] x[c, s p + d u - pad, s q + d v - pad] + b[o]
// Deconvolution:  y[o, s p + d u - pad, s q + d v - pad] += K[c,o,u,v] x[c,p,q]; its transpose.

#include <Eigen/Core>

#include "network/layer.hpp"

namespace memspice::synthesis {

struct Plane {
  int channels = 1, height = 1, width = 1;
  int size() const noexcept { return channels * height * width; }
};

using CellMask = Eigen::Array<bool, Eigen::Dynamic, Eigen::Dynamic>;

struct LayerMatrix {
  Eigen::MatrixXd W;     ///< inputs x outputs [1]
  CellMask present;      ///< where a pair of memristors stands
  Eigen::VectorXd bias;  ///< one per output [1]; empty: none
};

/// Throw InputError naming `name` when the channels do not fit, the kernel does not fit into the
/// padded plane, a stride or dilation is below 1, or an output padding is not below the stride.
Plane output_plane(const network::Convolution& layer, const Plane& in, const std::string& name);
Plane output_plane(const network::Deconvolution& layer, const Plane& in, const std::string& name);

/// All outputs at once: C H W inputs, D P Q outputs; sparse and Toeplitz in blocks.
LayerMatrix unrolled(const network::Convolution& layer, const Plane& in, const std::string& name);
LayerMatrix unrolled(const network::Deconvolution& layer, const Plane& in, const std::string& name);
LayerMatrix unrolled(const network::FullyConnected& layer);

/// One position of the window: C k k inputs, D outputs; one pair per kernel weight.
LayerMatrix at_one_window(const network::Convolution& layer);

/// One pixel: C inputs, what it adds to D k k taps; one pair per kernel weight, without bias.
LayerMatrix at_one_pixel(const network::Deconvolution& layer);

/// Drops the pairs of weights that are 0: pruned ones are absent.
void drop_zeros(LayerMatrix& matrix);

}  // namespace memspice::synthesis
