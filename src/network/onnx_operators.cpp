#include "network/onnx_operators.hpp"
#include "network/onnx_operators_quantized.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "network/channel_node.hpp"

namespace memspice::network {
namespace {

struct Operator {
  std::string_view name;
  OperatorReader read;
  ChannelRule follow = nullptr;  ///< how channels pass it; null: they are not followed through it
  int traits = 0;
};
/// Only moves values, or chooses among them: see moves_values.
constexpr int kMoves = 1;
/// Works along the axes that it names or on each value alone: see takes_any_form.
constexpr int kAxes = 2;

/// Every ONNX operator that memspice imports, in alphabetical order, but for the functions of
/// function.cpp and the reductions of apply_reduction.cpp. A line adds one.
constexpr std::array kOperators{
    Operator{"Add", read_add, follow_elementwise, kAxes},
    Operator{"And", read_comparison, nullptr, kAxes},
    Operator{"ArgMax", read_arg_max, nullptr, kMoves},
    Operator{"AveragePool", read_average_pool, follow_each_channel},
    Operator{"BatchNormalization", read_batch_normalization, follow_normalization},
    Operator{"Cast", read_cast, follow_each_channel, kAxes},
    Operator{"Clip", read_clip, follow_each_channel, kAxes},
    Operator{"Concat", read_concat, follow_concatenation, kMoves | kAxes},
    Operator{"Constant", read_constant_node},
    Operator{"ConstantOfShape", read_constant_of_shape},
    Operator{"Conv", read_conv, follow_convolution},
    Operator{"ConvInteger", read_conv_integer},
    Operator{"ConvTranspose", read_conv_transpose, follow_convolution},
    Operator{"DepthToSpace", read_depth_to_space, nullptr, kMoves},
    Operator{"DequantizeLinear", read_dequantize_linear},
    Operator{"Div", read_div, follow_elementwise, kAxes},
    Operator{"Dropout", read_dropout, follow_each_channel, kAxes},
    Operator{"DynamicQuantizeLinear", read_dynamic_quantize_linear},
    Operator{"Equal", read_comparison, nullptr, kAxes},
    Operator{"Expand", read_expand, nullptr, kMoves | kAxes},
    Operator{"Flatten", read_flatten, follow_flatten, kMoves},
    Operator{"Gather", read_gather, nullptr, kMoves | kAxes},
    Operator{"Gelu", read_gelu, nullptr, kAxes},
    Operator{"Gemm", read_gemm, follow_product, kAxes},
    Operator{"GRU", read_gru, nullptr, kAxes},
    Operator{"GlobalAveragePool", read_global_average_pool, follow_global_average},
    Operator{"GlobalMaxPool", read_global_max_pool, nullptr, kMoves},
    Operator{"Greater", read_comparison, nullptr, kAxes},
    Operator{"GreaterOrEqual", read_comparison, nullptr, kAxes},
    Operator{"GroupNormalization", read_group_normalization},
    Operator{"HardSigmoid", read_hard_sigmoid, follow_each_channel, kAxes},
    Operator{"HardSwish", read_hard_swish, follow_each_channel, kAxes},
    Operator{"Identity", read_identity, follow_each_channel, kMoves | kAxes},
    Operator{"If", read_if},
    Operator{"InstanceNormalization", read_instance_normalization},
    Operator{"LRN", read_local_response},
    Operator{"LSTM", read_lstm, nullptr, kAxes},
    Operator{"LayerNormalization", read_layer_normalization, nullptr, kAxes},
    Operator{"LeakyRelu", read_leaky_relu, follow_each_channel, kAxes},
    Operator{"Less", read_comparison, nullptr, kAxes},
    Operator{"LessOrEqual", read_comparison, nullptr, kAxes},
    Operator{"LogSoftmax", read_log_softmax, nullptr, kAxes},
    Operator{"MatMul", read_matmul, follow_product, kAxes},
    Operator{"MatMulInteger", read_matmul_integer},
    Operator{"Max", read_max, nullptr, kAxes},
    Operator{"MaxPool", read_max_pool, follow_each_channel, kMoves},
    Operator{"Mean", read_mean, nullptr, kAxes},
    Operator{"MeanVarianceNormalization", read_mean_variance_normalization},
    Operator{"Min", read_min, nullptr, kAxes},
    Operator{"Mul", read_mul, follow_elementwise, kAxes},
    Operator{"Neg", read_neg, follow_each_channel, kAxes},
    Operator{"Not", read_not, nullptr, kAxes},
    Operator{"Or", read_comparison, nullptr, kAxes},
    Operator{"PRelu", read_prelu},
    Operator{"Pad", read_pad, follow_pad, kMoves},
    Operator{"Pow", read_pow, nullptr, kAxes},
    Operator{"QLinearConv", read_qlinear_conv},
    Operator{"QLinearMatMul", read_qlinear_matmul},
    Operator{"QuantizeLinear", read_quantize_linear},
    Operator{"RNN", read_rnn, nullptr, kAxes},
    Operator{"ReduceMean", read_reduce_mean, follow_mean, kAxes},
    Operator{"Relu", read_relu, follow_each_channel, kAxes},
    Operator{"Reshape", read_reshape, follow_reshape, kMoves | kAxes},
    Operator{"Resize", read_resize, follow_resize},
    Operator{"Shape", read_shape, nullptr, kAxes},
    Operator{"Sigmoid", read_sigmoid, follow_each_channel, kAxes},
    Operator{"Slice", read_slice, nullptr, kMoves | kAxes},
    Operator{"Softmax", read_softmax, nullptr, kAxes},
    Operator{"SpaceToDepth", read_space_to_depth, nullptr, kMoves},
    Operator{"Split", read_split, nullptr, kMoves | kAxes},
    Operator{"Squeeze", read_squeeze, follow_squeeze, kMoves | kAxes},
    Operator{"Sub", read_sub, follow_elementwise, kAxes},
    Operator{"Sum", read_sum, nullptr, kAxes},
    Operator{"Tanh", read_tanh, follow_each_channel, kAxes},
    Operator{"Tile", read_tile, nullptr, kMoves},
    Operator{"TopK", read_top_k, nullptr, kMoves},
    Operator{"Transpose", read_transpose, nullptr, kMoves | kAxes},
    Operator{"Unsqueeze", read_unsqueeze, follow_unsqueeze, kMoves | kAxes},
    Operator{"Upsample", read_upsample},
    Operator{"Where", read_where, nullptr, kAxes},
    Operator{"Xor", read_comparison, nullptr, kAxes},
};

struct Substitute {
  std::string_view missing, nearest;
};

/// What does the work of operators that are not there where spelling would not find it.
constexpr std::array kSubstitutes{
    Substitute{"AffineGrid", "Resize"},
    Substitute{"Attention", "MatMul"},
    Substitute{"DeformConv", "Conv"},
    Substitute{"Einsum", "MatMul"},
    Substitute{"GatherElements", "Gather"},
    Substitute{"GatherND", "Gather"},
    Substitute{"GlobalLpPool", "GlobalAveragePool"},
    Substitute{"GridSample", "Resize"},
    Substitute{"GroupQueryAttention", "MatMul"},
    Substitute{"Hardmax", "Softmax"},
    Substitute{"LpNormalization", "LayerNormalization"},
    Substitute{"LpPool", "AveragePool"},
    Substitute{"MaxRoiPool", "MaxPool"},
    Substitute{"MaxUnpool", "Resize"},
    Substitute{"MultiHeadAttention", "MatMul"},
    Substitute{"NonMaxSuppression", "ArgMax"},
    Substitute{"PackedAttention", "MatMul"},
    Substitute{"QAttention", "MatMul"},
    Substitute{"RMSNormalization", "LayerNormalization"},
    Substitute{"RoiAlign", "Resize"},
    Substitute{"Swish", "HardSwish"},
};

/// Of onnxruntime's domain: layers on integers.
constexpr std::array kMicrosoftOperators{
    Operator{"DequantizeLinear", read_dequantize_linear},
    Operator{"QGemm", read_qgemm},
    Operator{"QLinearAdd", read_qlinear_add},
    Operator{"QLinearAveragePool", read_qlinear_average_pool},
    Operator{"QLinearConcat", read_qlinear_concat},
    Operator{"QLinearConv", read_qlinear_conv},
    Operator{"QLinearGlobalAveragePool", read_qlinear_global_average_pool},
    Operator{"QLinearLeakyRelu", read_qlinear_leaky_relu},
    Operator{"QLinearMul", read_qlinear_mul},
    Operator{"QLinearSigmoid", read_qlinear_sigmoid},
    Operator{"QLinearSoftmax", read_qlinear_softmax},
    Operator{"QuantizeLinear", read_quantize_linear},
};

/// Of those who train networks for integers of few bits.
constexpr std::array<std::string_view, 4> kTrainingDomains{
    "finn.custom_op.general", "onnx.brevitas", "qonnx.custom_op.general", "qonnx.custom_op"};
constexpr std::array kTrainingOperators{
    Operator{"BipolarQuant", read_bipolar_quant},
    Operator{"IntQuant", read_quant},
    Operator{"Quant", read_quant},
};

template <std::size_t n>
OperatorReader find_in(const std::array<Operator, n>& operators, std::string_view name) {
  const auto* found = std::ranges::find(operators, name, &Operator::name);
  return found == operators.end() ? nullptr : found->read;
}

template <std::size_t n>
void add_names(const std::array<Operator, n>& operators, std::vector<std::string>& names) {
  for (const Operator& entry : operators) names.emplace_back(entry.name);
}

OperatorReader find_standard(std::string_view name) {
  if (const OperatorReader read = find_in(kOperators, name)) return read;
  if (find_function(name) != nullptr) return read_function;
  return find_reduction(name) != nullptr ? read_reduction : nullptr;
}

}  // namespace

bool moves_values(std::string_view operator_name) {
  const auto* found = std::ranges::find(kOperators, operator_name, &Operator::name);
  return found != kOperators.end() && (found->traits & kMoves) != 0;
}

ChannelRule find_channel_rule(std::string_view operator_name) {
  const auto* found = std::ranges::find(kOperators, operator_name, &Operator::name);
  if (found != kOperators.end()) return found->follow;
  return find_function(operator_name) != nullptr ? follow_each_channel : nullptr;
}

bool takes_any_form(std::string_view operator_name) {
  const auto* found = std::ranges::find(kOperators, operator_name, &Operator::name);
  if (found != kOperators.end()) return (found->traits & kAxes) != 0;
  return find_function(operator_name) != nullptr || find_reduction(operator_name) != nullptr;
}

OperatorReader find_reader(std::string_view domain, std::string_view operator_name) {
  if (domain.empty() || domain == "ai.onnx") return find_standard(operator_name);
  if (domain == "com.microsoft") return find_in(kMicrosoftOperators, operator_name);
  const bool is_training = std::ranges::find(kTrainingDomains, domain) != kTrainingDomains.end();
  return is_training ? find_in(kTrainingOperators, operator_name) : nullptr;
}

std::vector<std::string> supported_operators() {
  std::vector<std::string> names;
  add_names(kOperators, names);
  for (const auto name : function_names()) names.emplace_back(name);
  for (const auto name : reduction_names()) names.emplace_back(name);
  add_names(kMicrosoftOperators, names);
  add_names(kTrainingOperators, names);
  std::ranges::sort(names);
  const auto repeated = std::ranges::unique(names);
  names.erase(repeated.begin(), repeated.end());
  return names;
}

std::string nearest_operator(const std::string& operator_name) {
  const auto* known = std::ranges::find(kSubstitutes, operator_name, &Substitute::missing);
  if (known != kSubstitutes.end()) return std::string(known->nearest);
  return closest_match(operator_name, supported_operators()).value_or("");
}

}  // namespace memspice::network
