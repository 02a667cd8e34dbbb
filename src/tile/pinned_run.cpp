#include "tile/pinned_run.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>

#include "base/text.hpp"
#include "tile/pinned_slopes.hpp"
#include "tile/pinned_voltages.hpp"

namespace memspice::tile {
namespace {

using synthesis::PinnedTile;
using Role = PinnedTile::Role;
using engine::Termination;

/// Raises the word lines to measure conductances [V]: small beside the curvature of any cell, large
/// beside the rounding of its current.
constexpr double step_for_differences = 1e-4;

/// A cell whose current falls by more than this share of its range was found to fall: ngspice's own
/// tolerance, ten times.
constexpr double falling = 1e-8;
constexpr int ladder_steps = 16;

/// So that a tile has one text, and stays loaded, whatever voltages it is asked.
double next_power_of_two(double V) {
  return V > 0.0 ? std::exp2(std::ceil(std::log2(V))) : 1.0;
}

}  // namespace

PinnedRun::PinnedRun(const PinnedProblem& problem, const PinnedOptions& options)
    : problem_(problem),
      options_(options),
      terminal_nodes_(problem.tile),
      X_(starting_voltages(problem)),
      bound_(Eigen::VectorXd::Constant(X_.cols(), std::numeric_limits<double>::infinity())),
      F_(X_.rows(), X_.cols()),
      correction_(make_correction(problem)) {
  decks_ = write_pieces(problem.tile, next_power_of_two(X_.cwiseAbs().maxCoeff()));
  open_.resize(static_cast<std::size_t>(X_.cols()));
  std::iota(open_.begin(), open_.end(), 0);
}

void PinnedRun::ask() {
  asked_ = {};
  if (stage_ == Stage::Ladder) {
    const auto [low, high] = cell_voltage_range(problem_.tile, X_);
    asked_.what = PinnedQuestion::What::Ladder;
    asked_.X = ladder(problem_, low, high, ladder_steps);
    return;
  }
  asked_.points = open_;
  asked_.X.resize(X_.rows(), static_cast<Eigen::Index>(open_.size()));
  for (std::size_t k = 0; k < open_.size(); ++k) {
    asked_.X.col(static_cast<Eigen::Index>(k)) = X_.col(open_[k]);
  }
  if (stage_ != Stage::Conductances) return;
  asked_.what = PinnedQuestion::What::Raised;
  std::vector<char> raised(problem_.tile.pins.size(), 0);
  for (const int pin : problem_.tile.word_pin.reshaped()) {
    if (pin < 0 || raised[static_cast<std::size_t>(pin)] != 0) continue;
    raised[static_cast<std::size_t>(pin)] = 1;
    asked_.X.row(pin).array() += step_for_differences;
  }
}

std::vector<engine::PinnedPoints> PinnedRun::requests() const {
  return piece_requests(problem_.tile, decks_, asked_.X);
}

void PinnedRun::fail(Termination termination, const std::string& message) {
  solution_.summary.termination = termination;
  solution_.summary.message = message;
  stage_ = Stage::Done;
}

void PinnedRun::take(std::span<const engine::PinnedCurrents> answers) {
  const auto found = pin_currents(problem_.tile, answers, asked_.X.cols(), solution_.summary);
  if (!found) {
    stage_ = Stage::Done;
    return;
  }
  const Eigen::MatrixXd& F = *found;
  solution_.certificate.evaluations += asked_.X.cols();
  switch (asked_.what) {
    case PinnedQuestion::What::Residual:
      return judge(F);
    case PinnedQuestion::What::Raised:
      correct(&F);
      stage_ = Stage::Residuals;
      return;
    case PinnedQuestion::What::Ladder:
      check_ladder(F);
      stage_ = Stage::Done;
      return;
  }
}

double PinnedRun::bound_of(Eigen::Index point) const {
  double sum = 0.0;
  for (std::size_t k = 0; k < problem_.tile.pins.size(); ++k) {
    const bool is_node = problem_.tile.pins[k].role == Role::Node;
    if (is_node) sum += std::abs(F_(static_cast<Eigen::Index>(k), point));
  }
  return sum;
}

double PinnedRun::largest_output() const {
  double largest = 0.0;
  for (std::size_t k = 0; k < problem_.tile.pins.size(); ++k) {
    if (problem_.tile.pins[k].role != Role::Sense) continue;
    largest = std::max(largest, F_.row(static_cast<Eigen::Index>(k)).cwiseAbs().maxCoeff());
  }
  return largest;
}

/// What rounding the two voltages of every wire alone can leave [A]: up to an epsilon of its
/// conductance times its voltage, at either end.
double PinnedRun::rounding(Eigen::Index point) const {
  double sum = 0.0;
  for (const PinnedTile::Wire& wire : problem_.tile.wires) {
    const double V = std::max(std::abs(X_(wire.a, point)), std::abs(X_(wire.b, point)));
    sum += wire.G * V;
  }
  return 2.0 * std::numeric_limits<double>::epsilon() * sum;
}

void PinnedRun::judge(const Eigen::MatrixXd& F) {
  std::vector<Eigen::Index> still_open;
  for (std::size_t k = 0; k < asked_.points.size(); ++k) {
    F_.col(asked_.points[k]) = F.col(static_cast<Eigen::Index>(k));
  }
  const double enough = options_.tolerance * largest_output();
  for (const Eigen::Index point : asked_.points) {
    const double bound = bound_of(point);
    bound_[point] = bound;
    if (bound > enough && bound > rounding(point)) still_open.push_back(point);
  }
  open_ = std::move(still_open);
  move_on();
}

void PinnedRun::move_on() {
  if (open_.empty()) {
    stage_ = problem_.rises_by_law ? Stage::Done : Stage::Ladder;
  } else if (solution_.certificate.corrections == options_.most_corrections) {
    fail(Termination::NoConvergence,
         problem_.name + ": after " + std::to_string(options_.most_corrections) +
             " corrections a bound of " + to_text_rounded(bound_.maxCoeff(), 3) +
             " A is left; use [spice] method = \"direct\" for this circuit, or smooth the cell");
  } else if (problem_.law == nullptr) {
    stage_ = Stage::Conductances;
  } else {
    correct(nullptr);
  }
}

Eigen::MatrixXd PinnedRun::slopes(Eigen::Index point, const Eigen::VectorXd* raised) const {
  const Eigen::VectorXd x = X_.col(point);
  return raised == nullptr
             ? slopes_by_law(problem_, x, point)
             : slopes_by_difference(problem_, F_.col(point), *raised, step_for_differences);
}

void PinnedRun::correct(const Eigen::MatrixXd* raised) {
  const double enough = options_.tolerance * largest_output();
  for (std::size_t k = 0; k < open_.size(); ++k) {
    const Eigen::Index point = open_[k];
    std::optional<Eigen::VectorXd> raised_here;
    if (raised != nullptr) raised_here = raised->col(static_cast<Eigen::Index>(k));
    const Eigen::MatrixXd slope = slopes(point, raised_here ? &*raised_here : nullptr);
    const double wanted = 0.01 * enough / std::max(bound_[point], enough);
    const double reduction = std::clamp(wanted, 1e-12, 1e-3);
    if (!correction_->apply(F_.col(point), slope, reduction, X_.col(point))) {
      return fail(Termination::NoConvergence,
                  problem_.name +
                      ": the correction's linear system was not solved; use [spice] "
                      "method = \"direct\" for this circuit");
    }
    terminal_nodes_.relax(X_.col(point));
  }
  ++solution_.certificate.corrections;
}

/// From step to step every word-line pin must give no less, every bit-line pin no more.
void PinnedRun::check_ladder(const Eigen::MatrixXd& F) {
  const PinnedTile& tile = problem_.tile;
  const auto falls = [&](const Eigen::MatrixXi& pins, double sign) {
    for (const int pin : pins.reshaped()) {
      if (pin < 0) continue;
      const double range = F.row(pin).cwiseAbs().maxCoeff();
      for (Eigen::Index s = 1; s < F.cols(); ++s) {
        if (sign * (F(pin, s) - F(pin, s - 1)) < -falling * range) return true;
      }
    }
    return false;
  };
  solution_.certificate.monotone = !falls(tile.word_pin, 1.0) && !falls(tile.bit_pin, -1.0);
}

PinnedSolution PinnedRun::solution() && {
  if (!solution_.ok()) return std::move(solution_);
  const PinnedTile& tile = problem_.tile;
  solution_.I = Eigen::MatrixXd::Zero(problem_.G.cols(), X_.cols());
  Certificate& certificate = solution_.certificate;
  for (std::size_t k = 0; k < tile.pins.size(); ++k) {
    const auto row = F_.row(static_cast<Eigen::Index>(k));
    if (tile.pins[k].role == Role::Sense) solution_.I.row(tile.pins[k].line) -= row;
    if (tile.pins[k].role != Role::Node) continue;
    certificate.residual = std::max(certificate.residual, row.cwiseAbs().maxCoeff());
  }
  if (certificate.monotone) {
    certificate.bound = bound_.maxCoeff();
    const double largest = largest_output();
    certificate.relative = certificate.bound == 0.0 ? 0.0 : certificate.bound / largest;
  }
  return std::move(solution_);
}

}  // namespace memspice::tile
