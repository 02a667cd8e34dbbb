#pragma once

namespace memspice::network {

/// A function of each value alone, of a whole axis (Softmax, LogSoftmax), or of complex numbers.
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
    LogSoftmax,
    // Of complex numbers, whose Re and Im are neighbours on axis 1.
    ClRelu,   ///< z if Re z > 0 or Im z > 0, else alpha z
    ZRelu,    ///< z if Re z > 0 and Im z > 0, else 0
    ModRelu,  ///< relu(|z| + alpha) z / |z|
  };
  Kind kind = Kind::Relu;
  float alpha = 0.0F;  ///< LeakyRelu, ClRelu, HardSigmoid: slope; Clip: lower bound
  float beta = 0.0F;   ///< HardSigmoid: offset; Clip: upper bound
  int axis = -1;       ///< Softmax, LogSoftmax

  /// Of one complex number, of all values along `axis`; of one value where it is neither.
  bool is_complex() const noexcept {
    return kind == Kind::ClRelu || kind == Kind::ZRelu || kind == Kind::ModRelu;
  }
  bool is_along_axis() const noexcept { return kind == Kind::Softmax || kind == Kind::LogSoftmax; }
};

}  // namespace memspice::network
