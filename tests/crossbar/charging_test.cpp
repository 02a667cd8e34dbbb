// Lines with capacitance: closed forms, and the modes of dense nodal equations.

#include "crossbar/charging.hpp"

#include <Eigen/Eigenvalues>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "base/error.hpp"
#include "support/random_matrix.hpp"

using namespace memspice;
using crossbar::Charging;
using crossbar::ChargingOptions;
using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

constexpr double kCapacitance = 18e-18;
/// A step may be off by a five hundredth of the tolerance, and steps forget those before them: in
/// all they stay within a tenth.
constexpr double kStepsTogether = 0.1;

/// Nodal conductances of all nodes, word-line nodes first, and what 1 V on word line i gives them.
struct Dense {
  MatrixXd G, drive;
};

/// Lines that are driven at the left and sensed at the bottom, all resistances above 0.
Dense dense_nodes(const MatrixXd& cells, const crossbar::Wiring& wiring) {
  const Index n = cells.rows(), m = cells.cols();
  Dense dense{MatrixXd::Zero(2 * n * m, 2 * n * m), MatrixXd::Zero(2 * n * m, n)};
  const auto join = [&](Index a, Index b, double G) {
    dense.G(a, a) += G;
    dense.G(b, b) += G;
    dense.G(a, b) -= G;
    dense.G(b, a) -= G;
  };
  for (Index i = 0; i < n; ++i) {
    for (Index j = 0; j < m; ++j) {
      const Index word = i * m + j, bit = n * m + i * m + j;
      join(word, bit, cells(i, j));
      if (j > 0) join(word - 1, word, 1.0 / wiring.row);
      if (i > 0) join(bit - m, bit, 1.0 / wiring.column);
      if (j == 0) dense.G(word, word) += 1.0 / (wiring.driver + wiring.row);
      if (j == 0) dense.drive(word, i) = 1.0 / (wiring.driver + wiring.row);
      if (i == n - 1) dense.G(bit, bit) += 1.0 / (wiring.sense + wiring.column);
    }
  }
  return dense;
}

/// Node voltages after drivers that rose from 0 to V in `rise`: mode by mode, the step's answer
/// averaged over the rise.
VectorXd dense_voltages(const Dense& dense, const VectorXd& V, double rise, double t) {
  const Eigen::SelfAdjointEigenSolver<MatrixXd> modes(dense.G / kCapacitance);
  VectorXd y = modes.eigenvectors().transpose() * (dense.drive * V / kCapacitance);
  for (Index k = 0; k < y.size(); ++k) {
    const double rate = modes.eigenvalues()[k];
    const double left = std::exp(-rate * (t - rise)) * -std::expm1(-rate * rise) / (rate * rise);
    y[k] *= (1.0 - left) / rate;
  }
  return modes.eigenvectors() * y;
}

}  // namespace

TEST_CASE("a driver charges its ideal line in one time constant", "[crossbar][charging]") {
  // Three nodes in one behind 10 kOhm; the bit lines are ground, three cells of 10 uS draw on them.
  const double R = 10e3, G = 30e-6, tau = 3 * kCapacitance / (1 / R + G);
  const auto tolerance = GENERATE(0.1, 1.0 / 512);
  const ChargingOptions options{
      .line_capacitance = kCapacitance, .rise = 1e-3 * tau, .tolerance = tolerance};
  const VectorXd V = VectorXd::Constant(1, 0.2);
  const Charging found = crossbar::charge_array(
      MatrixXd::Constant(1, 3, 10e-6), crossbar::OhmicLaw(), {.driver = R}, V, options);
  REQUIRE(found.summary.termination == crossbar::Summary::Termination::Converged);
  const double rest = 10e-6 * 0.2 / (1 + R * G);
  CHECK(found.I_rest[0] == Approx(rest));
  // exp(-t / tau) = tolerance, from the middle of the rise; the slope makes a current that is off
  // by a share of the tolerance a time that is off by that share of tau.
  CHECK(found.settling(tolerance * rest) ==
        Approx(tau * (std::log(1 / tolerance) + 0.5e-3)).margin(kStepsTogether * tau));
  // The driver's current is g V exp(-t / tau) / R above that at rest, g: the divider's share.
  const double g = 1 / (1 + R * G), beyond = 0.2 * 0.2 * g * tau / R;
  CHECK(found.energy() == Approx(beyond).epsilon(5e-3 + tolerance / 16));
}

