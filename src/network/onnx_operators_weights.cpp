// Operators that carry weights: convolutions, matrix products, batch normalisation.

#include <cmath>

#include "network/onnx_operators.hpp"
#include "network/onnx_operators_quantized.hpp"
#include "network/onnx_window.hpp"
#include "network/shapes.hpp"

namespace memspice::network {
namespace {

constexpr const char* kBatched =
    "only products of a computed tensor with a constant n x m matrix, or with another computed "
    "tensor, can be imported";

Shape kernel_of(OnnxNode& node, int operand = 1) {
  const Shape& shape = node.constant(operand).shape;
  if (shape.size() != 3 && shape.size() != 4) {
    node.reject("weight " + to_text(shape),
                "convolutions are of images or sequences: the weight has three "
                "or four axes",
                "use layers over images or sequences, or run the part before "
                "this node elsewhere");
  }
  return {shape.begin() + 2, shape.end()};
}

/// A kernel over sequences gets a height of 1.
Tensor kernel_weight(const Constant& constant) {
  Tensor weight = constant.to_tensor();
  if (weight.shape.size() == 3) weight.shape.insert(weight.shape.begin() + 2, 1);
  return weight;
}

Tensor optional_bias(OnnxNode& node) {
  return node.has_input(2) ? node.constant(2).to_tensor() : Tensor{};
}

int group_count(OnnxNode& node) {
  return small_integer(node, node.integer("group", 1), 1, "group");
}

/// Padding that gives `wanted` pixels along one axis of a transposed convolution; what cannot be
/// cut away is added as output padding.
void pad_to_size(
    OnnxNode& node, Deconvolution& d, std::size_t axis, std::int64_t wanted, AutoPad mode) {
  Window& w = d.window;
  const std::int64_t full =
      std::int64_t{w.stride[axis]} * (node.shape(0)[image_axis(node, axis)] - 1) +
      d.output_padding[axis] + std::int64_t{w.dilation[axis]} * (w.kernel[axis] - 1) + 1;
  const std::int64_t total = full - wanted;
  if (total < 0) {
    d.output_padding[axis] = small_integer(node, d.output_padding[axis] - total, 0, "output_shape");
  }
  const int padding = total < 0 ? 0 : small_integer(node, total, 0, "output_shape");
  const int half = padding / 2;
  w.padding[axis] = mode == AutoPad::SameUpper ? half : padding - half;
  w.padding[axis + 2] = padding - w.padding[axis];
}

void read_output_size(OnnxNode& node, Deconvolution& d) {
  const auto sizes = node.integer_list("output_shape");
  const AutoPad mode = read_auto_pad(node);
  if (sizes.empty() && mode == AutoPad::None) return;
  const std::size_t axes = node.shape(0).size() - 2;
  if (!sizes.empty() && sizes.size() != axes) {
    node.reject("output_shape with " + std::to_string(sizes.size()) + " entries",
                "has one entry per axis of the window");
  }
  for (std::size_t axis = 2 - axes; axis < 2; ++axis) {
    const auto same = node.shape(0)[image_axis(node, axis)] * d.window.stride[axis];
    const auto wanted = sizes.empty() ? same : sizes[axis - (2 - axes)];
    pad_to_size(node, d, axis, small_integer(node, wanted, 1, "output_shape"), mode);
  }
}

void require_matrix(OnnxNode& node, const Constant& weight) {
  if (weight.shape.size() != 2) node.reject(to_text(weight.shape), kBatched);
}

/// Steps of `outputs` along `axis` of a weight, in each of `groups`; empty where inputs have
/// others.
Steps steps_of(const Constant& weight, int axis, std::int64_t outputs, int groups = 1) {
  const bool is_one = weight.steps.size() == 1;
  if (weight.steps.empty() || (!is_one && weight.step_axis != axis)) return {};
  Steps steps;
  const auto per_group = static_cast<std::size_t>(outputs / groups);
  for (std::size_t k = 0; k < static_cast<std::size_t>(outputs); ++k) {
    steps.push_back(weight.steps[is_one ? 0 : k % per_group]);
  }
  return steps;
}

/// weight: n_out x n_in.
FullyConnected product_by_output(const Constant& weight) {
  return {.weight = weight.to_tensor(), .bias = {}, .steps = steps_of(weight, 0, weight.shape[0])};
}

void scale_by(Tensor& tensor, float factor) {
  if (factor == 1.0F) return;
  for (float& v : tensor.data) v *= factor;
}

/// Gemm's C as one value per output; it may be a scalar, 1, n or 1 x n.
Tensor gemm_bias(OnnxNode& node, std::int64_t n_out) {
  if (!node.has_input(2)) return {};
  Tensor bias = node.constant(2).to_tensor();
  if (bias.size() == 1) return Tensor({n_out}, bias.data[0]);
  if (bias.size() != n_out || bias.shape.back() != n_out) {
    node.reject("C " + to_text(bias.shape),
                "C has to be one row: " + std::to_string(n_out) + " values for every image");
  }
  bias.shape = {n_out};
  return bias;
}

/// A 1-D parameter of batch normalisation.
Tensor channel_parameter(OnnxNode& node, int k, std::int64_t channels) {
  Tensor tensor = node.constant(k).to_tensor();
  if (tensor.size() != channels) {
    node.reject(to_text(tensor.shape),
                "operand " + std::to_string(k) + " has one value for each of " +
                    std::to_string(channels) + " channels");
  }
  return tensor;
}

/// An operand with as many axes as the other, new ones of length 1 right behind the images.
int with_axes(OnnxNode& node, int operand, std::size_t rank) {
  const int source = node.source(operand);
  Shape shape = node.shape(operand);
  if (shape.size() >= rank) return source;
  shape.insert(shape.begin() + 1, rank - shape.size(), 1);
  shape[0] = 0;
  return node.emit(Reshape{std::move(shape), {}}, {source}, "_axes");
}

/// Two computed tensors: a digital product, of matrices behind the batch or, where the file has no
/// axis more, of one image's.
void read_matrix_product(OnnxNode& node) {
  const auto rank = std::min(node.shape(0).size(), node.shape(1).size());
  if (rank < 3 && !node.is_whole()) node.take_whole();
  const auto most = std::max(node.shape(0).size(), node.shape(1).size());
  const int a = with_axes(node, 0, most), b = with_axes(node, 1, most);
  node.emit(MatrixProduct{}, {a, b});
}

}  // namespace

Convolution convolution_of(OnnxNode& node, int operand, Constant weight) {
  Convolution c;
  c.window = read_window(node, kernel_of(node, operand));
  c.groups = group_count(node);
  c.steps = steps_of(weight, 0, weight.shape[0]);
  c.weight = kernel_weight(weight);
  return c;
}

FullyConnected product_of(OnnxNode& node, const Constant& weight) {
  require_matrix(node, weight);
  return product_by_output(fold_transpose(weight, {1, 0}, node.place()));
}

void read_conv(OnnxNode& node) {
  const auto zeros = node.take_padding();
  Convolution c = convolution_of(node, 1, node.constant(1));
  add_padding(node, zeros, c.window);
  c.bias = optional_bias(node);
  emit_over_image(node, std::move(c));
}

void read_conv_transpose(OnnxNode& node) {
  Deconvolution d;
  d.window = read_window(node, kernel_of(node));
  d.groups = group_count(node);
  const auto extra = node.integer_list("output_padding");
  if (!extra.empty() && extra.size() + 2 != node.shape(0).size()) {
    node.reject("output_padding", "has one entry per axis of the window");
  }
  for (std::size_t k = 0; k < extra.size(); ++k) {
    d.output_padding[k + 2 - extra.size()] = small_integer(node, extra[k], 0, "output_padding");
  }
  read_output_size(node, d);
  const Constant& weight = node.constant(1);
  d.weight = kernel_weight(weight);
  d.steps = steps_of(weight, 1, weight.shape[1] * d.groups, d.groups);
  d.bias = optional_bias(node);
  emit_over_image(node, std::move(d));
}

void read_gemm(OnnxNode& node) {
  const float alpha = node.number("alpha", 1.0F);
  const float beta = node.number("beta", 1.0F);
  node.ignore_attribute("broadcast");  // before opset 7; what broadcasts is seen from the shapes
  if (node.integer("transA", 0) != 0) {
    node.reject("transA=1", "transposes the batch of images", "export with transA=0");
  }
  require_matrix(node, node.constant(1));
  const bool stored_by_output = node.integer("transB", 0) != 0;
  FullyConnected f =
      stored_by_output ? product_by_output(node.constant(1)) : product_of(node, node.constant(1));
  f.bias = gemm_bias(node, f.weight.shape[0]);
  scale_by(f.weight, alpha);
  for (float& step : f.steps) step *= std::abs(alpha);
  scale_by(f.bias, beta);
  node.emit(std::move(f));
}

void read_matmul(OnnxNode& node) {
  if (node.is_constant(0)) node.reject("a constant before a computed tensor", kBatched);
  if (!node.is_constant(1)) return read_matrix_product(node);
  node.emit(product_of(node, node.constant(1)));
}

void read_batch_normalization(OnnxNode& node) {
  const double epsilon = static_cast<double>(node.number("epsilon", 1e-5F));
  for (const char* name : {"momentum", "is_test", "spatial", "consumed_inputs"}) {
    node.ignore_attribute(name);
  }
  if (node.integer("training_mode", 0) != 0) {
    node.reject("training_mode=1", "a network is imported for inference", "call eval() and export");
  }
  const Shape& shape = node.shape(0);
  if (shape.size() < 2) node.reject(to_text(shape), "needs an axis of channels");
  const Tensor gamma = channel_parameter(node, 1, shape[1]);
  const Tensor beta = channel_parameter(node, 2, shape[1]);
  const Tensor mean = channel_parameter(node, 3, shape[1]);
  const Tensor variance = channel_parameter(node, 4, shape[1]);
  BatchNormalization b{Tensor({shape[1]}), Tensor({shape[1]})};
  for (std::size_t c = 0; c < gamma.data.size(); ++c) {
    const double scale = static_cast<double>(gamma.data[c]) /
                         std::sqrt(static_cast<double>(variance.data[c]) + epsilon);
    b.scale.data[c] = static_cast<float>(scale);
    b.shift.data[c] = static_cast<float>(static_cast<double>(beta.data[c]) -
                                         static_cast<double>(mean.data[c]) * scale);
  }
  node.emit(std::move(b));
}

}  // namespace memspice::network
