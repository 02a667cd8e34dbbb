#include "crossbar/charging.hpp"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/stopwatch.hpp"
#include "base/text.hpp"
#include "crossbar/charging_nodes.hpp"

namespace memspice::crossbar {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

/// Of TR-BDF2: the middle stage's time, the stages' common diagonal, the weight of the first two.
const double kMiddle = 2.0 - std::sqrt(2.0), kDiagonal = kMiddle / 2.0,
             kWeight = std::sqrt(2.0) / 4;

/// Share of the tolerance that one step may be off by, and of it where the outputs have settled.
constexpr double kStepShare = 1e-2, kEndShare = 1.0 / 16;
/// A step is doubled where its error, eight times as large then, leaves twofold room.
constexpr double kRoom = 1.0 / 16;
constexpr double kFirstStep = 1.0 / 8, kSameTime = 1e-9;  // of the rise
/// Newton's method ends where it moves no node by more than this share of the largest drive.
constexpr double kNewtonShare = 1e-13;
/// Solves of a stage: above the first number the slopes have changed too far, above the second
/// nothing helps.
constexpr int kEnoughSolves = 6, kMostSolves = 40;

class ChargingRun {
 public:
  /// The outputs and power of `rest` are what it ends at.
  ChargingRun(ChargingNodes nodes,
              const Operation& rest,
              const VectorXd& V,
              const ChargingOptions& options);
  Charging run(const OnSample& on_sample);

 private:
  bool factorize(const VectorXd& v);
  bool solve_stage(const VectorXd& base, double t, NodeMotion& stage);
  double error_of(const VectorXd& middle_rate, const VectorXd& end_rate) const;
  bool step();
  void take(const NodeMotion& end, double error);
  void sample(const OnSample& on_sample);
  bool has_settled() const;
  Charging finish();

