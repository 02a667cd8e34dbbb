// Merges what is linear per channel (batch normalisation, bias additions, scalings) into the
// weights of the layer before it, in double precision.

#include <cmath>
#include <optional>

#include "network/onnx_draft.hpp"

namespace memspice::network {
namespace {

/// y = scale x + shift for each channel.
struct ChannelAffine {
  std::vector<double> scale;
  std::vector<double> shift;

  bool is_finite() const {
    for (std::size_t c = 0; c < scale.size(); ++c) {
      if (!std::isfinite(static_cast<float>(scale[c]))) return false;
      if (!std::isfinite(static_cast<float>(shift[c]))) return false;
    }
    return true;
  }
};

/// The constant's value for each channel, if it depends on nothing but the channel.
std::optional<std::vector<double>> per_channel(const Tensor& constant,
                                               const Shape& shape,
                                               std::size_t channel_axis) {
  const std::size_t rank = constant.shape.size();
  for (std::size_t back = 1; back <= rank; ++back) {
    const auto n = constant.shape[rank - back];
    const bool is_channel = back <= shape.size() && shape.size() - back == channel_axis;
    if (n != 1 && !is_channel) return std::nullopt;
  }
  const auto channels = static_cast<std::size_t>(shape[channel_axis]);
  std::vector<double> values(channels);
  for (std::size_t c = 0; c < channels; ++c) {
    values[c] = static_cast<double>(constant.data[constant.size() == 1 ? 0 : c]);
  }
  return values;
}

std::optional<ChannelAffine> affine_of(const Elementwise& e,
                                       const Shape& shape,
                                       std::size_t channel_axis) {
  if (!e.constant) return std::nullopt;
  const auto values = per_channel(*e.constant, shape, channel_axis);
  if (!values) return std::nullopt;
  ChannelAffine affine{std::vector<double>(values->size(), 1.0),
                       std::vector<double>(values->size(), 0.0)};
  const double sign = e.constant_is_left ? -1.0 : 1.0;
  for (std::size_t c = 0; c < values->size(); ++c) {
    const double v = (*values)[c];
    switch (e.kind) {
      case Elementwise::Kind::Add:
        affine.shift[c] = v;
        break;
      case Elementwise::Kind::Mul:
        affine.scale[c] = v;
        break;
      case Elementwise::Kind::Sub:
        affine.scale[c] = sign;
        affine.shift[c] = -sign * v;
        break;
      case Elementwise::Kind::Div:
        if (e.constant_is_left) return std::nullopt;
        affine.scale[c] = 1.0 / v;
        break;
      case Elementwise::Kind::Max:
      case Elementwise::Kind::Min:
      case Elementwise::Kind::Pow:
      case Elementwise::Kind::PRelu:
        return std::nullopt;
    }
  }
  return affine;
}

/// What `layer` does to each channel of a tensor of shape `shape`; nothing if it is not affine.
std::optional<ChannelAffine> affine_of(const Operation& operation,
                                       const Shape& shape,
                                       std::size_t channel_axis) {
  if (const auto* e = std::get_if<Elementwise>(&operation)) {
    return affine_of(*e, shape, channel_axis);
  }
  const auto* b = std::get_if<BatchNormalization>(&operation);
  if (b == nullptr || channel_axis != 1) return std::nullopt;
  return ChannelAffine{{b->scale.data.begin(), b->scale.data.end()},
                       {b->shift.data.begin(), b->shift.data.end()}};
}

void apply_to_bias(const ChannelAffine& affine, Tensor& bias) {
  if (bias.size() == 0) bias = Tensor({static_cast<std::int64_t>(affine.scale.size())});
  for (std::size_t c = 0; c < bias.data.size(); ++c) {
    bias.data[c] =
        static_cast<float>(affine.scale[c] * static_cast<double>(bias.data[c]) + affine.shift[c]);
  }
}

void scale_values(Tensor& weight, std::size_t first, std::size_t count, double factor) {
  for (std::size_t k = first; k < first + count; ++k) {
    weight.data[k] = static_cast<float>(factor * static_cast<double>(weight.data[k]));
  }
}

/// The grid of each output is scaled like its weights; one that vanishes may have any.
void scale_steps(const ChannelAffine& affine, Steps& steps) {
  for (std::size_t c = 0; c < steps.size(); ++c) {
    const double scaled = std::abs(affine.scale[c]) * static_cast<double>(steps[c]);
    if (scaled > 0.0) steps[c] = static_cast<float>(scaled);
  }
}

/// Scales weight and bias of the layer; false for a layer without weights.
struct Merge {
  const ChannelAffine& affine;

  bool scale_rows(Tensor& weight, Tensor& bias) const {
    const std::size_t row = weight.data.size() / affine.scale.size();
    for (std::size_t c = 0; c < affine.scale.size(); ++c) {
      scale_values(weight, c * row, row, affine.scale[c]);
    }
    apply_to_bias(affine, bias);
    return true;
  }
  bool operator()(Convolution& c) const {
    scale_steps(affine, c.steps);
    return scale_rows(c.weight, c.bias);
  }
  bool operator()(FullyConnected& f) const {
    scale_steps(affine, f.steps);
    return scale_rows(f.weight, f.bias);
  }
  bool operator()(Deconvolution& d) const {
    const auto per_group = static_cast<std::size_t>(d.weight.shape[1]);
    const auto kernel = static_cast<std::size_t>(d.weight.shape[2] * d.weight.shape[3]);
    const auto n_in = static_cast<std::size_t>(d.weight.shape[0] / d.groups);
    for (std::size_t k = 0; k < d.weight.data.size() / kernel; ++k) {
      const std::size_t channel = k / per_group / n_in * per_group + k % per_group;
      scale_values(d.weight, k * kernel, kernel, affine.scale[channel]);
    }
    scale_steps(affine, d.steps);
    apply_to_bias(affine, d.bias);
    return true;
  }
  template <typename Other>
  bool operator()(Other&) const {
    return false;
  }
};

bool merge(const DraftLayer& layer, DraftLayer& producer) {
  const bool is_product = std::holds_alternative<FullyConnected>(producer.operation);
  const std::size_t channel_axis = is_product ? producer.shape.size() - 1 : 1;
  // A broadcast constant may enlarge the tensor: that is no scaling of weights.
  if (layer.shape != producer.shape || channel_axis >= producer.shape.size()) return false;
  const auto affine = affine_of(layer.operation, producer.shape, channel_axis);
  if (!affine || !affine->is_finite()) return false;
  return std::visit(Merge{*affine}, producer.operation);
}

}  // namespace

void fold_into_weights(Draft& draft) {
  auto uses = draft.use_counts();
  std::vector<int> stands_for(draft.layers.size());
  const auto resolve = [&stands_for](int layer) {
    return layer == kDraftInput ? layer : stands_for[static_cast<std::size_t>(layer)];
  };
  for (std::size_t k = 0; k < draft.layers.size(); ++k) {
    DraftLayer& layer = draft.layers[k];
    stands_for[k] = static_cast<int>(k);
    for (int& input : layer.inputs) input = resolve(input);
    if (uses[k] == 0 || layer.inputs.size() != 1 || layer.inputs[0] == kDraftInput) continue;
    const auto before = static_cast<std::size_t>(layer.inputs[0]);
    if (uses[before] != 1 || !merge(layer, draft.layers[before])) continue;
    stands_for[k] = layer.inputs[0];
    uses[before] = uses[k];
  }
  draft.output = resolve(draft.output);
}

}  // namespace memspice::network
