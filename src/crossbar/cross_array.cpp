#include "crossbar/cross_array.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/error.hpp"
#include "base/text.hpp"
#include "crossbar/array.hpp"
#include "crossbar/background.hpp"
#include "crossbar/exposure.hpp"
#include "crossbar/lines.hpp"
#include "crossbar/selected_line.hpp"
#include "device/trace.hpp"

namespace memspice::crossbar {
namespace {

constexpr int kMostVertexSteps = 60;
/// Newton's method ends where a step changes no node by more than this share of the amplitude: by
/// its quadratic convergence the next step would change nothing that matters.
constexpr double kVertexTolerance = 1e-5;
/// Rows of cells after which v/3 solves its unselected lines anew; the others need less and do so
/// after each row.
constexpr Eigen::Index kRowsPerRefresh = 2;
/// A cell that moves by less during a pulse takes one step; more is integrated.
constexpr double kSmallMotion = 1e-4;

class CrossArray final : public PulsedArray {
 public:
  CrossArray(const PulsedArraySpec& spec, const Eigen::MatrixXd& x)
      : spec_(spec),
        cell_(*spec.cell),
        array_(resolve_array(x.rows(), x.cols(), spec.wiring)),
        background_(spec, array_),
        ledger_(x.rows(), x.cols()),
        x_(x) {
    for (Eigen::Index i = 0; i < x.rows(); ++i) words_.push_back(make_word(i));
    for (Eigen::Index j = 0; j < x.cols(); ++j) bits_.push_back(make_bit(j));
  }

  PulseEffect apply(const CellPulse& pulse) override;
  double state(int i, int j) override {
    settle(i, j);
    return x_(i, j);
  }
  const Eigen::MatrixXd& states() override {
    settle_all();
    return x_;
  }

 private:
  SelectedLine make_word(Eigen::Index i) const;
  SelectedLine make_bit(Eigen::Index j) const;
  bool has_half_selected() const { return spec_.scheme != BiasScheme::Gated; }
  bool has_unselected() const { return spec_.scheme == BiasScheme::Third; }

  void follow_selection(const CellPulse& pulse);
  void prepare(const CellPulse& pulse, const Background& background);
  bool solve_lines(const CellPulse& pulse, double& V, double& R);
  void move_half_selected(const CellPulse& pulse, SelectedLine& line, bool is_word);
  void move(double& x, double v, double time);
  double energy(const CellPulse& pulse, const Background& background, double I) const;
  void settle(Eigen::Index i, Eigen::Index j);
  void settle_all();

