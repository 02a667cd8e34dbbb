#pragma once

#include <span>

#include "network/tensor.hpp"

namespace memspice::simulate {

/// output (N x C x ...) += bias (C) on every channel: the bias that no word line carries. An empty
/// bias adds nothing.
void add_digital_bias(std::span<const float> bias, network::Tensor& output);

}  // namespace memspice::simulate
