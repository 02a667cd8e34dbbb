#include "periphery/network_curve.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "base/random.hpp"
#include "periphery/answers.hpp"

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

/// Logic inputs that spell the number r, the lowest bit first.
Eigen::VectorXd spelt(const AnalogBlock& block, double r) {
  Eigen::VectorXd in = block.low;
  for (Eigen::Index k = 0; k < in.size(); ++k) {
    const bool is_set = std::fmod(std::floor(std::ldexp(r, -static_cast<int>(k))), 2.0) > 0;
    if (is_set) in[k] = block.high[k];
  }
  return in;
}

double number_of(const Eigen::VectorXd& logic) {
  double code = 0.0;
  for (Eigen::Index k = 0; k < logic.size(); ++k) {
    if (logic[k] > 0) code += std::ldexp(1.0, static_cast<int>(k));
  }
  return code;
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
      return spelt(block, r);
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

/// A request that gets its curve here: a circuit of one input brings it from `characterize`.
struct CurveRun {
  std::size_t request = 0;
  AnalogBlock block;
  Eigen::MatrixXd inputs;
};

std::vector<CurveRun> curve_runs(std::span<const CurveRequest> requests,
                                 const device::AnalogFigures& figures,
                                 const Options& options) {
  std::vector<CurveRun> runs;
  for (std::size_t k = 0; k < requests.size(); ++k) {
    AnalogBlock block = synthesis::build_block(requests[k].block, figures);
    Eigen::MatrixXd inputs = curve_inputs(requests[k], block, options);
    if (requests[k].reduction == Reduction::None) continue;
    runs.push_back({k, std::move(block), std::move(inputs)});
  }
  return runs;
}

/// What the inputs of each stimulus come down to.
Eigen::VectorXd reduced(Reduction reduction, const Eigen::MatrixXd& inputs, double signal) {
  Eigen::VectorXd r(inputs.cols());
  for (Eigen::Index k = 0; k < r.size(); ++k) r[k] = reduce(reduction, inputs.col(k), signal);
  return r;
}

/// The curve from the first stimuli; the others judge it.
void read_curve(const Eigen::VectorXd& r,
                Eigen::Index points,
                const Eigen::VectorXd& answers,
                PeripheryModel& model) {
  model.curve_in = r.head(points);
  model.curve_out = answers.head(points);
  model.judge_curve(r.tail(r.size() - points), answers.tail(r.size() - points));
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
    case Reduction::Code:
      return number_of(inputs);
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
  const std::vector<CurveRun> runs = curve_runs(requests, figures, options);
  std::vector<synthesis::BlockRequest> blocks;
  for (const CurveRequest& request : requests) blocks.push_back(request.block);
  std::vector<PeripheryModel> models = characterize(blocks, figures, engine, options);
  std::vector<StaticRun> benches;
  for (const CurveRun& run : runs) {
    benches.push_back({&run.block, &run.inputs, &models[run.request]});
  }
  const auto answers = run_static_benches(benches, "transfer curve", figures, engine);
  for (std::size_t k = 0; k < runs.size(); ++k) {
    const CurveRequest& request = requests[runs[k].request];
    read_curve(reduced(request.reduction, runs[k].inputs, figures.signal.value),
               points_of(request, runs[k].block, options),
               answers[k].col(0),
               models[runs[k].request]);
  }
  return models;
}

}  // namespace memspice::periphery
