// Exporters spell hard-sigmoid and hard-swish out as Add, Clip, Mul and Div. They are recognised by
// what they compute, so every order of the factors is found:
//   hard-sigmoid  y = clamp(slope x + offset, 0, 1)
//   hard-swish    y = x clamp(x/6 + 1/2, 0, 1)

#include <cmath>
#include <limits>
#include <optional>

#include "network/onnx_draft.hpp"

namespace memspice::network {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// Constants of a file are rounded to float: 1/6 is 0.16666667.
bool is_near(double a, double b) {
  constexpr double kFloatRounding = 1e-6;
  return std::abs(a - b) <= kFloatRounding * std::max(1.0, std::abs(b));
}

/// A layer's value as clamp(slope x + offset, low, high) of an earlier tensor x.
struct ClampedLine {
  int source = kDraftInput;
  double slope = 1.0;
  double offset = 0.0;
  double low = -kInfinity;
  double high = kInfinity;

  bool is_free() const { return low == -kInfinity && high == kInfinity; }
  bool is_hard_sigmoid() const { return is_near(low, 0.0) && is_near(high, 1.0) && slope > 0.0; }
};

/// A layer's value as factor * hard_swish(x) with a factor that is not 1 yet.
struct ScaledSwish {
  int source = kDraftInput;
  double factor = 1.0;
};

struct ScalarAffine {
  double scale = 1.0;
  double shift = 0.0;
};

std::optional<ScalarAffine> scalar_affine(const Operation& operation) {
  const auto* e = std::get_if<Elementwise>(&operation);
  if (e == nullptr || !e->constant || e->constant->size() != 1) return std::nullopt;
  const auto v = static_cast<double>(e->constant->data[0]);
  const bool left = e->constant_is_left;
  switch (e->kind) {
    case Elementwise::Kind::Add:
      return ScalarAffine{1.0, v};
    case Elementwise::Kind::Mul:
      return ScalarAffine{v, 0.0};
    case Elementwise::Kind::Sub:
      return left ? ScalarAffine{-1.0, v} : ScalarAffine{1.0, -v};
    case Elementwise::Kind::Div:
      if (left || v == 0.0) return std::nullopt;
      return ScalarAffine{1.0 / v, 0.0};
    case Elementwise::Kind::Max:
    case Elementwise::Kind::Min:
    case Elementwise::Kind::Pow:
    case Elementwise::Kind::PRelu:
      break;
  }
  return std::nullopt;
}

class Recogniser {
 public:
  explicit Recogniser(Draft& draft) : draft_(draft) {}

  void run() {
    for (std::size_t k = 0; k < draft_.layers.size(); ++k) {
      DraftLayer& layer = draft_.layers[k];
      swishes_.push_back(swish_of(layer));
      lines_.push_back(line_of(layer, static_cast<int>(k)));
      rewrite(layer, lines_.back(), swishes_.back());
    }
  }

 private:
  ClampedLine line_at(int layer) const {
    return layer == kDraftInput ? ClampedLine{} : lines_[static_cast<std::size_t>(layer)];
  }

  ClampedLine line_of(const DraftLayer& layer, int index) const {
    const ClampedLine itself{.source = index};
    if (layer.inputs.size() != 1 || layer.shape != draft_.shape_of(layer.inputs[0])) return itself;
    ClampedLine line = line_at(layer.inputs[0]);
    if (const auto affine = scalar_affine(layer.operation); affine && affine->scale > 0.0) {
      line.slope *= affine->scale;
      line.offset = line.offset * affine->scale + affine->shift;
      line.low = line.low * affine->scale + affine->shift;
      line.high = line.high * affine->scale + affine->shift;
      return line;
    }
    const auto* a = std::get_if<Activation>(&layer.operation);
    if (a == nullptr || !line.is_free()) return itself;
    if (a->kind == Activation::Kind::Clip) {
      line.low = static_cast<double>(a->alpha);
      line.high = static_cast<double>(a->beta);
      return line;
    }
    if (a->kind != Activation::Kind::HardSigmoid || a->alpha <= 0.0F) return itself;
    const auto slope = static_cast<double>(a->alpha);
    return {line.source,
            line.slope * slope,
            line.offset * slope + static_cast<double>(a->beta),
            0.0,
            1.0};
  }

  /// x times a hard-sigmoid of the same x, or such a product scaled.
  std::optional<ScaledSwish> swish_of(const DraftLayer& layer) const {
    const auto affine = scalar_affine(layer.operation);
    if (affine && layer.inputs[0] != kDraftInput && affine->shift == 0.0) {
      auto swish = swishes_[static_cast<std::size_t>(layer.inputs[0])];
      if (swish) swish->factor *= affine->scale;
      return swish;
    }
    const auto* e = std::get_if<Elementwise>(&layer.operation);
    const bool is_product =
        e != nullptr && e->kind == Elementwise::Kind::Mul && layer.inputs.size() == 2;
    if (!is_product) return std::nullopt;
    const auto first = swish_of_factors(layer.inputs[0], layer.inputs[1]);
    return first ? first : swish_of_factors(layer.inputs[1], layer.inputs[0]);
  }

  std::optional<ScaledSwish> swish_of_factors(int linear, int clamped) const {
    const ClampedLine x = linear_in(linear, line_at(clamped).source);
    const ClampedLine gate = line_at(clamped);
    const bool fits = x.source == gate.source && x.is_free() && x.offset == 0.0 &&
                      gate.high > 0.0 && std::isfinite(gate.high) && is_near(gate.low, 0.0) &&
                      is_near(gate.slope / gate.high, 1.0 / 6.0) &&
                      is_near(gate.offset / gate.high, 0.5);
    if (!fits) return std::nullopt;
    return ScaledSwish{x.source, x.slope * gate.high};
  }

  /// `layer` as a line of `source`: itself if it is the source.
  ClampedLine linear_in(int layer, int source) const {
    return layer == source ? ClampedLine{.source = source} : line_at(layer);
  }

  static void rewrite(DraftLayer& layer,
                      const ClampedLine& line,
                      const std::optional<ScaledSwish>& swish) {
    if (swish && is_near(swish->factor, 1.0)) {
      layer.operation = Activation{Activation::Kind::HardSwish, 0.0F, 0.0F, -1};
      layer.inputs = {swish->source};
      return;
    }
    const bool is_plain_clip = line.slope == 1.0 && line.offset == 0.0;
    if (!line.is_hard_sigmoid() || is_plain_clip) return;
    layer.operation = Activation{Activation::Kind::HardSigmoid,
                                 static_cast<float>(line.slope),
                                 static_cast<float>(line.offset),
                                 -1};
    layer.inputs = {line.source};
  }

  Draft& draft_;
  std::vector<ClampedLine> lines_;
  std::vector<std::optional<ScaledSwish>> swishes_;
};

}  // namespace

void recognise_activations(Draft& draft) {
  Recogniser(draft).run();
}

}  // namespace memspice::network
