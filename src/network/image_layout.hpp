#pragma once
// Images of a data set as a network takes them.

#include "network/dataset.hpp"

namespace memspice::network {

/// Brings `images` (N x ...) to the form of a network's input shape (batch 1) where both hold the
/// same image: n values for n, axes of length 1 more or less, a row of values for one plane,
/// channels first for channels last and the other way round. Images of no such form stay as they
/// are.
void fit_images(const Shape& input_shape, Tensor& images);

}  // namespace memspice::network
