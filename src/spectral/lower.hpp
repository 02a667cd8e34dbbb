#pragma once
// A spectral network as an ordinary layer graph, so that it maps onto crossbars like any other.
//
//   image -> flatten -> transform -> bins -> spectral1 -> activation1 -> ... -> flatten_bins -> fc1
//
// transform     a fixed, digital matrix: Re and Im of the kept bins
// spectralN     a 1x1 convolution with a group per bin, that bin's complex kernels as real blocks
//                 [Re -Im]      of channels that are Re and Im by turns
//                 [Im  Re]
// activationN   on those pairs
// Only the bins that the last layer keeps are there (drop_unused_bins).

#include "network/graph.hpp"
#include "spectral/network.hpp"

namespace memspice::spectral {

/// Gives the Runner's results within float rounding. Each bin of the image is scaled so that the
/// first layer's kernels have a largest size of 1 in every bin: one conductance range then suits
/// all of them. Throws InputError for an activation that mixes bins.
network::Graph lower(const SpectralNetwork& network);

}  // namespace memspice::spectral
