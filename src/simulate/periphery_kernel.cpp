#include "simulate/periphery_kernel.hpp"

#include <algorithm>
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
  return op != nullptr && !op->is_along_axis();
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

/// A global average over planes, stage after stage.
class AverageTreeKernel : public LayerKernel {
 public:
  AverageTreeKernel(const network::Layer& layer,
                    std::shared_ptr<const ScaledCurve> curve,
                    int stages)
      : layer_(layer), curve_(std::move(curve)), stages_(stages) {}

  Tensor apply(std::span<const Tensor* const> inputs,
               std::uint64_t /*first_image*/) const override {
    const Tensor& input = *inputs.front();
    const AverageTree tree = {.window = root_of(input.shape[2] * input.shape[3]),
                              .stages = stages_};
    std::vector<float> values = input.data;
    for (int stage = 0; stage < tree.stages; ++stage) {
      values = means_of(values, static_cast<std::size_t>(tree.window));
      curve_->apply(values);
    }
    network::Shape shape = layer_.output_shape;
    shape.front() = input.shape.front();
    return Tensor(std::move(shape), std::move(values));
  }

 private:
  std::int64_t root_of(std::int64_t values) const {
    return std::llround(std::pow(static_cast<double>(values), 1.0 / stages_));
  }

  static std::vector<float> means_of(const std::vector<float>& values, std::size_t window) {
    std::vector<float> means(values.size() / window);
    for (std::size_t k = 0; k < means.size(); ++k) {
      double sum = 0.0;
      for (std::size_t i = 0; i < window; ++i) sum += static_cast<double>(values[k * window + i]);
      means[k] = static_cast<float>(sum / static_cast<double>(window));
    }
    return means;
  }

  const network::Layer& layer_;
  std::shared_ptr<const ScaledCurve> curve_;
  int stages_ = 1;
};

/// A tree runs over whole planes, which lie one after the other.
bool averages_planes(const network::Layer& layer) {
  const auto* average = std::get_if<network::GlobalAverage>(&layer.operation);
  if (average == nullptr) return false;
  std::vector<int> axes = average->axes;
  for (int& axis : axes) axis += axis < 0 ? 4 : 0;
  std::sort(axes.begin(), axes.end());
  return axes == std::vector<int>{2, 3};
}

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
                      .value = memspice::to_text(scale),
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

AverageTree average_tree(std::int64_t values, std::int64_t most) {
  for (int stages = 1; stages < 63; ++stages) {
    const std::int64_t window = std::llround(std::pow(static_cast<double>(values), 1.0 / stages));
    if (window < 2 && values > 1) break;
    std::int64_t product = 1;
    for (int k = 0; k < stages; ++k) product *= window;
    if (product == values && window <= most) return {.window = window, .stages = stages};
  }
  return {.window = 0, .stages = 1};
}

std::unique_ptr<LayerKernel> make_periphery_kernel(const network::Layer& layer,
                                                   std::shared_ptr<const ScaledCurve> curve,
                                                   int stages) {
  if (stages > 1) {
    if (averages_planes(layer)) {
      return std::make_unique<AverageTreeKernel>(layer, std::move(curve), stages);
    }
    throw InputError({.place = layer.name,
                      .value = network::operation_name(layer.operation),
                      .rule = "only an average over planes is a tree of averages",
                      .remedy = "give one stage"});
  }

  if (!is_reduction(layer) && !is_function(layer)) {
    throw InputError({.place = layer.name,
                      .value = network::operation_name(layer.operation),
                      .rule = "is no operation that one transfer curve stands for",
                      .remedy = "leave the layer to the float reference"});
  }
  return std::make_unique<PeripheryKernel>(layer, std::move(curve));
}

}  // namespace memspice::simulate
