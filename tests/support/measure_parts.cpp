// The parts of a network's circuit on their benches in ngspice.

#include <Eigen/QR>

#include "base/error.hpp"
#include "periphery/static_response.hpp"
#include "support/network_response.hpp"
#include "synthesis/block_bench.hpp"

namespace memspice::periphery {
namespace {

using synthesis::AnalogBlock;

std::map<std::string, AnalogBlock> parts_of(const synthesis::NetworkStages& network) {
  std::map<std::string, AnalogBlock> parts;
  for (const synthesis::NetworkStage& stage : network.stages) {
    const auto* uses = std::get_if<synthesis::PartStage>(&stage.content);
    if (uses != nullptr) parts.emplace(uses->part.body->name(), uses->part);
  }
  return parts;
}

/// A curve spans all that a readout before it can give, not only the range its function holds on.
Eigen::MatrixXd stimuli_of(const AnalogBlock& part,
                           const device::AnalogFigures& figures,
                           int points) {
  if (!is_curve(part)) return static_inputs(part, figures, points, 1).rightCols(points);
  const double swing = synthesis::swing_of(figures);
  return Eigen::RowVectorXd::LinSpaced(points, -swing, swing);
}

PartResponse read_part(const AnalogBlock& part,
                       const Eigen::MatrixXd& in,
                       const Eigen::VectorXd& out) {
  PartResponse response;
  if (is_curve(part)) {
    response.curve.name = part.body->name();
    response.curve.curve_in = in.row(0);
    response.curve.curve_out = out;
    return response;
  }
  Eigen::MatrixXd basis(in.cols(), 2);
  for (Eigen::Index k = 0; k < in.cols(); ++k) basis.row(k) << part.ideal(in.col(k))[0], 1.0;
  const Eigen::Vector2d line = basis.colPivHouseholderQr().solve(out);
  response.gain = line[0];
  response.offset = line[1];
  response.residual = (basis * line - out).cwiseAbs().maxCoeff();
  return response;
}

}  // namespace

PartResponses measure_parts(const synthesis::NetworkStages& network,
                            const device::AnalogFigures& figures,
                            engine::Engine& engine,
                            int points) {
  const std::map<std::string, AnalogBlock> parts = parts_of(network);
  std::vector<netlist::Deck> decks;
  for (const auto& [name, part] : parts) {
    const auto bench =
        synthesis::build_static_bench(part, figures, stimuli_of(part, figures, points));
    decks.push_back(netlist::write_deck(bench.circuit, bench.analysis));
  }
  const std::vector<engine::Waveforms> answers = engine.run_all(decks);
  PartResponses responses;
  std::size_t k = 0;
  for (const auto& [name, part] : parts) {
    const engine::Waveforms& answer = answers[k++];
    if (!answer.ok()) {
      throw RunError({.place = name,
                      .value = answer.summary.message,
                      .rule = "could not be measured",
                      .remedy = "run its deck: " + answer.summary.saved_deck});
    }
    responses[name] = read_part(part, stimuli_of(part, figures, points), answer.values.col(0));
  }
  return responses;
}

}  // namespace memspice::periphery
