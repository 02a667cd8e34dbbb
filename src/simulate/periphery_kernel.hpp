#pragma once
// Layers whose function is a characterized circuit: the measured transfer curve in the place of the
// ideal function, with its offset, its gain error and its saturation.
//
//   network value x --* volts_in--> [V] --curve--> [V] --/ volts_out--> network value y
//
// A circuit of several inputs takes them down to one value first (periphery/network_curve.hpp): a
// pooling layer's windows by the exact mean or maximum, an elementwise product by the exact
// product.

#include <memory>

#include "periphery/periphery_model.hpp"
#include "simulate/layer_kernel.hpp"

namespace memspice::simulate {

/// A transfer curve between network values.
class ScaledCurve {
 public:
  /// volts_in, volts_out: of a network value of 1 [V] (or [A] where the circuit takes currents),
  /// > 0. Throws InputError when the model has no curve or a scale is not above 0.
  ScaledCurve(std::shared_ptr<const periphery::PeripheryModel> model,
              double volts_in,
              double volts_out);
  /// In place. Beyond the characterized range the ends hold.
  void apply(std::span<float> values) const;
  /// Odd continuation: the curve of |value|, with the value's sign. For circuits of one polarity.
  void apply_to_size(std::span<float> values) const;
  const periphery::PeripheryModel& model() const noexcept { return *model_; }
  double volts_in() const noexcept { return volts_in_; }

 private:
  std::shared_ptr<const periphery::PeripheryModel> model_;
  double volts_in_ = 1.0, volts_out_ = 1.0;
};

/// Activation, pooling, global average or elementwise product: the layer's reduction (an
/// activation's is its input itself), then the curve on every value. `layer` outlives the kernel.
/// stages > 1: a global average as a tree, the mean of as many neighbours at each stage, the curve
/// behind each. Throws InputError naming the layer for any other operation, and for stages that do
/// not fit it.
std::unique_ptr<LayerKernel> make_periphery_kernel(const network::Layer& layer,
                                                   std::shared_ptr<const ScaledCurve> curve,
                                                   int stages = 1);

/// The fan-in w of a tree of averages with `stages` equal stages over `values`: w^stages = values.
struct AverageTree {
  std::int64_t window = 1;
  int stages = 1;
};
/// The fewest stages of at most `most` inputs; window 0 when `values` is no such power.
AverageTree average_tree(std::int64_t values, std::int64_t most);

}  // namespace memspice::simulate
