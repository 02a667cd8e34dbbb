#include "synthesis/pinned_pulse.hpp"

#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "synthesis/pulse_samples.hpp"

namespace memspice::synthesis {
namespace {

/// Rounds of our own solver and the selected cell's transient, and its steps in one.
constexpr int kOwnRounds = 4, kOwnSteps = 6;
/// Our own residual is brought below this share of the tolerance.
constexpr double kOwnShare = 0.1;

class PinnedPulse {
 public:
  PinnedPulse(const PinnedPulseTools& tools,
              crossbar::PulseNodes& nodes,
              const crossbar::CellPulse& pulse,
              const Eigen::VectorXd& x,
              const PinnedPulseOptions& options)
      : tools_(tools),
        nodes_(nodes),
        width_(pulse.pulse.width),
        x_(x),
        options_(options),
        selected_(nodes.cell(pulse.i, pulse.j)) {}

  PinnedPulseResult run(const Eigen::VectorXd& u);

 private:
  bool start(const Eigen::VectorXd& u);
  bool solve_own();
  bool follow_selected();
  bool follow_moving();
  void move_samples();
  bool find_moving(const Eigen::MatrixXd& rate);
  bool ask();
  void judge();
  void correct();
  bool correct_by_law();
  bool iterate();
  /// By the deck's own wires.
  Eigen::VectorXd excess(const Eigen::VectorXd& I, Eigen::Index sample) const {
    return nodes_.gather(tools_.wires.excess(nodes_.potentials(U_.col(sample)), I));
  }
  CellDrive drive_of(Eigen::Index cell) const;
  Eigen::MatrixXd states_of(const Eigen::MatrixXd& rate) const;
  Eigen::VectorXd law_currents(Eigen::Index sample) const;
  Eigen::Index count() const { return samples_.count(); }
  crossbar::CellEnds ends(Eigen::Index sample) const { return nodes_.ends(U_.col(sample)); }
  bool fail(std::string message) {
    result_.ok = false;
    result_.message = std::move(message);
    return false;
  }
  bool fail(const engine::Summary& summary, const std::string& what);

