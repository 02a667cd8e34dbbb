#pragma once
// Convolutions computed in the spectrum by overlap-save, equal to the float reference within
// rounding.

#include "simulate/layer_kernel.hpp"
#include "spectral/convolution.hpp"

namespace memspice::simulate {

std::unique_ptr<LayerKernel> make_spectral_kernel(
    std::shared_ptr<const spectral::Convolution> convolution);

}  // namespace memspice::simulate
