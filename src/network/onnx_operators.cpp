#include "network/onnx_operators.hpp"

#include <algorithm>
#include <array>

namespace memspice::network {
namespace {

struct Operator {
  std::string_view name;
  OperatorReader read;
};

/// Every ONNX operator that memspice imports, in alphabetical order. A line adds one.
constexpr std::array kOperators{
    Operator{"Add", read_add},
    Operator{"AveragePool", read_average_pool},
    Operator{"BatchNormalization", read_batch_normalization},
    Operator{"Cast", read_cast},
    Operator{"Clip", read_clip},
    Operator{"Concat", read_concat},
    Operator{"Constant", read_constant_node},
    Operator{"ConstantOfShape", read_constant_of_shape},
    Operator{"Conv", read_conv},
    Operator{"ConvTranspose", read_conv_transpose},
    Operator{"Div", read_div},
    Operator{"Dropout", read_dropout},
    Operator{"Flatten", read_flatten},
    Operator{"Gather", read_gather},
    Operator{"Gemm", read_gemm},
    Operator{"GlobalAveragePool", read_global_average_pool},
    Operator{"HardSigmoid", read_hard_sigmoid},
    Operator{"HardSwish", read_hard_swish},
    Operator{"Identity", read_identity},
    Operator{"LeakyRelu", read_leaky_relu},
    Operator{"MatMul", read_matmul},
    Operator{"MaxPool", read_max_pool},
    Operator{"Mul", read_mul},
    Operator{"Pad", read_pad},
    Operator{"ReduceMean", read_reduce_mean},
    Operator{"Relu", read_relu},
    Operator{"Reshape", read_reshape},
    Operator{"Resize", read_resize},
    Operator{"Shape", read_shape},
    Operator{"Sigmoid", read_sigmoid},
    Operator{"Slice", read_slice},
    Operator{"Softmax", read_softmax},
    Operator{"Squeeze", read_squeeze},
    Operator{"Sub", read_sub},
    Operator{"Tanh", read_tanh},
    Operator{"Transpose", read_transpose},
    Operator{"Unsqueeze", read_unsqueeze},
};

}  // namespace

OperatorReader find_reader(std::string_view operator_name) {
  const auto* found = std::ranges::find(kOperators, operator_name, &Operator::name);
  return found == kOperators.end() ? nullptr : found->read;
}

std::vector<std::string> supported_operators() {
  std::vector<std::string> names;
  for (const Operator& entry : kOperators) names.emplace_back(entry.name);
  return names;
}

}  // namespace memspice::network