  ChargingNodes nodes_;
  const VectorXd& V_;
  const ChargingOptions& options_;
  VectorXd scale_;  ///< that a step's error is held against, per node [V]
  NodeMotion now_;
  double t_ = 0.0, h_;
  double h_factor_ = 0.0;  ///< that the factorisation is of; 0: of none
  Charging result_;
  std::vector<double> times_, powers_;
  std::vector<VectorXd> outputs_;
};

ChargingRun::ChargingRun(ChargingNodes nodes,
                         const Operation& rest,
                         const VectorXd& V,
                         const ChargingOptions& options)
    : nodes_(std::move(nodes)), V_(V), options_(options), h_(kFirstStep * options.rise) {
  const Index count = nodes_.count();
  now_ = {VectorXd::Zero(count), VectorXd::Zero(count)};
  nodes_.hold(0.0, now_);
  result_.I_rest = rest.current.col(0);
  result_.power_rest = rest.power[0];
  const double bit_scale = rest.bit_line_voltage.front().cwiseAbs().maxCoeff();
  scale_ = VectorXd::Constant(count, V.cwiseAbs().maxCoeff());
  if (bit_scale > 0.0) scale_.tail(count / 2).setConstant(bit_scale);
}

bool ChargingRun::factorize(const VectorXd& v) {
  h_factor_ = h_;
  return nodes_.factorize(v, 1.0 / (kDiagonal * h_));
}

/// v = base + d h rate with C rate = -F(v, t), by chord steps.
bool ChargingRun::solve_stage(const VectorXd& base, double t, NodeMotion& stage) {
  stage = {base, VectorXd::Zero(base.size())};
  nodes_.hold(t, stage);
  for (int solve = 1; solve <= kMostSolves; ++solve) {
    const bool is_slow = solve > kEnoughSolves;
    if ((is_slow || h_factor_ != h_) && !factorize(stage.v)) return false;
    const VectorXd change = nodes_.solve_excess(stage, t);
    stage.v -= change;
    stage.rate = (stage.v - base) / (kDiagonal * h_);
    nodes_.hold(t, stage);
    ++result_.summary.iterations;
    if (change.cwiseAbs().maxCoeff() <= kNewtonShare * V_.cwiseAbs().maxCoeff()) return true;
  }
  return false;
}

/// Of the step from now_ with these rates, brought through the stages' matrix, in parts of what a
/// step may be off by.
double ChargingRun::error_of(const VectorXd& middle_rate, const VectorXd& end_rate) const {
  const VectorXd raw = (1.0 - 4.0 * kWeight) / 3.0 * now_.rate + middle_rate / 3.0 -
                       2.0 * kDiagonal / 3.0 * end_rate;
  const VectorXd error = nodes_.solve_charging(raw / kDiagonal);
  return error.cwiseQuotient(scale_).cwiseAbs().maxCoeff() / (kStepShare * options_.tolerance);
}

/// One step that is near enough; false when a stage has no solution.
bool ChargingRun::step() {
  for (;;) {
    const VectorXd middle_base = now_.v + h_ * kDiagonal * now_.rate;
    NodeMotion middle, end;
    if (!solve_stage(middle_base, t_ + kMiddle * h_, middle)) return false;
    const VectorXd end_base = now_.v + h_ * kWeight * (now_.rate + middle.rate);
    if (!solve_stage(end_base, t_ + h_, end)) return false;
    const double error = error_of(middle.rate, end.rate);
    if (error <= 1.0) {
      take(end, error);
      return true;
    }
    if (!std::isfinite(error)) return false;
    h_ /= 2.0;
  }
}

/// A step ends where the rise does.
void ChargingRun::take(const NodeMotion& end, double error) {
  now_ = end;
  t_ += h_;
  if (error < kRoom) h_ *= 2.0;
  const double left = options_.rise - t_;
  if (std::abs(left) < kSameTime * options_.rise) t_ = options_.rise;
  if (t_ < options_.rise) h_ = std::min(h_, left);
}

void ChargingRun::sample(const OnSample& on_sample) {
  TerminalCurrents currents = nodes_.terminals(now_);
  times_.push_back(t_);
  powers_.push_back(nodes_.share(t_) * V_.dot(currents.drivers));
  outputs_.push_back(std::move(currents.outputs));
  if (on_sample) on_sample({t_, nodes_.share(t_), now_.v, now_.rate});
}

bool ChargingRun::has_settled() const {
  const double away = (outputs_.back() - result_.I_rest).cwiseAbs().maxCoeff();
  return t_ >= options_.rise &&
         away <= kEndShare * options_.tolerance * result_.I_rest.cwiseAbs().maxCoeff();
}

Charging ChargingRun::finish() {
  const auto samples = static_cast<Index>(times_.size());
  result_.t = VectorXd::Map(times_.data(), samples);
  result_.power = VectorXd::Map(powers_.data(), samples);
  result_.I.resize(result_.I_rest.size(), samples);
  for (Index k = 0; k < samples; ++k) result_.I.col(k) = outputs_[static_cast<std::size_t>(k)];
  return std::move(result_);
}

Charging ChargingRun::run(const OnSample& on_sample) {
  const Stopwatch stopwatch;
  result_.summary.termination = Summary::Termination::NotConverged;
  result_.summary.message = "the outputs do not come to rest";
  sample(on_sample);
  for (int steps = 0; steps < options_.most_steps; ++steps) {
    if (!step()) {
      result_.summary.message = "a step finds no node voltages";
      break;
    }
    sample(on_sample);
    if (!has_settled()) continue;
    result_.summary.termination = Summary::Termination::Converged;
    result_.summary.message =
        "TR-BDF2 over sparse Cholesky, " + std::to_string(steps + 1) + " steps";
    break;
  }
  result_.summary.seconds = stopwatch.seconds();
  return finish();
}

void require_above_zero(const char* key, double value) {
  if (value > 0.0 && std::isfinite(value)) return;
  reject(std::string("charging.") + key, to_text(value), "must be above 0", "choose another value");
}

}  // namespace

double Charging::settling(double away) const {
  for (Index k = t.size() - 1; k > 0; --k) {
    const double after = (I.col(k) - I_rest).cwiseAbs().maxCoeff();
    const double before = (I.col(k - 1) - I_rest).cwiseAbs().maxCoeff();
    if (before <= away) continue;
    return t[k - 1] + (t[k] - t[k - 1]) * (before - away) / (before - std::min(after, away));
  }
  return 0.0;
}

double Charging::energy() const {
  double energy = 0.0;
  for (Index k = 1; k < t.size(); ++k) {
    energy += (t[k] - t[k - 1]) * ((power[k] + power[k - 1]) / 2 - power_rest);
  }
  return energy;
}

Charging charge_array(const MatrixXd& G,
                      const CellLaw& law,
                      const Wiring& wiring,
                      const VectorXd& V,
                      const ChargingOptions& options,
                      const OnSample& on_sample) {
  require_above_zero("line_capacitance", options.line_capacitance);
  require_above_zero("rise", options.rise);
  require_above_zero("tolerance", options.tolerance);
  validate_conductances(G);
  validate_inputs(V, G.rows());
  const VectorXd drive = effective_inputs(resolve_array(G.rows(), G.cols(), wiring), V);
  require_above_zero("largest drive", drive.cwiseAbs().maxCoeff());
  ChargingNodes nodes(G, law, wiring, drive, options.line_capacitance, options.rise);
  const Operation rest = solve_cells(G, law, wiring, drive, {.node_voltages = true});
  return ChargingRun(std::move(nodes), rest, drive, options).run(on_sample);
}

}  // namespace memspice::crossbar
