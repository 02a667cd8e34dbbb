#pragma once
// What the layers of a network are, in the field's terms, free of any file format.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "network/activation.hpp"
#include "network/digital.hpp"
#include "network/pooling.hpp"
#include "network/quantization.hpp"
#include "network/recurrence.hpp"
#include "network/tensor.hpp"

namespace memspice::network {

/// Of each output, the step that all its weights are whole multiples of, as a network for integers
/// of few bits has them; empty: none is known.
using Steps = std::vector<float>;

/// y[o] = sum_c K[o,c] * x[c] + b[o]. weight: C_out x C_in/groups x k_h x k_w.
struct Convolution {
  Tensor weight;
  Tensor bias;  ///< C_out, or empty
  Window window;
  int groups = 1;
  Steps steps = {};  ///< C_out, or empty
};

/// Transposed convolution. weight: C_in x C_out/groups x k_h x k_w.
struct Deconvolution {
  Tensor weight;
  Tensor bias;  ///< C_out, or empty
  Window window;
  std::array<int, 2> output_padding{0, 0};
  int groups = 1;
  Steps steps = {};  ///< C_out, or empty
};

/// y = W x + b. weight: n_out x n_in.
struct FullyConnected {
  Tensor weight;
  Tensor bias;            ///< n_out, or empty
  bool is_fixed = false;  ///< a known transform, computed digitally: no crossbars
  Steps steps = {};       ///< n_out, or empty
};

/// y = scale x + shift per channel, in inference form; folded into the layer before where possible.
struct BatchNormalization {
  Tensor scale, shift;  ///< C
};
/// Element-wise with NumPy broadcasting; a constant operand is held here, or there are two inputs.
struct Elementwise {
  /// Named as in ONNX; PRelu: a where a >= 0, else b a. The table is in apply_elementwise.cpp.
  enum class Kind { Add, Mul, Div, Sub, Max, Min, Pow, PRelu };
  Kind kind = Kind::Add;
  std::optional<Tensor> constant;
  bool constant_is_left = false;
};
std::string_view to_text(Elementwise::Kind kind) noexcept;  ///< "Add"

struct Concatenation {
  int axis = 1;
};
struct Reshape {
  Shape shape;                      ///< 0 copies, -1 infers; first entry 0 or 1: the batch axis
                                    ///< stays; -1: it takes what is left, a multiple of the batch
  std::optional<int> flatten_axis;  ///< instead of `shape`: joins all axes from this one on
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
                               Recurrence,
                               Resize,
                               Function,
                               Transposition,
                               Selection,
                               Reduction,
                               Standardization,
                               LocalResponse,
                               Quantization,
                               MatrixProduct>;

/// A node of the layer graph.
struct Layer {
  std::string name;  ///< unique; [A-Za-z0-9_] only, starts with a letter: made safe on import
  Operation operation;
  Shape output_shape;  ///< for a batch of 1

  /// Can crossbars carry it: convolution, transposed convolution, recurrence or fully connected,
  /// not fixed?
  bool has_weights() const noexcept;
  /// Its trained numbers, biases included.
  long parameter_count() const noexcept;
};

/// Is it one of digital.hpp or of their kind, with neither circuit nor price?
bool is_digital(const Operation& operation) noexcept;

/// The operation's name for messages: "Convolution", "Activation HardSwish", "Elementwise Add".
std::string operation_name(const Operation& operation);

}  // namespace memspice::network
