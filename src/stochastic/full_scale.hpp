#pragma once
// What full scale of a layer's activations should stand for, read off the data.

#include <span>

namespace memspice::stochastic {

/// The c that makes sum_i (x_i - Q(x_i))^2 least, where Q clips |x| at c and rounds to steps of
/// c / steps: what is clipped errs by |x| - c, what is not by step^2 / 12 in the mean, and zero not
/// at all (Sung, Shin, Hwang 2015; Banner, Nahshan, Soudry 2019 derive it for given densities). To
/// within 1/200 of the largest |x|; 0 where all values are zero.
double least_error_scale(std::span<const float> values, int steps);

}  // namespace memspice::stochastic
