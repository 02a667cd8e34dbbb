#pragma once
// A layer's weights, bias and scales as the whole numbers that multipliers take.
//
//   w = weight_step * W,        W in sign and n - 1 bits, n = weight_bits <= N
//   x = activation_step * X,    X in N bits: unsigned (mixed form) or signed
//   y = sum_i w_i x_i + b       fixed point: word_step sum W X,     word_step = product of the
//   steps
//                               bitstream:   result_step sum P,     result_step = 2^s word_step
// with s = N (mixed) or N - 1 (signed). Fewer weight bits (dynamic precision scaling) shorten the
// streams 2^(N - n)-fold and leave the accumulator N - n more guard bits.

#include <Eigen/Core>
#include <cstdint>
#include <vector>

#include "network/layer.hpp"
#include "network/ranges.hpp"
#include "stochastic/options.hpp"
#include "stochastic/vector_unit.hpp"

namespace memspice::stochastic {

struct Precision {
  Form form = Form::Mixed;  ///< Signed or Mixed
  int bits = 8;             ///< N
  int weight_bits = 8;      ///< n <= N
  int guard_bits = 2;       ///< A

  int scale_bits() const noexcept { return form == Form::Signed ? bits - 1 : bits; }  ///< s
};

using CodeMatrix = Eigen::Matrix<std::int32_t, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// One weight matrix of a layer: all of it, or one group of a grouped convolution.
struct GroupCodes {
  int first_channel_in = 0, first_channel_out = 0;
  CodeMatrix W;          ///< outputs x inputs, inputs in im2col order
  Eigen::VectorXd bias;  ///< outputs, in units of word_step, not rounded; zeros where there is none
};

struct LayerCodes {
  Precision precision;
  double weight_step = 1.0, activation_step = 1.0;
  std::vector<GroupCodes> groups = {};

  double word_step() const noexcept { return weight_step * activation_step; }
  double result_step() const noexcept;
  CodeRange stream_rails() const;  ///< of an accumulator, in units of result_step
};

/// The form that `choice` gives a layer with inputs in `range`. Throws InputError with `place` for
/// "mixed" with negative inputs.
Form choose_form(FormChoice choice, network::ActivationRange range, const std::string& place);

/// Codes of a layer with weights; `range`: of its inputs on calibration images.
LayerCodes encode_layer(const network::Layer& layer,
                        const Precision& precision,
                        network::ActivationRange range);

/// Activations as whole numbers X, rounded to nearest and clipped, in the input's shape.
network::Tensor encode_activations(const LayerCodes& codes, const network::Tensor& input);

}  // namespace memspice::stochastic
