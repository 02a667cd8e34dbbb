#pragma once
// What the layers of a network are, in the field's terms, free of any file format.

#include <array>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "network/tensor.hpp"

namespace memspice::network {

/// Sliding-window geometry shared by convolution and pooling; index 0 is height, 1 is width.
struct Window {
  std::array<int, 2> kernel{1, 1};
  std::array<int, 2> stride{1, 1};
  std::array<int, 2> dilation{1, 1};
  std::array<int, 4> padding{0, 0, 0, 0};  ///< top, left, bottom, right
  bool ceil_mode = false;                  ///< pooling only: the last, partial window counts
};

/// y[o] = sum_c K[o,c] * x[c] + b[o]. weight: C_out x C_in/groups x k_h x k_w.
struct Convolution {
  Tensor weight;
  Tensor bias;  ///< C_out, or empty
  Window window;
  int groups = 1;
};

/// Transposed convolution. weight: C_in x C_out/groups x k_h x k_w.
struct Deconvolution {
  Tensor weight;
  Tensor bias;  ///< C_out, or empty
  Window window;
  std::array<int, 2> output_padding{0, 0};
  int groups = 1;
};

/// y = W x + b. weight: n_out x n_in.
struct FullyConnected {
  Tensor weight;
  Tensor bias;  ///< n_out, or empty
};

struct Activation {
  enum class Kind {
    Relu,
    LeakyRelu,
    Sigmoid,
    Tanh,
    HardSigmoid,
    HardSwish,
    Clip,
    Softmax,
  };
  Kind kind = Kind::Relu;
  float alpha = 0.0F;  ///< LeakyRelu: slope; HardSigmoid: slope; Clip: lower bound
  float beta = 0.0F;   ///< HardSigmoid: offset; Clip: upper bound
  int axis = -1;       ///< Softmax
};

struct Pooling {
  enum class Kind { Max, Average };
  Kind kind = Kind::Max;
  Window window;
  bool count_padding = false;  ///< Average: padded zeros count in the mean
};
struct GlobalAverage {
  std::vector<int> axes;  ///< axes averaged over; {2, 3} for GlobalAveragePool
  bool keep_dimensions = true;
};
/// y = scale x + shift per channel, in inference form; folded into the layer before it where it
/// can.
struct BatchNormalization {
  Tensor scale, shift;  ///< C
};
/// Element-wise with NumPy broadcasting; a constant operand is held here, else there are two
/// inputs.
struct Elementwise {
  enum class Kind { Add, Mul, Div, Sub };
  Kind kind = Kind::Add;
  std::optional<Tensor> constant;
  bool constant_is_left = false;
};
struct Concatenation {
  int axis = 1;
};
struct Reshape {
  Shape shape;                      ///< 0 copies, -1 infers; the batch axis stays
  std::optional<int> flatten_axis;  ///< set for Flatten
};
/// Nearest-neighbour resize by whole or fractional factors of the last two axes.
struct Resize {
  std::array<float, 2> scale{1.0F, 1.0F};
  std::string coordinates = "asymmetric";
  std::string rounding = "floor";
};

using Operation = std::variant<Convolution,
                               Deconvolution,
                               FullyConnected,
                               Activation,
                               Pooling,
                               GlobalAverage,
                               BatchNormalization,
                               Elementwise,
                               Concatenation,
                               Reshape,
                               Resize>;

/// A node of the layer graph.
struct Layer {
  std::string name;  ///< unique; [A-Za-z0-9_] only, starts with a letter: made safe on import
  Operation operation;
  Shape output_shape;  ///< for a batch of 1

  /// The weights of a layer that crossbars can carry; null for the others.
  bool has_weights() const noexcept;
};

}  // namespace memspice::network
