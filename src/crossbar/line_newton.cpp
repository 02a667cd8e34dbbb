#include "crossbar/line_newton.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace memspice::crossbar {
namespace {

/// Conjugate-gradient steps after which a direct factorisation is cheaper (measured at 128 x 128
/// and 512 x 512).
constexpr int most_iterations = 1000;
constexpr int most_newton_steps = 60;
/// Refinements of an ohmic solve: each gains what rounding let the one before leave.
constexpr int most_refinements = 4;

}  // namespace

LineNewton::LineNewton(const Array& array,
                       const Eigen::MatrixXd& G,
                       const CellLaw& law,
                       double tolerance)
    : G_(G), law_(law), tolerance_(tolerance), solver_(array) {
  const auto size = static_cast<std::size_t>(G.size());
  for (auto* x : {&x_, &step_, &excess_}) {
    x->word.resize(size);
    x->bit.resize(size);
  }
  for (auto* values : {&bit_in_word_layout_, &voltage_, &current_, &slope_}) {
    values->resize(size);
  }
  offsets_.word.resize(G.rows(), G.cols());
  offsets_.bit.resize(G.rows(), G.cols());
}

double LineNewton::evaluate(const Offsets& x) {
  solver_.to_word_layout(x.bit.data(), bit_in_word_layout_.data());
  const auto n = static_cast<std::size_t>(G_.rows());
  for (std::size_t k = 0; k < voltage_.size(); k += n) {
    for (std::size_t i = 0; i < n; ++i) {
      voltage_[k + i] =
          V_[static_cast<Eigen::Index>(i)] + (x.word[k + i] - bit_in_word_layout_[k + i]);
    }
  }
  law_.evaluate({G_.data(), voltage_.size()}, voltage_, current_, slope_);
  solver_.to_bit_layout(current_.data(), excess_.bit.data());
  excess_.word = current_;
  for (double& I : excess_.bit) I = -I;
  solver_.word_lines().add_wire_currents(x.word.data(), excess_.word.data());
  solver_.bit_lines().add_wire_currents(x.bit.data(), excess_.bit.data());
  return std::sqrt(solver_.word_lines().squared_norm(excess_.word.data()) +
                   solver_.bit_lines().squared_norm(excess_.bit.data()));
}

double LineNewton::scale() const {
  // What the sources drive through the cells: for ohmic cells the norm of the right-hand side. It
  // is also what the rounding of the voltages is relative to.
  const auto n = static_cast<std::size_t>(G_.rows());
  double sum = 0.0;
  for (std::size_t k = 0; k < current_.size(); ++k) {
    const double driven = slope_[k] * V_[static_cast<Eigen::Index>(k % n)];
    const double I = std::max(std::abs(current_[k]), std::abs(driven));
    sum += I * I;
  }
  return std::max(std::sqrt(2.0 * sum), 1e-300);
}

void LineNewton::start(const Eigen::VectorXd& V) {
  V_ = V;
  std::fill(x_.word.begin(), x_.word.end(), 0.0);
  std::fill(x_.bit.begin(), x_.bit.end(), 0.0);
}

double LineNewton::rounding_limit() const {
  // A node's current is a sum of a few rounded terms; the voltage across a cell rounds too.
  const double wires = solver_.word_lines().squared_rounding(x_.word.data()) +
                       solver_.bit_lines().squared_rounding(x_.bit.data());
  return 2.0 * std::sqrt(wires) / scale() + 4.0 * std::numeric_limits<double>::epsilon();
}

void LineNewton::solve_ohmic(LineOutcome& outcome) {
  // Correction by correction from zero offsets; the residual is evaluated anew each time, so that
  // what is reported is what holds.
  if (!ohmic_factor_ && !solver_.factorize(G_.data())) return;
  ohmic_factor_ = true;
  for (int round = 0; round <= most_refinements; ++round) {
    const double residual = evaluate(x_) / scale();
    if (residual <= tolerance_ || (round > 0 && residual <= rounding_limit())) return;
    const double reduction = std::clamp(0.1 * tolerance_ / residual, 1e-15, 0.1);
    const bool reached = solver_.solve(excess_, reduction, most_iterations, step_);
    outcome.iterations += solver_.iterations();
    if (!reached) return;
    add_scaled(static_cast<int>(x_.word.size()), -1.0, step_.word.data(), x_.word.data());
    add_scaled(static_cast<int>(x_.bit.size()), -1.0, step_.bit.data(), x_.bit.data());
  }
}

void LineNewton::conclude(LineOutcome& outcome) {
  outcome.residual = evaluate(x_) / scale();
  const bool reached = outcome.residual <= tolerance_;
  outcome.at_rounding = !reached && outcome.residual <= rounding_limit();
  outcome.converged = reached || outcome.at_rounding;
}

bool LineNewton::factorize_slope() {
  ohmic_factor_ = false;
  if (solver_.factorize(slope_.data())) return true;
  // A falling branch of a law that is not monotone: the direction is taken with the cells'
  // chord conductance there, which is positive and leads downhill in the circuit's co-content.
  std::vector<double> positive(slope_.size());
  for (std::size_t k = 0; k < slope_.size(); ++k) {
    const double chord = voltage_[k] != 0.0 ? std::abs(current_[k] / voltage_[k]) : G_.data()[k];
    positive[k] = slope_[k] > 0.0 ? slope_[k] : chord;
  }
  return solver_.factorize(positive.data());
}

bool LineNewton::search(double norm) {
  const auto size = static_cast<int>(x_.word.size());
  for (double length = 1.0; length > 1e-4; length *= 0.5) {
    trial_ = x_;
    add_scaled(size, -length, step_.word.data(), trial_.word.data());
    add_scaled(size, -length, step_.bit.data(), trial_.bit.data());
    const double reached = evaluate(trial_);
    if (std::isfinite(reached) && reached < (1.0 - 1e-4 * length) * norm) {
      std::swap(x_, trial_);
      return true;
    }
  }
  return false;
}

bool LineNewton::newton_step(LineOutcome& outcome) {
  const double norm = evaluate(x_);
  const double residual = norm / scale();
  if (residual <= tolerance_ || !std::isfinite(norm)) return false;
  if (!factorize_slope()) return false;
  // Quadratic convergence asks for a linear residual of the size of the present one, no less.
  const double enough = std::clamp(0.1 * tolerance_ / residual, 1e-14, 1e-2);
  const double reduction = std::clamp(residual, enough, 1e-2);
  const bool reached = solver_.solve(excess_, reduction, most_iterations, step_);
  outcome.iterations += solver_.iterations();
  ++outcome.newton_steps;
  return reached && search(norm);
}

LineOutcome LineNewton::solve(const Eigen::VectorXd& V) {
  LineOutcome outcome;
  start(V);
  if (law_.is_linear()) {
    solve_ohmic(outcome);
  } else {
    while (outcome.newton_steps < most_newton_steps && newton_step(outcome)) {
    }
  }
  conclude(outcome);
  if (!outcome.converged) return outcome;
  std::copy(x_.word.begin(), x_.word.end(), offsets_.word.data());
  std::copy(bit_in_word_layout_.begin(), bit_in_word_layout_.end(), offsets_.bit.data());
  return outcome;
}

Eigen::MatrixXd LineNewton::cell_currents() const {
  return Eigen::Map<const Eigen::MatrixXd>(current_.data(), G_.rows(), G_.cols());
}

}  // namespace memspice::crossbar
