#include "synthesis/deconvolution_circuit.hpp"

#include <algorithm>
#include <cmath>

namespace memspice::synthesis {
namespace {

using circuit::kGround;
using circuit::NetId;

/// Which held taps fall on each output: held x outputs of 0 and 1.
Eigen::MatrixXd overlaps(const network::Deconvolution& layer, const Plane& in, const Plane& out) {
  const network::Window& w = layer.window;
  const int taps = w.kernel[0] * w.kernel[1];
  const int per_slot = out.channels * taps;
  Eigen::MatrixXd S = Eigen::MatrixXd::Zero(in.height * in.width * per_slot, out.size());
  for (int slot = 0; slot < in.height * in.width; ++slot) {
    for (int k = 0; k < per_slot; ++k) {
      const int tap = k % taps;
      const int i =
          slot / in.width * w.stride[0] + tap / w.kernel[1] * w.dilation[0] - w.padding[0];
      const int j =
          slot % in.width * w.stride[1] + tap % w.kernel[1] * w.dilation[1] - w.padding[1];
      if (i < 0 || i >= out.height || j < 0 || j >= out.width) continue;
      S(slot * per_slot + k, (k / taps * out.height + i) * out.width + j) = 1;
    }
  }
  return S;
}

/// The taps that fall on an output and have a weight that is not pruned.
std::vector<int> find_held(const Eigen::MatrixXd& S, const LayerMatrix& taps) {
  std::vector<int> held;
  for (Eigen::Index row = 0; row < S.rows(); ++row) {
    const bool has_weight = taps.present.col(row % taps.W.cols()).any();
    if (has_weight && (S.row(row).array() != 0).any()) held.push_back(static_cast<int>(row));
  }
  return held;
}

/// One inverting summer of equal resistors; the bias comes from a rail.
void add_output(AnalogDraft& draft,
                const Eigen::VectorXd& column,
                double bias,
                const std::string& number,
                NetId out) {
  const double R = draft.figures().resistor.value;
  const NetId node = draft.net("node_" + number);
  for (Eigen::Index k = 0; k < column.size(); ++k) {
    if (column[k] == 0) continue;
    draft.resistor("r_" + number + "_" + std::to_string(k), draft.in(static_cast<int>(k)), node, R);
  }
  if (bias != 0) {
    const NetId rail = bias > 0 ? draft.vss() : draft.vdd();
    const double V = bias > 0 ? -draft.figures().vss.value : draft.figures().vdd.value;
    draft.resistor("r_bias_" + number, rail, node, R * V / std::abs(bias));
  }
  draft.resistor("r_f_" + number, out, node, R);
  draft.op_amp("u_" + number, kGround, node, out);
}

AnalogBlock build_summer(const std::string& name,
                         const Eigen::MatrixXd& S,
                         const Eigen::VectorXd& shift,
                         double range,
                         const device::AnalogFigures& figures) {
  AnalogDraft draft(name, figures, static_cast<int>(S.rows()));
  std::vector<NetId> outputs;
  for (Eigen::Index j = 0; j < S.cols(); ++j) {
    const std::string number = std::to_string(j);
    outputs.push_back(draft.net("out_" + number));
    add_output(draft, S.col(j), shift[j], number, outputs.back());
  }
  AnalogBlock block = draft.finish(outputs);
  block.low.setConstant(-range);
  block.high.setConstant(range);
  block.ideal = [S, shift](const Eigen::VectorXd& held) -> Eigen::VectorXd {
    return shift - S.transpose() * held;
  };
  return block;
}

}  // namespace

LayerCircuit build_toeplitz_deconvolution(const std::string& name,
                                          const network::Deconvolution& layer,
                                          const Plane& in,
                                          const WeightArrayOptions& options,
                                          const device::AnalogFigures& figures) {
  return build_layer_circuit(name, unrolled(layer, in, name), options, figures);
}

KernelFirstDeconvolution build_kernel_first_deconvolution(const std::string& name,
                                                          const network::Deconvolution& layer,
                                                          const Plane& in,
                                                          const WeightArrayOptions& options,
                                                          const device::AnalogFigures& figures) {
  const Plane out = output_plane(layer, in, name);
  LayerMatrix taps = at_one_pixel(layer);
  if (options.drops_zeros) drop_zeros(taps);
  KernelFirstDeconvolution circuit;
  Eigen::MatrixXd S = overlaps(layer, in, out);
  circuit.held = find_held(S, taps);
  S = Eigen::MatrixXd(S(circuit.held, Eigen::all));
  taps.W = -taps.W;
  circuit.slots = in.height * in.width;
  // One gain for both ways: no output of the summed layer may leave the swing.
  const LayerMatrix whole = unrolled(layer, in, name);
  circuit.gain = gain_for(whole, options, figures);
  WeightArrayOptions with_gain = options;
  with_gain.gain = circuit.gain;
  circuit.taps = build_layer_circuit(name + "_taps", std::move(taps), with_gain, figures);
  const double signal = figures.signal.value;
  const Eigen::VectorXd shift = whole.bias.size() > 0
                                    ? Eigen::VectorXd(whole.bias * signal * circuit.gain)
                                    : Eigen::VectorXd::Zero(out.size());
  circuit.summer = build_summer(name + "_summer", S, shift, circuit.taps.block.full_scale, figures);
  circuit.summer.full_scale = full_scale_of(whole, options, figures);
  return circuit;
}

Eigen::MatrixXd pixel_slots(const Plane& in, const Eigen::VectorXd& x) {
  const Eigen::Index pixels = in.height * in.width;
  return x.reshaped(pixels, in.channels).transpose();
}

Eigen::VectorXd held_taps(const KernelFirstDeconvolution& circuit, const Eigen::MatrixXd& slots) {
  return slots.reshaped()(circuit.held);
}

}  // namespace memspice::synthesis
