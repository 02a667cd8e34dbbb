#include "periphery/network_curve.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "base/random.hpp"
#include "netlist/deck.hpp"
#include "synthesis/block_bench.hpp"

namespace memspice::periphery {
namespace {

using synthesis::AnalogBlock;

void require_fit(const CurveRequest& request, const AnalogBlock& block) {
  const int analog = block.inputs - block.logic_inputs;
  const bool is_code = request.reduction == Reduction::Code;
  const bool is_pair =
      request.reduction == Reduction::Difference || request.reduction == Reduction::Product;
  const bool fits = block.outputs == 1 &&
                    (is_code ? analog == 0 && block.logic_inputs > 1
                             : block.logic_inputs == 0 && analog > 0 && (!is_pair || analog == 2) &&
                                   (request.reduction != Reduction::None || analog == 1));
  if (fits) return;
  throw InputError({.place = block.body->name(),
                    .value = std::to_string(block.inputs) + " inputs, " +
                             std::to_string(block.outputs) + " outputs",
                    .rule = "does not come down to a curve in this way",
                    .remedy = "choose the reduction that the circuit performs"});
}

/// Lowest and highest value along the curve.
std::pair<double, double> ends_of(Reduction reduction, const AnalogBlock& block) {
  if (reduction == Reduction::Difference) {
    return {block.low[0] - block.high[1], block.high[0] - block.low[1]};
  }
  if (reduction == Reduction::Code) return {0.0, std::ldexp(1.0, block.inputs) - 1};
  return {block.low[0], block.high[0]};
}

Eigen::VectorXd along(const CurveRequest& request, const AnalogBlock& block, double r) {
  Eigen::VectorXd in = block.low;
  switch (request.reduction) {
    case Reduction::Difference:
      in[0] = request.common + r / 2;
      in[1] = request.common - r / 2;
      break;
    case Reduction::Mean:
      in.setConstant(r);
      break;
    case Reduction::Product:
      in[0] = r;
      in[1] = block.high[1];
      break;
    case Reduction::Code:
      for (Eigen::Index k = 0; k < in.size(); ++k) {
        const bool is_set = std::fmod(std::floor(std::ldexp(r, -static_cast<int>(k))), 2.0) > 0;
        in[k] = is_set ? block.high[k] : block.low[k];
      }
      break;
    default:
      in[0] = r;
  }
  return in;
}

Eigen::VectorXd scattered(const CurveRequest& request,
                          const AnalogBlock& block,
                          RandomStream& random) {
  if (request.reduction == Reduction::Difference) {
    const auto [low, high] = ends_of(request.reduction, block);
    const double r = low + random.uniform() * (high - low);
    CurveRequest other = request;
    other.common = random.uniform() * std::max(0.0, 2 * request.common - std::abs(r) / 2);
    return along(other, block, r);
  }
  Eigen::VectorXd in(block.inputs);
  for (Eigen::Index k = 0; k < in.size(); ++k) {
    in[k] = block.low[k] + random.uniform() * (block.high[k] - block.low[k]);
  }
  return in;
}

int points_of(const CurveRequest& request, const AnalogBlock& block, const Options& options) {
  return request.reduction == Reduction::Code ? 1 << block.inputs : options.points;
}

/// The curve from the first stimuli; the others judge it.
void read_curve(const CurveRequest& request,
                const AnalogBlock& block,
                const device::AnalogFigures& figures,
                const Options& options,
                const Eigen::VectorXd& answers,
                PeripheryModel& model) {
  const auto inputs = curve_inputs(request, block, options);
  const Eigen::Index points = points_of(request, block, options);
  model.curve_in.resize(points);
  for (Eigen::Index k = 0; k < points; ++k) {
    model.curve_in[k] = reduce(request.reduction, inputs.col(k), figures.signal.value);
  }
  model.curve_out = answers.head(points);
  double worst = 0.0;
  for (Eigen::Index k = points; k < inputs.cols(); ++k) {
    const double r = reduce(request.reduction, inputs.col(k), figures.signal.value);
    double out = 0.0;
    model.apply({&r, 1}, {&out, 1});
    worst = std::max(worst, std::abs(out - answers[k]));
  }
  model.interpolation_error = worst / model.full_scale;
}

}  // namespace

double reduce(Reduction reduction, const Eigen::VectorXd& inputs, double signal) {
  switch (reduction) {
    case Reduction::Difference:
      return inputs[0] - inputs[1];
    case Reduction::Mean:
      return inputs.mean();
    case Reduction::Maximum:
      return inputs.maxCoeff();
    case Reduction::Product:
      return inputs[0] * inputs[1] / signal;
    case Reduction::Code: {
      double code = 0.0;
      for (Eigen::Index k = 0; k < inputs.size(); ++k) {
        if (inputs[k] > 0) code += std::ldexp(1.0, static_cast<int>(k));
      }
      return code;
    }
    default:
      return inputs[0];
  }
}

Eigen::MatrixXd curve_inputs(const CurveRequest& request,
                             const AnalogBlock& block,
                             const Options& options) {
  require_fit(request, block);
  const int points = points_of(request, block, options);
  const int judges = request.reduction == Reduction::Code ? 0 : options.points;
  const auto [low, high] = ends_of(request.reduction, block);
  RandomStream random(options.seed, "periphery.curve");
  Eigen::MatrixXd inputs(block.inputs, points + judges);
  const Eigen::VectorXd values = Eigen::VectorXd::LinSpaced(points, low, high);
  for (int k = 0; k < points; ++k) inputs.col(k) = along(request, block, values[k]);
  for (int k = 0; k < judges; ++k) inputs.col(points + k) = scattered(request, block, random);
  return inputs;
}

std::vector<PeripheryModel> characterize_curves(std::span<const CurveRequest> requests,
                                                const device::AnalogFigures& figures,
                                                engine::Engine& engine,
                                                const Options& options) {
  std::vector<synthesis::BlockRequest> blocks;
  std::vector<netlist::Deck> decks;
  std::vector<std::size_t> owners;
  for (std::size_t k = 0; k < requests.size(); ++k) {
    blocks.push_back(requests[k].block);
    const AnalogBlock block = synthesis::build_block(requests[k].block, figures);
    const auto inputs = curve_inputs(requests[k], block, options);
    if (requests[k].reduction == Reduction::None) continue;
    const auto bench = synthesis::build_static_bench(block, figures, inputs);
    decks.push_back(netlist::write_deck(bench.circuit, bench.analysis));
    owners.push_back(k);
  }
  std::vector<PeripheryModel> models = characterize(blocks, figures, engine, options);
  const std::vector<engine::Waveforms> answers = engine.run_all(decks);
  for (std::size_t d = 0; d < decks.size(); ++d) {
    PeripheryModel& model = models[owners[d]];
    if (!answers[d].ok()) {
      throw RunError({.place = model.name,
                      .value = {},
                      .rule = "its transfer curve failed: " + answers[d].summary.message,
                      .remedy = "leave the circuit out"});
    }
    model.ngspice_seconds += answers[d].summary.seconds;
    const CurveRequest& request = requests[owners[d]];
    const AnalogBlock block = synthesis::build_block(request.block, figures);
    read_curve(request, block, figures, options, answers[d].values.col(0), model);
  }
  return models;
}

}  // namespace memspice::periphery