TEST_CASE("an array charges as the modes of its nodal equations do", "[crossbar][charging]") {
  const MatrixXd G = test::random_matrix(5, 4, 2e-6, 200e-6, "charging");
  const crossbar::Wiring wiring{.row = 2.5, .column = 4.0, .driver = 300.0, .sense = 120.0};
  const VectorXd V = VectorXd::LinSpaced(5, -0.1, 0.3);
  const double rise = 1e-16, tolerance = 1.0 / 512;
  const Dense dense = dense_nodes(G, wiring);
  double largest = 0.0;
  int samples = 0;
  const Charging found = crossbar::charge_array(
      G,
      crossbar::OhmicLaw(),
      wiring,
      V,
      {.line_capacitance = kCapacitance, .rise = rise, .tolerance = tolerance},
      [&](const crossbar::ChargingSample& sample) {
        if (sample.t < rise) return;
        ++samples;
        const VectorXd v = dense_voltages(dense, V, rise, sample.t);
        largest = std::max(largest, (sample.v - v).cwiseAbs().maxCoeff());
        // The rate is that of the nodal equations, whatever the steps.
        const VectorXd F = dense.G * sample.v - dense.drive * V;
        CHECK((kCapacitance * sample.rate + F).cwiseAbs().maxCoeff() <
              1e-9 * F.cwiseAbs().maxCoeff() + 1e-15);
      });
  REQUIRE(found.summary.termination == crossbar::Summary::Termination::Converged);
  CHECK(samples > 20);
  INFO(samples << " samples, off by " << largest << " V");
  CHECK(largest < kStepsTogether * tolerance * 0.3);
  const VectorXd rest = dense.G.ldlt().solve(dense.drive * V);
  const Index last = found.t.size() - 1;
  const VectorXd out = rest.tail(4) / (wiring.sense + wiring.column);
  CHECK((found.I_rest - out).cwiseAbs().maxCoeff() < 1e-9 * out.cwiseAbs().maxCoeff());
  CHECK((found.I.col(last) - out).cwiseAbs().maxCoeff() <
        tolerance * out.cwiseAbs().maxCoeff() / 16);
}

TEST_CASE("sinh cells come to rest where their static solution is", "[crossbar][charging]") {
  const MatrixXd G = test::random_matrix(6, 6, 2e-6, 20e-6, "charging sinh");
  const crossbar::Wiring wiring{.row = 2.5, .column = 2.5, .driver = 100.0, .sense = 50.0};
  const VectorXd V = VectorXd::LinSpaced(6, 0.1, 0.5);
  const ChargingOptions options{
      .line_capacitance = kCapacitance, .rise = 1e-16, .tolerance = 1.0 / 512};
  const Charging found = crossbar::charge_array(G, crossbar::SinhLaw(4.0), wiring, V, options);
  REQUIRE(found.summary.termination == crossbar::Summary::Termination::Converged);
  const crossbar::Operation rest = crossbar::solve_nonlinear(G, 4.0, wiring, V);
  CHECK((found.I_rest - rest.current).cwiseAbs().maxCoeff() < 1e-9 * rest.current.maxCoeff());
  const auto last = found.I.col(found.I.cols() - 1);
  CHECK((last - rest.current.col(0)).cwiseAbs().maxCoeff() < rest.current.maxCoeff() / 512 / 16);
}

TEST_CASE("a word line that nothing drives charges through its cells", "[crossbar][charging]") {
  const MatrixXd G = test::random_matrix(3, 3, 2e-6, 20e-6, "charging open");
  crossbar::Wiring wiring{.row = 2.5, .column = 2.5, .driver = 100.0, .sense = 50.0};
  wiring.driver_per_line = {100.0, std::numeric_limits<double>::infinity(), 100.0};
  const VectorXd V = VectorXd::Constant(3, 0.2);
  const Charging found = crossbar::charge_array(
      G,
      crossbar::OhmicLaw(),
      wiring,
      V,
      {.line_capacitance = kCapacitance, .rise = 1e-16, .tolerance = 1.0 / 512});
  REQUIRE(found.summary.termination == crossbar::Summary::Termination::Converged);
  const VectorXd rest = crossbar::solve_vectors(G, wiring, V).current;
  const auto last = found.I.col(found.I.cols() - 1);
  CHECK((last - rest).cwiseAbs().maxCoeff() < rest.maxCoeff() / 512 / 16);
}

TEST_CASE("charging refuses what has no time constant", "[crossbar][charging]") {
  const MatrixXd G = MatrixXd::Constant(2, 2, 1e-6);
  const ChargingOptions good{.line_capacitance = 1e-17, .rise = 1e-16, .tolerance = 0.01};
  const auto charge = [&](const VectorXd& V, const ChargingOptions& options) {
    return crossbar::charge_array(G, crossbar::OhmicLaw(), {.driver = 1.0}, V, options);
  };
  ChargingOptions bad = good;
  bad.line_capacitance = 0.0;
  CHECK_THROWS_WITH(charge(VectorXd::Ones(2), bad), Catch::Contains("line_capacitance"));
  CHECK_THROWS_AS(charge(VectorXd::Ones(3), good), InputError);
  CHECK_THROWS_WITH(charge(VectorXd::Zero(2), good), Catch::Contains("largest drive"));
}