  const PinnedPulseTools& tools_;
  crossbar::PulseNodes& nodes_;
  double width_;
  const Eigen::VectorXd& x_;
  const PinnedPulseOptions& options_;
  Eigen::Index selected_;
  Eigen::VectorXd unit_;              ///< how u answers to 1 A of the selected cell [V/A]
  double R_p_ = 0.0, R_n_ = 0.0;      ///< the same at its ends [Ohm]
  CellPath path_;                     ///< of the selected cell
  std::vector<Eigen::Index> moving_;  ///< cells with transients of their own, selected one first
  PulseSamples samples_;
  Eigen::MatrixXd U_;           ///< nodes, unknowns x samples [V]
  Eigen::VectorXd I_selected_;  ///< that U_ stands for, per sample [A]
  Eigen::MatrixXd X_;           ///< states, cells x samples; empty: no sample is chosen yet
  double unsettled_ = 0.0;      ///< how far states moved since their currents were asked for
  HeldAnswers held_;
  PinnedPulseResult result_;
};

/// What ngspice says against the circuit; throws where it says nothing.
bool PinnedPulse::fail(const engine::Summary& summary, const std::string& what) {
  throw_if_lost(summary, "pulse on cell " + nodes_.name_of(selected_), what);
  return fail(explain_failure(summary));
}

/// J without the selected cell, whose transient sees the rest through it.
bool PinnedPulse::start(const Eigen::VectorXd& u) {
  const crossbar::CellEnds at = nodes_.ends(u);
  Eigen::VectorXd slope = crossbar::cell_slopes(nodes_, tools_.law, at, x_);
  slope(selected_) = 0.0;
  if (!nodes_.factorize(slope)) return fail("the array's nodes find no solution");
  const Eigen::VectorXd one = Eigen::VectorXd::Unit(x_.size(), selected_);
  unit_ = nodes_.solve(nodes_.excess(one, Eigen::VectorXd::Zero(u.size())));
  R_p_ = std::max(nodes_.p_offset(selected_, unit_), 0.0);
  R_n_ = std::max(-nodes_.n_offset(selected_, unit_), 0.0);
  moving_ = {selected_};
  samples_ = two_samples(width_);
  U_ = u.replicate(1, count());
  const double I = tools_.law.current(at.p(selected_) - at.n(selected_), x_(selected_));
  I_selected_ = Eigen::VectorXd::Constant(count(), I);
  return true;
}

/// The potentials of a cell's ends; those of the selected one as they stand behind its impedance.
CellDrive PinnedPulse::drive_of(Eigen::Index cell) const {
  CellDrive drive{.x = x_(cell), .t = samples_.t, .V_p = samples_.t, .V_n = samples_.t};
  if (cell == selected_) drive.R_p = R_p_, drive.R_n = R_n_;
  for (Eigen::Index k = 0; k < count(); ++k) {
    drive.V_p(k) = nodes_.p_end(cell, U_.col(k)) + drive.R_p * I_selected_(k);
    drive.V_n(k) = nodes_.n_end(cell, U_.col(k)) - drive.R_n * I_selected_(k);
  }
  return drive;
}

/// Samples stand at time points of the selected cell's path. What it was driven with is linear
/// between the old ones, so that what the nodes stand for at the new ones is too.
void PinnedPulse::move_samples() {
  PulseSamples next = X_.size() == 0 ? choose_samples(path_) : nearest_samples(path_, samples_.t);
  U_ = at_times(U_, samples_.t, next.t);
  I_selected_ = at_times(I_selected_.transpose(), samples_.t, next.t).transpose();
  if (X_.size() > 0) X_ = at_times(X_, samples_.t, next.t);
  samples_ = std::move(next);
}

/// Its current takes the place of the one that the nodes stood for.
bool PinnedPulse::follow_selected() {
  const CellDrive drive = drive_of(selected_);
  path_ = follow_cells(tools_.cell, {&drive, 1}, tools_.engine).front();
  result_.certificate.seconds += path_.summary.seconds;
  if (!path_.ok()) return fail(path_.summary, "its transient");
  move_samples();
  for (Eigen::Index k = 0; k < count(); ++k) {
    const double I = path_.I(path_.nearest(samples_.t(k)));
    U_.col(k) -= unit_ * (I - I_selected_(k));
    I_selected_(k) = I;
  }
  if (X_.size() > 0) return true;
  Eigen::MatrixXd rate(x_.size(), count());
  for (Eigen::Index k = 0; k < count(); ++k) {
    rate.col(k) = crossbar::cell_rates(nodes_, tools_.law, ends(k), x_);
  }
  find_moving(rate);
  X_ = states_of(rate);
  return true;
}

/// States at the samples as their rates lead there; those that are followed keep their own.
Eigen::MatrixXd PinnedPulse::states_of(const Eigen::MatrixXd& rate) const {
  Eigen::MatrixXd X = x_.replicate(1, count()) + samples_.integrals(rate);
  X = X.cwiseMax(0.0).cwiseMin(1.0);
  for (const Eigen::Index cell : moving_) {
    if (X_.size() > 0) X.row(cell) = X_.row(cell);
  }
  return X;
}

/// By the law, but for the selected cell's, which ngspice has given.
Eigen::VectorXd PinnedPulse::law_currents(Eigen::Index sample) const {
  Eigen::VectorXd I = crossbar::cell_currents(nodes_, tools_.law, ends(sample), X_.col(sample));
  I(selected_) = I_selected_(sample);
  return I;
}

/// Whether cells were found that move too far to be carried by rates; they get transients.
bool PinnedPulse::find_moving(const Eigen::MatrixXd& rate) {
  const std::size_t before = moving_.size();
  for (Eigen::Index cell = 0; cell < x_.size(); ++cell) {
    const double motion = rate.row(cell).cwiseAbs().maxCoeff() * width_;
    const bool is_followed = std::find(moving_.begin(), moving_.end(), cell) != moving_.end();
    if (motion > options_.small_motion && !is_followed) moving_.push_back(cell);
  }
  return moving_.size() > before;
}

/// Chord steps with the law's currents; false when there was nothing left to correct.
bool PinnedPulse::correct_by_law() {
  bool has_moved = false;
  for (Eigen::Index k = 0; k < count(); ++k) {
    for (int step = 0; step < kOwnSteps; ++step) {
      const Eigen::VectorXd I = law_currents(k);
      const Eigen::VectorXd F = nodes_.excess(I, U_.col(k));
      const double limit = kOwnShare * options_.tolerance * nodes_.largest_line_current(I);
      if (!(F.cwiseAbs().sum() > limit)) break;
      U_.col(k) -= nodes_.solve(F);
      has_moved = true;
    }
  }
  return has_moved;
}

/// Our own solution: the law's lines around ngspice's selected cell. What is cheap comes first.
bool PinnedPulse::solve_own() {
  for (int round = 0; round < kOwnRounds; ++round) {
    if (!follow_selected()) return false;
    if (!correct_by_law()) return true;
  }
  return follow_selected();
}

/// Transients of the moving cells, held to the nodes; the selected cell's is there already.
bool PinnedPulse::follow_moving() {
  std::vector<CellDrive> drives;
  for (std::size_t c = 1; c < moving_.size(); ++c) drives.push_back(drive_of(moving_[c]));
  std::vector<CellPath> paths;
  if (!drives.empty()) paths = follow_cells(tools_.cell, drives, tools_.engine);
  for (std::size_t c = 0; c < moving_.size(); ++c) {
    const CellPath& path = c == 0 ? path_ : paths[c - 1];
    if (c > 0) result_.certificate.seconds += path.summary.seconds;
    if (!path.ok()) return fail(path.summary, "cell " + nodes_.name_of(moving_[c]) + " by itself");
    X_.row(moving_[c]) = at_times(path.x.transpose(), path.t, samples_.t);
  }
  result_.certificate.followed = static_cast<long>(moving_.size());
  return true;
}

/// ngspice's currents and rates of all cells at the samples, and the states that these rates lead
/// to.
bool PinnedPulse::ask() {
  HeldPoints points{.p = Eigen::MatrixXd(x_.size(), count()), .n = X_, .x = X_};
  for (Eigen::Index k = 0; k < count(); ++k) {
    crossbar::CellEnds at = ends(k);
    points.p.col(k) = std::move(at.p);
    points.n.col(k) = std::move(at.n);
  }
  held_ = tools_.held.evaluate(points, width_);
  result_.certificate.seconds += held_.summary.seconds;
  result_.certificate.asked += points.x.size();
  if (!held_.ok()) return fail(held_.summary, "the currents of the held cells");
  for (Eigen::Index cell = 0; cell < x_.size(); ++cell) {
    if (nodes_.is_on(cell)) continue;
    held_.I.row(cell).setZero();
    held_.rate.row(cell).setZero();
  }
  const bool has_new = find_moving(held_.rate);
  Eigen::MatrixXd X = states_of(held_.rate);
  unsettled_ = has_new ? 1.0 : (X - X_).cwiseAbs().maxCoeff();
  X_ = std::move(X);
  return true;
}

void PinnedPulse::judge() {
  PulseCertificate& certificate = result_.certificate;
  double largest = 0.0;
  certificate.bound = 0.0;
  for (Eigen::Index k = 0; k < count(); ++k) {
    const Eigen::VectorXd I = held_.I.col(k);
    certificate.bound = std::max(certificate.bound, excess(I, k).cwiseAbs().sum());
    largest = std::max(largest, nodes_.largest_line_current(I));
  }
  certificate.relative = largest > 0.0 ? certificate.bound / largest : 0.0;
  if (certificate.corrections == 0) certificate.own = certificate.relative;
}

/// Newton's step for all but the selected cell, which keeps its transient's current until the next.
void PinnedPulse::correct() {
  for (Eigen::Index k = 0; k < count(); ++k) {
    Eigen::VectorXd I = held_.I.col(k);
    I(selected_) = I_selected_(k);
    U_.col(k) -= nodes_.solve(excess(I, k));
  }
  ++result_.certificate.corrections;
}

bool PinnedPulse::iterate() {
  const PulseCertificate& certificate = result_.certificate;
  for (;;) {
    if (!follow_moving() || !ask()) return false;
    judge();
    if (std::max(certificate.relative, unsettled_) <= options_.tolerance) return true;
    if (certificate.corrections == options_.most_corrections) {
      return fail("ngspice and memspice find no common node voltages: after " +
                  std::to_string(certificate.corrections) + " corrections the bound is " +
                  to_text_rounded(certificate.relative, 3) + " of the largest line current");
    }
    correct();
    if (!follow_selected()) return false;
  }
}

PinnedPulseResult PinnedPulse::run(const Eigen::VectorXd& u) {
  if (!start(u) || !solve_own() || !iterate()) return std::move(result_);
  result_.x = X_.col(count() - 1);
  Eigen::MatrixXd power(1, count());
  for (Eigen::Index k = 0; k < count(); ++k) power(k) = nodes_.power(held_.I.col(k));
  result_.energy = samples_.integrals(power)(count() - 1);
  return std::move(result_);
}

}  // namespace

PinnedPulseResult run_pinned_pulse(const PinnedPulseTools& tools,
                                   crossbar::PulseNodes& nodes,
                                   const crossbar::CellPulse& pulse,
                                   const Eigen::VectorXd& x,
                                   const Eigen::VectorXd& u,
                                   const PinnedPulseOptions& options) {
  return PinnedPulse(tools, nodes, pulse, x, options).run(u);
}

}  // namespace memspice::synthesis
