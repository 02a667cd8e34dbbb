#include "synthesis/weight_array.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "base/text.hpp"
#include "synthesis/tile_circuit.hpp"

namespace memspice::synthesis {
namespace {

using circuit::kGround;
using circuit::NetId;

constexpr double kSwingUsed = 0.95;  // the rest is for offsets and G_min

bool has_bias(const LayerMatrix& matrix) {
  return matrix.bias.size() > 0;
}

double largest_weight(const LayerMatrix& matrix) {
  const double of_matrix = matrix.W.size() == 0 ? 0.0 : matrix.W.cwiseAbs().maxCoeff();
  const double of_bias = has_bias(matrix) ? matrix.bias.cwiseAbs().maxCoeff() : 0.0;
  const double largest = std::max(of_matrix, of_bias);
  return largest > 0 ? largest : 1.0;  // all weights 0: any scale
}

/// Largest |W^T in + b signal| over the inputs' range, in units of `signal`.
double worst_sum(const LayerMatrix& matrix, bool signed_inputs) {
  double worst = 0;
  for (Eigen::Index j = 0; j < matrix.W.cols(); ++j) {
    const Eigen::ArrayXd w = matrix.W.col(j).array();
    const double b = has_bias(matrix) ? matrix.bias[j] : 0.0;
    const double up = (signed_inputs ? w.abs().sum() : w.max(0).sum()) + b;
    const double down = (signed_inputs ? w.abs().sum() : (-w).max(0).sum()) - b;
    worst = std::max({worst, up, down});
  }
  return worst;
}

double conductance(double share, const WeightArrayOptions& options) {
  const double steps = options.levels - 1;
  const double kept = options.levels > 1 ? std::round(share * steps) / steps : share;
  return options.g_min + kept * (options.g_max - options.g_min);
}

void set_pair(Eigen::MatrixXd& G,
              Eigen::Index row,
              Eigen::Index output,
              double share,
              const WeightArrayOptions& options) {
  G(row, 2 * output) = conductance(std::max(share, 0.0), options);
  G(row, 2 * output + 1) = conductance(std::max(-share, 0.0), options);
}

/// The bias word line's driver: a divider from vdd and a follower.
NetId add_bias_line(AnalogDraft& draft, const std::string& name) {
  const double R = draft.figures().resistor.value;
  const double share = draft.figures().signal.value / draft.figures().vdd.value;
  const NetId tap = draft.net(name + "_bias_tap");
  draft.resistor(name + "_bias_top", draft.vdd(), tap, R * (1 - share));
  draft.resistor(name + "_bias_low", tap, kGround, R * share);
  return draft.follower(name + "_bias", tap);
}

/// The array as a subcircuit; returns the bit lines' nets, ground where a line has no cell.
std::vector<NetId> add_cells(AnalogDraft& draft,
                             const std::string& name,
                             const Eigen::MatrixXd& G,
                             const std::vector<NetId>& word_lines,
                             const WeightArrayOptions& options) {
  std::vector<NetId> bit_lines(static_cast<std::size_t>(G.cols()), kGround);
  if (G.maxCoeff() == 0) return bit_lines;
  const TileSpec spec{.name = draft.circuit().name() + "_" + name + "_array",
                      .G = G,
                      .alpha = options.alpha,
                      .wiring = options.wiring};
  const auto array = build_tile_array(spec);
  AnalogBlock part;
  part.body = array;
  std::vector<NetId> pins;
  for (const NetId port : array->ports()) {
    const std::string& port_name = array->net_name(port);
    const auto line = static_cast<std::size_t>(*parse_integer(port_name.substr(3)));
    if (port_name.starts_with("bl_")) {
      bit_lines[line] = draft.net(name + "_" + port_name);
      pins.push_back(bit_lines[line]);
    } else {
      pins.push_back(word_lines[line]);
    }
  }
  draft.block(name + "_array", part, std::move(pins));
  return bit_lines;
}

SubtractorResistors readout_for(const LayerMatrix& matrix,
                                const Eigen::MatrixXd& G,
                                const WeightArrayOptions& options,
                                const device::AnalogFigures& figures,
                                double gain) {
  const double R_f = gain * largest_weight(matrix) / (options.g_max - options.g_min);
  const double I_plus = figures.signal.value * G.colwise().sum().maxCoeff();
  const double most = I_plus > 0 ? kSwingUsed * swing_of(figures) / I_plus : R_f;
  return {R_f, std::min(R_f, most)};
}

}  // namespace

void WeightArrayOptions::validate(const std::string& name) const {
  if (!(g_min >= 0) || !(g_max > g_min) || !std::isfinite(g_max)) {
    throw InputError({.place = name,
                      .value = to_text(g_min) + " .. " + to_text(g_max) + " S",
                      .rule = "is no conductance window",
                      .remedy = "give 0 <= g_min < g_max"});
  }
  if (levels < 0 || levels == 1) {
    throw InputError({.place = name,
                      .value = std::to_string(levels) + " levels",
                      .rule = "are too few",
                      .remedy = "give at least 2, or 0 for any conductance"});
  }
}

double swing_of(const device::AnalogFigures& figures) {
  return std::min(figures.vdd.value, -figures.vss.value) - figures.op_amp.headroom.value;
}

double gain_for(const LayerMatrix& matrix,
                const WeightArrayOptions& options,
                const device::AnalogFigures& figures) {
  if (options.gain > 0) return options.gain;
  const double most =
      options.largest_output > 0 ? options.largest_output : kSwingUsed * swing_of(figures);
  const double worst = figures.signal.value * worst_sum(matrix, options.signed_inputs);
  return worst > most ? most / worst : 1.0;
}

double full_scale_of(const LayerMatrix& matrix,
                     const WeightArrayOptions& options,
                     const device::AnalogFigures& figures) {
  return gain_for(matrix, options, figures) * figures.signal.value *
         worst_sum(matrix, options.signed_inputs);
}

Eigen::MatrixXd pair_conductances(const LayerMatrix& matrix, const WeightArrayOptions& options) {
  const Eigen::Index n = matrix.W.rows();
  Eigen::MatrixXd G = Eigen::MatrixXd::Zero(n + (has_bias(matrix) ? 1 : 0), 2 * matrix.W.cols());
  const double w_max = largest_weight(matrix);
  for (Eigen::Index j = 0; j < matrix.W.cols(); ++j) {
    for (Eigen::Index i = 0; i < n; ++i) {
      if (matrix.present(i, j)) set_pair(G, i, j, matrix.W(i, j) / w_max, options);
    }
    if (has_bias(matrix)) set_pair(G, n, j, matrix.bias[j] / w_max, options);
  }
  return G;
}

void add_subtractor(AnalogDraft& draft,
                    const std::string& name,
                    NetId plus,
                    NetId minus,
                    NetId out,
                    const SubtractorResistors& R) {
  const NetId node = minus == kGround ? draft.net(name + "_node") : minus;
  if (plus != kGround) {
    const NetId inverted = draft.net(name + "_inverted");
    draft.resistor(name + "_r1", inverted, plus, R.first);
    draft.op_amp("u_" + name + "_plus", kGround, plus, inverted);
    draft.resistor(name + "_r2", inverted, node, R.first);
  }
  draft.resistor(name + "_rf", out, node, R.feedback);
  draft.op_amp("u_" + name, kGround, node, out);
}

void add_weight_array(AnalogDraft& draft,
                      const std::string& name,
                      const LayerMatrix& matrix,
                      const std::vector<NetId>& inputs,
                      const std::vector<NetId>& outputs,
                      const WeightArrayOptions& options,
                      double gain) {
  const Eigen::MatrixXd G = pair_conductances(matrix, options);
  const SubtractorResistors readout = readout_for(matrix, G, options, draft.figures(), gain);
  std::vector<NetId> word_lines = inputs;
  if (has_bias(matrix)) word_lines.push_back(add_bias_line(draft, name));
  const std::vector<NetId> bit_lines = add_cells(draft, name, G, word_lines, options);
  for (std::size_t j = 0; j < outputs.size(); ++j) {
    add_subtractor(draft,
                   name + "_" + std::to_string(j),
                   bit_lines[2 * j],
                   bit_lines[2 * j + 1],
                   outputs[j],
                   readout);
  }
}

namespace {

/// A pixel that no window covers: what drives it has a load all the same.
void load_unused(AnalogDraft& draft, const LayerMatrix& matrix) {
  for (int k = 0; k < draft.inputs(); ++k) {
    if (matrix.present.row(k).any()) continue;
    draft.resistor(
        "unused_" + std::to_string(k), draft.in(k), kGround, draft.figures().resistor.value);
  }
}

}  // namespace

LayerCircuit build_layer_circuit(const std::string& name,
                                 LayerMatrix matrix,
                                 const WeightArrayOptions& options,
                                 const device::AnalogFigures& figures) {
  options.validate(name);
  if (options.drops_zeros) drop_zeros(matrix);
  AnalogDraft draft(name, figures, static_cast<int>(matrix.W.rows()));
  std::vector<NetId> inputs, outputs;
  for (int k = 0; k < draft.inputs(); ++k) inputs.push_back(draft.in(k));
  load_unused(draft, matrix);
  for (Eigen::Index j = 0; j < matrix.W.cols(); ++j) {
    outputs.push_back(draft.net("out_" + std::to_string(j)));
  }
  LayerCircuit layer;
  layer.gain = gain_for(matrix, options, figures);
  add_weight_array(draft, "w", matrix, inputs, outputs, options, layer.gain);
  layer.block = draft.finish(outputs);
  const double signal = figures.signal.value;
  layer.block.high.setConstant(signal);
  layer.block.low.setConstant(options.signed_inputs ? -signal : 0.0);
  layer.block.full_scale = full_scale_of(matrix, options, figures);
  const Eigen::VectorXd shift = has_bias(matrix) ? Eigen::VectorXd(matrix.bias * signal)
                                                 : Eigen::VectorXd::Zero(matrix.W.cols());
  layer.block.ideal = [W = std::move(matrix.W), shift, gain = layer.gain](
                          const Eigen::VectorXd& in) -> Eigen::VectorXd {
    return gain * (W.transpose() * in + shift);
  };
  return layer;
}

}  // namespace memspice::synthesis
