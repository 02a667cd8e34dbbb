#include "crossbar/background.hpp"

#include <cmath>

#include "base/error.hpp"
#include "crossbar/cell_law.hpp"
#include "crossbar/line_newton.hpp"

namespace memspice::crossbar {
namespace {

/// Amplitudes within half of this share one background [V]; offsets scale between them.
constexpr double kAmplitudeGrid = 0.1;
/// Of Kirchhoff's law, relative: the offsets are corrections of a few percent themselves.
constexpr double kTolerance = 1e-7;

/// Cells that differ by their state. Evaluates all cells of the array at once.
class StateLaw final : public CellLaw {
 public:
  StateLaw(const device::Memristor& cell, const Eigen::MatrixXd& x) : cell_(cell), x_(x) {}

  void evaluate(std::span<const double>,
                std::span<const double> v,
                std::span<double> I,
                std::span<double> slope) const override {
    for (std::size_t k = 0; k < v.size(); ++k) {
      const double x = x_.data()[k];
      I[k] = cell_.current(v[k], x);
      slope[k] = cell_.conductance(v[k], x);
    }
  }

 private:
  const device::Memristor& cell_;
  const Eigen::MatrixXd& x_;
};

/// The resistance that each line shows at each of its nodes; `slope` in the lines' own layout.
Eigen::VectorXd driving_point_resistances(Lines lines, const double* slope) {
  const int n = lines.shape().n_lines;
  Eigen::VectorXd R(lines.size()), response(lines.size());
  lines.factorize(slope);
  for (int k = 0; k < lines.shape().n_nodes; ++k) {
    response.setZero();
    response.segment(k * n, n).setOnes();
    lines.solve(response.data());
    R.segment(k * n, n) = response.segment(k * n, n);
  }
  return R;
}

}  // namespace

BackgroundSolver::BackgroundSolver(const PulsedArraySpec& spec, const Array& array)
    : spec_(spec), array_(array) {}

long BackgroundSolver::key_of(double A) const {
  // Only v/3 puts a voltage across unselected cells.
  return spec_.scheme == BiasScheme::Third ? std::lround(A / kAmplitudeGrid) : 0;
}

const Background& BackgroundSolver::at(double A, const Eigen::MatrixXd& x) {
  const long key = key_of(A);
  const auto known = known_.find(key);
  if (known != known_.end()) return known->second;
  // The smallest amplitudes have no grid point of their own.
  const double grid = key == 0 ? A : static_cast<double>(key) * kAmplitudeGrid;
  return known_.emplace(key, solve(grid, x)).first->second;
}

void BackgroundSolver::solve_nodes(double A,
                                   const Eigen::MatrixXd& x,
                                   Background& background) const {
  const Eigen::MatrixXd G = conductances_of(*spec_.cell, x);
  const StateLaw law(*spec_.cell, x);
  LineNewton newton(array_, G, law, kTolerance);
  const double drive = -A / 3.0;  // word lines at A/3, bit lines at 2A/3
  const LineOutcome outcome = newton.solve(Eigen::VectorXd::Constant(x.rows(), drive));
  if (!outcome.converged) {
    throw RunError("the unselected lines of an array of " + std::to_string(x.rows()) + " x " +
                   std::to_string(x.cols()) + " cells find no solution under " + std::to_string(A) +
                   " V; lower the amplitude or the resistance of the lines");
  }
  background.word = newton.offsets().word / A;
  background.bit = newton.offsets().bit / A;
  background.current = newton.cell_currents() / A;
  background.voltage = (background.word - background.bit).array() - 1.0 / 3.0;
}

void BackgroundSolver::find_line_resistances(const Eigen::MatrixXd& slope,
                                             Background& background) const {
  const auto n = slope.rows();
  const auto m = slope.cols();
  const Lines word(static_cast<int>(m), array_.R_row, array_.R_left, array_.R_right);
  const Lines bit(static_cast<int>(n), array_.R_column, array_.R_top, array_.R_bottom);
  const Eigen::MatrixXd turned = slope.transpose();
  background.R_word = driving_point_resistances(word, slope.data()).reshaped(n, m);
  background.R_bit = driving_point_resistances(bit, turned.data()).reshaped(m, n).transpose();
}

Background BackgroundSolver::solve(double A, const Eigen::MatrixXd& x) const {
  const Eigen::MatrixXd none = Eigen::MatrixXd::Zero(x.rows(), x.cols());
  Background background{.word = none, .bit = none, .voltage = none, .current = none};
  if (spec_.scheme == BiasScheme::Third) solve_nodes(A, x, background);
  Eigen::MatrixXd slope = none;
  if (spec_.scheme != BiasScheme::Gated) {
    slope = x.binaryExpr(background.voltage, [&](double state, double v) {
      return spec_.cell->conductance(A * v, state);
    });
  }
  find_line_resistances(slope, background);
  // Tellegen: each cell's current times what its sources put across it.
  const double drive = spec_.scheme == BiasScheme::Third ? -1.0 / 3.0 : 0.0;
  background.row_power = drive * background.current.rowwise().sum();
  background.column_power = drive * background.current.colwise().sum().transpose();
  background.power = background.row_power.sum();
  return background;
}

}  // namespace memspice::crossbar
