#include "synthesis/se_block.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "base/random.hpp"
#include "synthesis/multiplier.hpp"
#include "synthesis/neuron.hpp"

namespace memspice::synthesis {
namespace {

using circuit::NetId;

std::vector<NetId> add_nets(AnalogDraft& draft, const std::string& name, Eigen::Index count) {
  std::vector<NetId> nets;
  for (Eigen::Index k = 0; k < count; ++k) {
    nets.push_back(draft.net(name + "_" + std::to_string(k)));
  }
  return nets;
}

/// -z_c of every channel: equal resistors, feedback H W times smaller.
std::vector<NetId> add_squeeze(AnalogDraft& draft, const Plane& plane) {
  const int pixels = plane.height * plane.width;
  const double R_f = draft.figures().resistor.value;
  std::vector<NetId> means;
  for (int c = 0; c < plane.channels; ++c) {
    std::vector<SummerInput> inputs;
    for (int k = 0; k < pixels; ++k) inputs.push_back({draft.in(c * pixels + k), R_f * pixels});
    means.push_back(draft.summer("mean_" + std::to_string(c), inputs, R_f));
  }
  return means;
}

/// One neuron per input net.
std::vector<NetId> add_neurons(AnalogDraft& draft,
                               const AnalogBlock& neuron,
                               const std::string& name,
                               const std::vector<NetId>& inputs) {
  const std::vector<NetId> outputs =
      add_nets(draft, name, static_cast<Eigen::Index>(inputs.size()));
  for (std::size_t k = 0; k < inputs.size(); ++k) {
    draft.block("x_" + name + "_" + std::to_string(k),
                neuron,
                {draft.vdd(), draft.vss(), inputs[k], outputs[k]});
  }
  return outputs;
}

struct Excitation {
  LayerMatrix first, second;
  double gain_1 = 1.0, gain_2 = 1.0;
};

LayerMatrix dense(const Eigen::MatrixXd& W, const Eigen::VectorXd& b) {
  return {W.transpose(), CellMask::Constant(W.cols(), W.rows(), true), b};
}

/// Both arrays with gains that keep the ReLU within `signal` and the sigmoid within the swing.
Excitation plan_excitation(const SeSpec& spec, const device::AnalogFigures& figures) {
  Excitation plan{dense(spec.W1, spec.b1), dense(spec.W2, spec.b2)};
  const double signal = figures.signal.value;
  WeightArrayOptions first = spec.array;
  first.largest_output = signal;  // what a ReLU with a diode in its loop carries
  plan.gain_1 = gain_for(plan.first, first, figures);
  // In volts behind the first gain, the second array's bias shrinks with it.
  if (plan.second.bias.size() > 0) plan.second.bias *= plan.gain_1;
  plan.gain_2 = gain_for(plan.second, spec.array, figures);
  plan.first.W = -plan.first.W;  // the summers invert
  return plan;
}

std::vector<NetId> add_excitation(AnalogDraft& draft,
                                  const SeSpec& spec,
                                  const Excitation& plan,
                                  const std::vector<NetId>& means) {
  const device::AnalogFigures& figures = draft.figures();
  const AnalogBlock relu = build_neuron(
      {.name = {}, .kind = NeuronKind::Relu, .realisation = spec.realisation}, figures);
  const AnalogBlock sigmoid =
      build_neuron({.name = {},
                    .kind = NeuronKind::Sigmoid,
                    .realisation = spec.realisation,
                    .input_unit = plan.gain_1 * plan.gain_2 * figures.signal.value},
                   figures);
  const std::vector<NetId> sums = add_nets(draft, "sum", plan.first.W.cols());
  add_weight_array(draft, "w1", plan.first, means, sums, spec.array, plan.gain_1);
  const std::vector<NetId> hidden = add_neurons(draft, relu, "hidden", sums);
  const std::vector<NetId> scores = add_nets(draft, "score", plan.second.W.cols());
  add_weight_array(draft, "w2", plan.second, hidden, scores, spec.array, plan.gain_2);
  return add_neurons(draft, sigmoid, "scale", scores);
}

std::vector<NetId> add_scaling(AnalogDraft& draft,
                               const SeSpec& spec,
                               const std::vector<NetId>& scales) {
  const AnalogBlock multiplier =
      build_multiplier({.realisation = spec.realisation}, draft.figures());
  const std::vector<NetId> outputs = add_nets(draft, "out", spec.plane.channels);
  for (int c = 0; c < spec.plane.channels; ++c) {
    const auto k = static_cast<std::size_t>(c);
    const NetId pixel = draft.in(spec.plane.size() + c);
    draft.block("x_product_" + std::to_string(c),
                multiplier,
                {draft.vdd(), draft.vss(), pixel, scales[k], outputs[k]});
  }
  return outputs;
}

/// The function itself, free of any gain.
Eigen::VectorXd squeeze_and_excite(const SeSpec& spec, double signal, const Eigen::VectorXd& in) {
  const int pixels = spec.plane.height * spec.plane.width;
  const Eigen::VectorXd z =
      in.head(spec.plane.size()).reshaped(pixels, spec.plane.channels).colwise().mean() / signal;
  Eigen::VectorXd hidden = spec.W1 * z;
  if (spec.b1.size() > 0) hidden += spec.b1;
  Eigen::VectorXd scores = spec.W2 * hidden.cwiseMax(0.0);
  if (spec.b2.size() > 0) scores += spec.b2;
  const Eigen::ArrayXd scales = 1.0 / (1.0 + (-scores.array()).exp());
  return scales * in.tail(spec.plane.channels).array();
}

}  // namespace

void SeSpec::validate() const {
  array.validate(name);
  const bool has_plane = plane.channels >= 1 && plane.height >= 1 && plane.width >= 1;
  const Eigen::Index C = plane.channels;
  const bool fits = W1.rows() >= 1 && W1.cols() == C && W2.rows() == C && W2.cols() == W1.rows();
  const bool has_bias =
      (b1.size() == 0 || b1.size() == W1.rows()) && (b2.size() == 0 || b2.size() == C);
  if (has_plane && fits && has_bias && W1.allFinite() && W2.allFinite()) return;
  throw InputError({.place = name,
                    .value = std::to_string(C) + " channels, W1 " + std::to_string(W1.rows()) +
                             "x" + std::to_string(W1.cols()) + ", W2 " + std::to_string(W2.rows()) +
                             "x" + std::to_string(W2.cols()),
                    .rule = "W1 must be C/r x C, W2 C x C/r, biases C/r and C, all finite",
                    .remedy = "correct the shapes"});
}

AnalogBlock build_se_block(const SeSpec& spec, const device::AnalogFigures& figures) {
  spec.validate();
  const Plane& plane = spec.plane;
  AnalogDraft draft(spec.name, figures, plane.size() + plane.channels);
  const Excitation plan = plan_excitation(spec, figures);
  const std::vector<NetId> means = add_squeeze(draft, plane);
  const std::vector<NetId> scales = add_excitation(draft, spec, plan, means);
  AnalogBlock block = draft.finish(add_scaling(draft, spec, scales));
  const double signal = figures.signal.value;
  block.high.setConstant(signal);
  block.low.setConstant(spec.array.signed_inputs ? -signal : 0.0);
  block.full_scale = signal;
  block.ideal = [spec, signal](const Eigen::VectorXd& in) -> Eigen::VectorXd {
    return squeeze_and_excite(spec, signal, in);
  };
  return block;
}

Eigen::MatrixXd se_slots(const Plane& plane, const Eigen::VectorXd& u) {
  const int pixels = plane.height * plane.width;
  Eigen::MatrixXd slots(plane.size() + plane.channels, pixels);
  slots.topRows(plane.size()) = u.replicate(1, pixels);
  slots.bottomRows(plane.channels) = u.reshaped(pixels, plane.channels).transpose();
  return slots;
}

SeSpec random_se_spec(const Plane& plane, int reduction, std::uint64_t seed) {
  if (reduction < 1 || plane.channels % reduction != 0) {
    throw InputError({.place = "se_block",
                      .value = "reduction " + std::to_string(reduction),
                      .rule = "must divide the " + std::to_string(plane.channels) + " channels",
                      .remedy = "choose another"});
  }
  SeSpec spec;
  spec.plane = plane;
  const int C = plane.channels;
  const int hidden = C / reduction;
  RandomStream stream(seed, "se_block");
  const auto normal = [&](double variance) { return std::sqrt(variance) * stream.normal(); };
  spec.W1 = Eigen::MatrixXd::NullaryExpr(hidden, C, [&] { return normal(2.0 / C); });
  spec.W2 = Eigen::MatrixXd::NullaryExpr(C, hidden, [&] { return normal(2.0 / hidden); });
  return spec;
}

}  // namespace memspice::synthesis
