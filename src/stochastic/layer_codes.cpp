#include "stochastic/layer_codes.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "base/text.hpp"
#include "mapping/weight_matrix.hpp"

namespace memspice::stochastic {
namespace {

/// What one step of a code of `count` steps stands for; 1 where there is nothing to scale.
double step_of(double full_scale, int count) {
  return full_scale > 0.0 ? full_scale / count : 1.0;
}

double largest_weight(const std::vector<mapping::WeightMatrix>& matrices) {
  double largest = 0.0;
  for (const mapping::WeightMatrix& matrix : matrices) {
    if (matrix.W.size() > 0) largest = std::max(largest, matrix.W.cwiseAbs().maxCoeff());
  }
  return largest;
}

GroupCodes encode_group(const mapping::WeightMatrix& matrix, const LayerCodes& codes) {
  GroupCodes group{.first_channel_in = matrix.first_channel_in,
                   .first_channel_out = matrix.first_channel_out,
                   .W = (matrix.W.transpose() / codes.weight_step).array().round().cast<int>(),
                   .bias = Eigen::VectorXd::Zero(matrix.W.cols())};
  if (matrix.bias.size() > 0) group.bias = matrix.bias / codes.word_step();
  return group;
}

}  // namespace

double LayerCodes::result_step() const noexcept {
  return std::ldexp(word_step(), precision.scale_bits());
}

CodeRange LayerCodes::stream_rails() const {
  return accumulator_range(precision.form, precision.bits, precision.guard_bits);
}

Form choose_form(FormChoice choice, network::ActivationRange range, const std::string& place) {
  if (choice == FormChoice::Signed) return Form::Signed;
  if (range.low >= 0.0F) return Form::Mixed;
  if (choice == FormChoice::Auto) return Form::Signed;
  throw InputError({.place = place,
                    .value = "inputs down to " + memspice::to_text_rounded(range.low, 3),
                    .rule = "the mixed form takes activations that are never negative",
                    .remedy = "set bitstream.form = \"auto\" or \"signed\""});
}

LayerCodes encode_layer(const network::Layer& layer,
                        const Precision& precision,
                        network::ActivationRange range) {
  const std::vector<mapping::WeightMatrix> matrices = mapping::weight_matrices(layer);
  LayerCodes codes{.precision = precision};
  codes.weight_step = step_of(largest_weight(matrices), (1 << (precision.weight_bits - 1)) - 1);
  const double x_max = std::max(std::abs(range.low), std::abs(range.high));
  codes.activation_step = step_of(x_max, activation_range(precision.form, precision.bits).high);
  for (const mapping::WeightMatrix& matrix : matrices) {
    codes.groups.push_back(encode_group(matrix, codes));
  }
  return codes;
}

network::Tensor encode_activations(const LayerCodes& codes, const network::Tensor& input) {
  const CodeRange range = activation_range(codes.precision.form, codes.precision.bits);
  const auto low = static_cast<float>(codes.precision.form == Form::Signed ? -range.high : 0);
  const auto high = static_cast<float>(range.high);
  const auto to_code = static_cast<float>(1.0 / codes.activation_step);
  network::Tensor encoded = input;
  for (float& value : encoded.data) {
    value = std::nearbyint(std::min(std::max(value * to_code, low), high));
  }
  return encoded;
}

}  // namespace memspice::stochastic
