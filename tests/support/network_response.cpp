#include "support/network_response.hpp"

#include "base/error.hpp"

namespace memspice::periphery {
namespace {

using synthesis::ArrayStage;
using synthesis::ArrayUse;
using synthesis::NetworkStage;
using synthesis::NetworkStages;
using synthesis::PartStage;

/// Currents and conductances of all bit lines that meet at the readouts: elements x images.
struct LineCurrents {
  Eigen::MatrixXd plus, minus;      ///< [A]
  Eigen::VectorXd Y_plus, Y_minus;  ///< [S]
};

/// Word-line voltages of all uses of one tile, image after image within a use.
Eigen::MatrixXd word_line_voltages(const mapping::Tile& tile,
                                   const std::vector<const ArrayUse*>& uses,
                                   const Eigen::MatrixXd& x,
                                   double bias) {
  Eigen::MatrixXd V = Eigen::MatrixXd::Zero(tile.G.rows(), uses.size() * x.cols());
  for (std::size_t n = 0; n < uses.size(); ++n) {
    const auto first = static_cast<Eigen::Index>(n) * x.cols();
    for (std::size_t i = 0; i < uses[n]->inputs.size(); ++i) {
      const int element = uses[n]->inputs[i];
      if (element < 0) continue;
      V.row(static_cast<Eigen::Index>(i)).segment(first, x.cols()) = x.row(element);
    }
  }
  if (tile.has_bias) V.bottomRows(1).setConstant(bias);
  return V;
}

Eigen::MatrixXd solve_tile(const mapping::Tile& tile,
                           const Eigen::MatrixXd& V,
                           const synthesis::ArrayMake& make) {
  const synthesis::TileSpec spec = make.spec(tile);
  if (spec.alpha == 0.0) {
    return crossbar::solve_response(spec.G, spec.wiring).G_eff.transpose() * V;
  }
  crossbar::Operation solved = crossbar::solve_nonlinear(spec.G, spec.alpha, spec.wiring, V);
  if (solved.summary.termination == crossbar::Summary::Termination::NotConverged) {
    throw RunError({.place = "tile " + tile.name,
                    .value = solved.summary.message,
                    .rule = "its currents were not found",
                    .remedy = "predict with alpha = 0"});
  }
  return std::move(solved.current);
}

void add_currents(const mapping::Tile& tile,
                  const std::vector<const ArrayUse*>& uses,
                  const Eigen::MatrixXd& I,
                  LineCurrents& lines) {
  const Eigen::Index images = lines.plus.cols();
  for (std::size_t n = 0; n < uses.size(); ++n) {
    for (std::size_t j = 0; j < uses[n]->outputs.size(); ++j) {
      const int element = uses[n]->outputs[j];
      if (element < 0) continue;
      const auto pair = static_cast<Eigen::Index>(2 * j);
      const auto first = static_cast<Eigen::Index>(n) * images;
      lines.plus.row(element) += I.row(pair).segment(first, images);
      lines.minus.row(element) += I.row(pair + 1).segment(first, images);
      lines.Y_plus[element] += tile.G.col(pair).sum();
      lines.Y_minus[element] += tile.G.col(pair + 1).sum();
    }
  }
}

LineCurrents line_currents(const NetworkStage& stage,
                           const Eigen::MatrixXd& x,
                           double bias,
                           const synthesis::ArrayMake& make) {
  const auto& arrays = std::get<ArrayStage>(stage.content);
  LineCurrents lines{Eigen::MatrixXd::Zero(stage.size, x.cols()),
                     Eigen::MatrixXd::Zero(stage.size, x.cols()),
                     Eigen::VectorXd::Zero(stage.size),
                     Eigen::VectorXd::Zero(stage.size)};
  std::map<const mapping::Tile*, std::vector<const ArrayUse*>> uses;
  for (const ArrayUse& use : arrays.arrays) uses[use.tile].push_back(&use);
  for (const auto& [tile, of_tile] : uses) {
    const Eigen::MatrixXd V = word_line_voltages(*tile, of_tile, x, bias);
    add_currents(*tile, of_tile, solve_tile(*tile, V, make), lines);
  }
  for (std::size_t k = 0; k < arrays.bias_currents.size(); ++k) {
    const double I = arrays.bias_currents[k];
    (I > 0 ? lines.plus : lines.minus).row(static_cast<Eigen::Index>(k)).array() += std::abs(I);
  }
  return lines;
}

/// One readout's output; the header has the equations, here solved for it.
double read_pair(double plus,
                 double minus,
                 double Y_plus,
                 double Y_minus,
                 const synthesis::SubtractorResistors& R,
                 const device::OpAmpFigures& amplifier) {
  const double A = amplifier.gain.value;
  const double offset = amplifier.offset.value;
  const double k_1 = 1.0 + R.first * Y_plus;  // out_1 = k_1 v_1 - R_1 I+, v_1 = offset - out_1 / A
  const double out_1 = (k_1 * offset - R.first * plus) / (1.0 + k_1 / A);
  const double k_2 = 1.0 + R.feedback * (Y_minus + 1.0 / R.first);
  return (k_2 * offset - R.feedback * (minus + out_1 / R.first)) / (1.0 + k_2 / A);
}

Eigen::MatrixXd read_lines(const ArrayStage& arrays,
                           const LineCurrents& lines,
                           const device::OpAmpFigures& amplifier) {
  Eigen::MatrixXd out(lines.plus.rows(), lines.plus.cols());
  const double R_f = arrays.R.feedback;
  const double loss = R_f / amplifier.gain.value;
  const bool is_twin = arrays.readout.devices.op_amps == 0;
  for (Eigen::Index n = 0; n < out.cols(); ++n) {
    for (Eigen::Index k = 0; k < out.rows(); ++k) {
      const double plus = lines.plus(k, n), minus = lines.minus(k, n);
      const double Y_plus = lines.Y_plus[k], Y_minus = lines.Y_minus[k];
      out(k, n) = is_twin ? R_f * (plus / (1 + loss * Y_plus) - minus / (1 + loss * Y_minus))
                          : read_pair(plus, minus, Y_plus, Y_minus, arrays.R, amplifier);
    }
  }
  return out;
}

Eigen::MatrixXd apply_parts(const NetworkStage& stage,
                            const TensorVoltages& tensors,
                            const PartResponses& responses) {
  const auto& parts = std::get<PartStage>(stage.content);
  const auto known = responses.find(parts.part.body->name());
  const PartResponse response = known == responses.end() ? PartResponse{} : known->second;
  const Eigen::Index images = tensors.at(stage.operands.front().value).cols();
  Eigen::MatrixXd out(stage.size, images);
  Eigen::VectorXd in(parts.part.inputs);
  for (std::size_t k = 0; k < parts.uses.size(); ++k) {
    for (Eigen::Index n = 0; n < images; ++n) {
      for (Eigen::Index i = 0; i < in.size(); ++i) {
        const synthesis::PartInput& at = parts.uses[k][static_cast<std::size_t>(i)];
        const auto operand = stage.operands.at(static_cast<std::size_t>(at.operand));
        in[i] = at.index < 0 ? 0.0 : tensors.at(operand.value)(at.index, n);
      }
      double& value = out(static_cast<Eigen::Index>(k), n);
      if (response.curve.has_curve()) {
        response.curve.apply({in.data(), 1}, {&value, 1});
      } else {
        value = response.gain * parts.part.ideal(in)[0] + response.offset;
      }
    }
  }
  return out;
}

}  // namespace

TensorVoltages predict_network(const NetworkStages& network,
                               const TensorVoltages& sources,
                               const synthesis::ArrayMake& make,
                               const PartResponses& parts,
                               const device::AnalogFigures& figures) {
  TensorVoltages tensors = sources;
  for (const NetworkStage& stage : network.stages) {
    Eigen::MatrixXd& out = tensors[stage.layer.value];
    if (const auto* arrays = std::get_if<ArrayStage>(&stage.content)) {
      const Eigen::MatrixXd& x = tensors.at(stage.operands.front().value);
      const double bias = arrays->bias_voltage + figures.op_amp.offset.value;  // its follower's
      out = read_lines(*arrays, line_currents(stage, x, bias, make), figures.op_amp);
    } else if (std::holds_alternative<PartStage>(stage.content)) {
      out = apply_parts(stage, tensors, parts);
    } else {
      out = tensors.at(stage.operands.front().value);
    }
  }
  return tensors;
}

}  // namespace memspice::periphery