  PulsedArraySpec spec_;
  const device::Memristor& cell_;
  Array array_;
  BackgroundSolver background_;
  ExposureLedger ledger_;
  Eigen::MatrixXd x_;
  std::vector<SelectedLine> words_, bits_;
  int last_i_ = -1, last_j_ = -1;
  Eigen::Index selections_ = 0;
};

SelectedLine CrossArray::make_word(Eigen::Index i) const {
  const auto k = static_cast<std::size_t>(i);
  return SelectedLine(Lines(
      static_cast<int>(array_.n_bit_lines), array_.R_row, {array_.R_left[k]}, {array_.R_right[k]}));
}

SelectedLine CrossArray::make_bit(Eigen::Index j) const {
  const auto k = static_cast<std::size_t>(j);
  return SelectedLine(Lines(static_cast<int>(array_.n_word_lines),
                            array_.R_column,
                            {array_.R_top[k]},
                            {array_.R_bottom[k]}));
}

void CrossArray::move(double& x, double v, double time) {
  const double motion = cell_.state_rate(v, x) * time;
  if (std::abs(motion) < kSmallMotion) {
    x = std::clamp(x + motion, 0.0, 1.0);
    return;
  }
  x = device::apply_pulse(cell_, x, {.amplitude = v, .width = time}, 0.0).x;
}

void CrossArray::settle(Eigen::Index i, Eigen::Index j) {
  if (!has_unselected()) return;
  ledger_.settle(i, j, [&](double amplitude, double time) {
    move(x_(i, j), amplitude * background_.at(amplitude, x_).voltage(i, j), time);
  });
}

void CrossArray::settle_all() {
  for (Eigen::Index j = 0; j < x_.cols(); ++j) {
    for (Eigen::Index i = 0; i < x_.rows(); ++i) settle(i, j);
  }
}

/// Some cells later the array has changed enough for another background.
void CrossArray::follow_selection(const CellPulse& pulse) {
  if (pulse.i == last_i_ && pulse.j == last_j_) return;
  last_i_ = pulse.i;
  last_j_ = pulse.j;
  if (++selections_ % (has_unselected() ? kRowsPerRefresh * x_.cols() : x_.cols()) != 0) return;
  settle_all();
  background_.forget();
}

/// Sets the lines' drives for the pulse. Newton's method starts at their last solution.
void CrossArray::prepare(const CellPulse& pulse, const Background& background) {
  const LineBias bias = line_bias(spec_.scheme, x_.rows(), x_.cols(), pulse);
  const double A = pulse.pulse.amplitude;
  SelectedLine& word = words_[static_cast<std::size_t>(pulse.i)];
  SelectedLine& bit = bits_[static_cast<std::size_t>(pulse.j)];
  word.drive = A * (1.0 - (bias.bit.transpose() + background.bit.row(pulse.i)).array()).matrix();
  bit.drive = -A * (bias.word + background.word.col(pulse.j));
  word.R = background.R_bit.row(pulse.i);
  bit.R = background.R_word.col(pulse.j);
  word.rest = A * background.current.row(pulse.i);
  bit.rest = -A * background.current.col(pulse.j);
  word.start_from_last(A);
  bit.start_from_last(A);
}

/// The selected lines with all their cells; V and R [V], [Ohm]: what the selected cell sees.
bool CrossArray::solve_lines(const CellPulse& pulse, double& V, double& R) {
  SelectedLine& word = words_[static_cast<std::size_t>(pulse.i)];
  SelectedLine& bit = bits_[static_cast<std::size_t>(pulse.j)];
  const double A = pulse.pulse.amplitude;
  const double series = spec_.scheme == BiasScheme::Gated ? spec_.transistor : 0.0;
  for (int step = 0; step < kMostVertexSteps; ++step) {
    if (has_half_selected()) {
      word.linearize(cell_, 1.0, pulse.j, [&](int k) { return x_(pulse.i, k); });
      bit.linearize(cell_, -1.0, pulse.i, [&](int k) { return x_(k, pulse.j); });
    }
    if (!word.solve(pulse.j) || !bit.solve(pulse.i)) return false;
    V = A + word.trial(pulse.j) - bit.trial(pulse.i);
    R = word.response(pulse.j) + bit.response(pulse.i) + series;
    const double x = x_(pulse.i, pulse.j);
    const double I = cell_.current(device::device_voltage(cell_, V, R, x), x);
    const double change = std::max(word.take(I), bit.take(-I));
    if (!std::isfinite(change)) return false;
    if (change <= kVertexTolerance * std::abs(A) || !has_half_selected()) return true;
  }
  return false;
}

void CrossArray::move_half_selected(const CellPulse& pulse, SelectedLine& line, bool is_word) {
  const int selected = is_word ? pulse.j : pulse.i;
  for (int k = 0; k < line.wires.size(); ++k) {
    if (k == selected) continue;
    const double v = line.drive(k) + line.u(k) - line.R(k) * (line.I(k) - line.rest(k));
    double& x = is_word ? x_(pulse.i, k) : x_(k, pulse.j);
    move(x, is_word ? v : -v, pulse.pulse.width);
  }
}

/// By Tellegen's theorem: every cell's current times what the sources put across it. `I`: the
/// selected cell's mean current [A].
double CrossArray::energy(const CellPulse& pulse, const Background& background, double I) const {
  const LineBias bias = line_bias(spec_.scheme, x_.rows(), x_.cols(), pulse);
  const double A = pulse.pulse.amplitude;
  double power = A * I;
  if (has_half_selected()) {
    const SelectedLine& word = words_[static_cast<std::size_t>(pulse.i)];
    const SelectedLine& bit = bits_[static_cast<std::size_t>(pulse.j)];
    for (int k = 0; k < word.wires.size(); ++k) {
      if (k != pulse.j) power += word.I(k) * A * (1.0 - bias.bit(k));
    }
    for (int k = 0; k < bit.wires.size(); ++k) {
      if (k != pulse.i) power -= bit.I(k) * A * bias.word(k);
    }
    const double crossing = background.current(pulse.i, pulse.j) / -3.0;
    power += A * A *
             (background.power - background.row_power(pulse.i) - background.column_power(pulse.j) +
              (has_unselected() ? crossing : 0.0));
  }
  return power * pulse.pulse.width;
}

PulseEffect CrossArray::apply(const CellPulse& pulse) {
  follow_selection(pulse);
  settle(pulse.i, pulse.j);
  const Background& background = background_.at(pulse.pulse.amplitude, x_);
  prepare(pulse, background);
  double V = 0.0, R = 0.0;
  if (!solve_lines(pulse, V, R)) {
    return {.ok = false,
            .message = "the lines of cell (" + std::to_string(pulse.i) + ", " +
                       std::to_string(pulse.j) + ") find no solution under " +
                       to_text_rounded(pulse.pulse.amplitude, 4) + " V"};
  }
  const device::Pulse seen{.amplitude = V, .width = pulse.pulse.width};
  const device::PulseOutcome outcome = device::apply_pulse(cell_, x_(pulse.i, pulse.j), seen, R);
  if (!outcome.ok) return {.ok = false, .message = outcome.message};
  const double I = outcome.charge / pulse.pulse.width;
  if (has_half_selected()) {
    // Under the selected cell's mean current.
    SelectedLine& word = words_[static_cast<std::size_t>(pulse.i)];
    SelectedLine& bit = bits_[static_cast<std::size_t>(pulse.j)];
    word.take(I);
    bit.take(-I);
    move_half_selected(pulse, word, true);
    move_half_selected(pulse, bit, false);
  }
  x_(pulse.i, pulse.j) = outcome.x;
  if (has_unselected()) {
    ledger_.add(pulse.i, pulse.j, pulse.pulse.amplitude, pulse.pulse.width);
  }
  return {.energy = energy(pulse, background, I)};
}

}  // namespace

std::unique_ptr<PulsedArray> make_cross_array(const PulsedArraySpec& spec,
                                              const Eigen::MatrixXd& x) {
  return std::make_unique<CrossArray>(spec, x);
}

}  // namespace memspice::crossbar
