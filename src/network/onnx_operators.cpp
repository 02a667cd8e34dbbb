#include "network/onnx_operators.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace memspice::network {
namespace {

struct Operator {
  std::string_view name;
  OperatorReader read;
};

/// Every ONNX operator that memspice imports, in alphabetical order, but for the functions of
/// function.cpp and the reductions of apply_reduction.cpp. A line adds one.
constexpr std::array kOperators{
    Operator{"Add", read_add},
    Operator{"ArgMax", read_arg_max},
    Operator{"AveragePool", read_average_pool},
    Operator{"BatchNormalization", read_batch_normalization},
    Operator{"Cast", read_cast},
    Operator{"Clip", read_clip},
    Operator{"Concat", read_concat},
    Operator{"Constant", read_constant_node},
    Operator{"ConstantOfShape", read_constant_of_shape},
    Operator{"Conv", read_conv},
    Operator{"ConvTranspose", read_conv_transpose},
    Operator{"DepthToSpace", read_depth_to_space},
    Operator{"Div", read_div},
    Operator{"Dropout", read_dropout},
    Operator{"Expand", read_expand},
    Operator{"Flatten", read_flatten},
    Operator{"Gather", read_gather},
    Operator{"Gelu", read_gelu},
    Operator{"Gemm", read_gemm},
    Operator{"GlobalAveragePool", read_global_average_pool},
    Operator{"GlobalMaxPool", read_global_max_pool},
    Operator{"GroupNormalization", read_group_normalization},
    Operator{"HardSigmoid", read_hard_sigmoid},
    Operator{"HardSwish", read_hard_swish},
    Operator{"Identity", read_identity},
    Operator{"InstanceNormalization", read_instance_normalization},
    Operator{"LRN", read_local_response},
    Operator{"LayerNormalization", read_layer_normalization},
    Operator{"LeakyRelu", read_leaky_relu},
    Operator{"LogSoftmax", read_log_softmax},
    Operator{"MatMul", read_matmul},
    Operator{"Max", read_max},
    Operator{"MaxPool", read_max_pool},
    Operator{"Mean", read_mean},
    Operator{"MeanVarianceNormalization", read_mean_variance_normalization},
    Operator{"Min", read_min},
    Operator{"Mul", read_mul},
    Operator{"Neg", read_neg},
    Operator{"PRelu", read_prelu},
    Operator{"Pad", read_pad},
    Operator{"Pow", read_pow},
    Operator{"ReduceMean", read_reduce_mean},
    Operator{"Relu", read_relu},
    Operator{"Reshape", read_reshape},
    Operator{"Resize", read_resize},
    Operator{"Shape", read_shape},
    Operator{"Sigmoid", read_sigmoid},
    Operator{"Slice", read_slice},
    Operator{"Softmax", read_softmax},
    Operator{"SpaceToDepth", read_space_to_depth},
    Operator{"Split", read_split},
    Operator{"Squeeze", read_squeeze},
    Operator{"Sub", read_sub},
    Operator{"Sum", read_sum},
    Operator{"Tanh", read_tanh},
    Operator{"Tile", read_tile},
    Operator{"TopK", read_top_k},
    Operator{"Transpose", read_transpose},
    Operator{"Unsqueeze", read_unsqueeze},
    Operator{"Upsample", read_upsample},
};

struct Substitute {
  std::string_view missing, nearest;
};

/// What does the work of operators that are not there where spelling would not find it.
constexpr std::array kSubstitutes{
    Substitute{"AffineGrid", "Resize"},
    Substitute{"ConvInteger", "Conv"},
    Substitute{"DeformConv", "Conv"},
    Substitute{"Einsum", "MatMul"},
    Substitute{"GatherElements", "Gather"},
    Substitute{"GatherND", "Gather"},
    Substitute{"GlobalLpPool", "GlobalAveragePool"},
    Substitute{"GridSample", "Resize"},
    Substitute{"Hardmax", "Softmax"},
    Substitute{"LpNormalization", "LayerNormalization"},
    Substitute{"LpPool", "AveragePool"},
    Substitute{"MatMulInteger", "MatMul"},
    Substitute{"MaxRoiPool", "MaxPool"},
    Substitute{"MaxUnpool", "Resize"},
    Substitute{"NonMaxSuppression", "ArgMax"},
    Substitute{"RMSNormalization", "LayerNormalization"},
    Substitute{"RoiAlign", "Resize"},
    Substitute{"Swish", "HardSwish"},
    Substitute{"Where", "Mul"},
};

}  // namespace

OperatorReader find_reader(std::string_view operator_name) {
  const auto* found = std::ranges::find(kOperators, operator_name, &Operator::name);
  if (found != kOperators.end()) return found->read;
  if (find_function(operator_name) != nullptr) return read_function;
  return find_reduction(operator_name) != nullptr ? read_reduction : nullptr;
}

std::vector<std::string> supported_operators() {
  std::vector<std::string> names;
  for (const Operator& entry : kOperators) names.emplace_back(entry.name);
  for (const auto name : function_names()) names.emplace_back(name);
  for (const auto name : reduction_names()) names.emplace_back(name);
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
