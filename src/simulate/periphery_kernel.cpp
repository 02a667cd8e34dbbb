#include "simulate/periphery_kernel.hpp"

#include <array>
#include <cmath>

#include "base/error.hpp"
#include "base/text.hpp"

namespace memspice::simulate {
namespace {

using network::Tensor;

bool is_reduction(const network::Layer& layer) {
  if (const auto* op = std::get_if<network::Elementwise>(&layer.operation)) {
    return op->kind == network::Elementwise::Kind::Mul;
  }
  return std::holds_alternative<network::Pooling>(layer.operation) ||
         std::holds_alternative<network::GlobalAverage>(layer.operation);
}

bool is_function(const network::Layer& layer) {
  const auto* op = std::get_if<network::Activation>(&layer.operation);
  return op != nullptr && op->kind != network::Activation::Kind::Softmax;
}

class PeripheryKernel : public LayerKernel {
 public:
  PeripheryKernel(const network::Layer& layer, std::shared_ptr<const ScaledCurve> curve)
      : layer_(layer), curve_(std::move(curve)) {}

  Tensor apply(std::span<const Tensor* const> inputs,
               std::uint64_t /*first_image*/) const override {
    Tensor values = is_function(layer_) ? *inputs.front() : network::apply_layer(layer_, inputs);
    curve_->apply(values.data);
    return values;
  }

 private:
  const network::Layer& layer_;
  std::shared_ptr<const ScaledCurve> curve_;
};

/// Calls the model on `values` times `scale`, in pieces that stay in the processor.
template <typename Result>
void for_each_piece(const periphery::PeripheryModel& model,
                    std::span<float> values,
                    double scale,
                    bool by_size,
                    Result result) {
  std::array<double, 512> piece{};
  for (std::size_t first = 0; first < values.size(); first += piece.size()) {
    const std::size_t count = std::min(piece.size(), values.size() - first);
    for (std::size_t k = 0; k < count; ++k) {
      const double value = static_cast<double>(values[first + k]);
      piece[k] = scale * (by_size ? std::abs(value) : value);
    }
    model.apply({piece.data(), count}, {piece.data(), count});
    for (std::size_t k = 0; k < count; ++k) result(values[first + k], piece[k]);
  }
}

}  // namespace

ScaledCurve::ScaledCurve(std::shared_ptr<const periphery::PeripheryModel> model,
                         double volts_in,
                         double volts_out)
    : model_(std::move(model)), volts_in_(volts_in), volts_out_(volts_out) {
  if (!model_ || !model_->has_curve()) {
    throw InputError({.place = model_ ? model_->name : "periphery",
                      .value = {},
                      .rule = "has no transfer curve",
                      .remedy = "characterize it as a curve"});
  }
  for (const double scale : {volts_in, volts_out}) {
    if (scale > 0 && std::isfinite(scale)) continue;
    throw InputError({.place = model_->name,
                      .value = to_text(scale),
                      .rule = "a scale must be above 0 and finite",
                      .remedy = "choose it from values that are not all zero"});
  }
}

void ScaledCurve::apply(std::span<float> values) const {
  for_each_piece(*model_, values, volts_in_, false, [&](float& value, double out) {
    value = static_cast<float>(out / volts_out_);
  });
}

void ScaledCurve::apply_to_size(std::span<float> values) const {
  for_each_piece(*model_, values, volts_in_, true, [&](float& value, double out) {
    value = std::copysign(1.0F, value) * static_cast<float>(out / volts_out_);
  });
}

std::unique_ptr<LayerKernel> make_periphery_kernel(const network::Layer& layer,
                                                   std::shared_ptr<const ScaledCurve> curve) {
  if (!is_reduction(layer) && !is_function(layer)) {
    throw InputError({.place = layer.name,
                      .value = network::operation_name(layer.operation),
                      .rule = "is no operation that one transfer curve stands for",
                      .remedy = "leave the layer to the float reference"});
  }
  return std::make_unique<PeripheryKernel>(layer, std::move(curve));
}

}  // namespace memspice::simulate
