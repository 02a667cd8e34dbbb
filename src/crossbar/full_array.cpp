#include "crossbar/full_array.hpp"

#include <algorithm>
#include <boost/numeric/odeint/stepper/generation.hpp>
#include <boost/numeric/odeint/stepper/runge_kutta_dopri5.hpp>
#include <cmath>
#include <vector>

#include "base/interrupt.hpp"
#include "base/text.hpp"
#include "crossbar/array.hpp"
#include "crossbar/nodal_circuit.hpp"
#include "crossbar/pulse_nodes.hpp"
#include "device/trace.hpp"

namespace memspice::crossbar {
namespace {

namespace odeint = boost::numeric::odeint;

// Of x and of the energy's share, per step.
constexpr double kTolerance = 1e-9;
constexpr long kMostSteps = 1'000'000;
constexpr int kMostNewtonSteps = 100;
/// Newton's method ends where a step changes no node by more than this share of the amplitude.
constexpr double kNodeTolerance = 1e-11;

class FullArray final : public PulsedArray {
 public:
  FullArray(const PulsedArraySpec& spec, const Eigen::MatrixXd& x)
      : spec_(spec),
        x_(x),
        nodes_(pulsed_nodes(resolve_array(x.rows(), x.cols(), spec.wiring), 0.0)),
        u_(Eigen::VectorXd::Zero(nodes_.n_unknowns())),
        current_(x.size()),
        slope_(x.size()) {}

  PulseEffect apply(const CellPulse& pulse) override;
  double state(int i, int j) override { return x_(i, j); }
  const Eigen::MatrixXd& states() override { return x_; }

 private:
  using States = std::vector<double>;  ///< x of cell i * m + j, then the energy's share

  bool is_on(Eigen::Index k) const {
    return spec_.scheme != BiasScheme::Gated || k / x_.cols() == selected_row_;
  }
  double series() const { return spec_.scheme == BiasScheme::Gated ? spec_.transistor : 0.0; }
  /// Across the memristor alone, for `v` across the cell.
  double memristor_voltage(double v, double x) const {
    return device::device_voltage(*spec_.cell, v, series(), x);
  }
  void evaluate_cells(const Eigen::VectorXd& v, const States& x);
  bool solve_nodes(const States& x);
  void rates(const States& x, States& dxdt);

  PulsedArraySpec spec_;
  Eigen::MatrixXd x_;
  NodalCircuit nodes_;
  Eigen::VectorXd u_;  ///< node offsets of the last solve: the next one starts there
  Eigen::VectorXd V_;  ///< the lines' sources [V]
  Eigen::VectorXd current_, slope_;
  Eigen::VectorXd bias_;  ///< across each cell if the wires took nothing [V]
  Eigen::Index selected_row_ = 0;
  double width_ = 0.0, unit_energy_ = 1.0, scale_ = 1.0;
  bool solved_ = true;
};

void FullArray::evaluate_cells(const Eigen::VectorXd& v, const States& x) {
  for (Eigen::Index k = 0; k < v.size(); ++k) {
    const double state = x[static_cast<std::size_t>(k)];
    const double w = memristor_voltage(v(k), state);
    const double G = spec_.cell->conductance(w, state);
    current_(k) = is_on(k) ? spec_.cell->current(w, state) : 0.0;
    slope_(k) = is_on(k) ? G / (1.0 + series() * G) : 0.0;
  }
}

bool FullArray::solve_nodes(const States& x) {
  for (int step = 0; step < kMostNewtonSteps; ++step) {
    evaluate_cells(nodes_.cell_voltages(V_, u_), x);
    if (u_.size() == 0) return true;
    if (!nodes_.factorize(slope_)) return false;
    const Eigen::VectorXd change = nodes_.solve(nodes_.excess_current(current_, u_));
    if (!change.allFinite()) return false;
    u_ -= change;
    if (change.cwiseAbs().maxCoeff() > kNodeTolerance * scale_) continue;
    evaluate_cells(nodes_.cell_voltages(V_, u_), x);
    return true;
  }
  return false;
}

void FullArray::rates(const States& x, States& dxdt) {
  solved_ = solve_nodes(x) && solved_;
  const Eigen::VectorXd v = nodes_.cell_voltages(V_, u_);
  for (Eigen::Index k = 0; k < v.size(); ++k) {
    const auto cell = static_cast<std::size_t>(k);
    const double w = memristor_voltage(v(k), x[cell]);
    dxdt[cell] = is_on(k) ? width_ * spec_.cell->state_rate(w, x[cell]) : 0.0;
  }
  // Tellegen: what the sources give is what the array takes.
  dxdt.back() = width_ / unit_energy_ * current_.dot(bias_);
}

PulseEffect FullArray::apply(const CellPulse& pulse) {
  const LineBias bias = line_bias(spec_.scheme, x_.rows(), x_.cols(), pulse);
  V_.resize(x_.rows() + x_.cols());
  V_ << pulse.pulse.amplitude * bias.word, pulse.pulse.amplitude * bias.bit;
  bias_ = nodes_.cell_voltages(V_, Eigen::VectorXd::Zero(u_.size()));
  selected_row_ = pulse.i;
  width_ = pulse.pulse.width;
  scale_ = std::abs(pulse.pulse.amplitude);
  u_.setZero();
  solved_ = true;

  States y(static_cast<std::size_t>(x_.size()) + 1, 0.0);
  for (Eigen::Index k = 0; k < x_.size(); ++k) {
    y[static_cast<std::size_t>(k)] = x_(k / x_.cols(), k % x_.cols());
  }
  if (!solve_nodes(y)) return {.ok = false, .message = "the array's nodes find no solution"};
  unit_energy_ = std::max(std::abs(current_.dot(bias_)) * width_, 1e-300);

  auto stepper =
      odeint::make_controlled(kTolerance, kTolerance, odeint::runge_kutta_dopri5<States>());
  const auto system = [this](const States& x, States& dxdt, double) { rates(x, dxdt); };
  double t = 0.0, dt = 0.1;
  for (long steps = 0; t < 1.0 - 1e-12; ++steps) {
    throw_if_interrupted();
    dt = std::min(dt, 1.0 - t);
    stepper.try_step(system, y, t, dt);
    if (!solved_) return {.ok = false, .message = "the array's nodes find no solution"};
    if (steps == kMostSteps || !(dt > 1e-15)) {
      return {.ok = false, .message = "the cells' states need too many steps"};
    }
  }
  for (Eigen::Index k = 0; k < x_.size(); ++k) {
    x_(k / x_.cols(), k % x_.cols()) = std::clamp(y[static_cast<std::size_t>(k)], 0.0, 1.0);
  }
  return {.energy = y.back() * unit_energy_};
}

}  // namespace

std::unique_ptr<PulsedArray> make_full_array(const PulsedArraySpec& spec,
                                             const Eigen::MatrixXd& x) {
  return std::make_unique<FullArray>(spec, x);
}

}  // namespace memspice::crossbar
