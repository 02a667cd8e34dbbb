// Cells with an access device, and arrays of them, against closed forms and the C++ solver.

#include "synthesis/cell.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "base/error.hpp"
#include "base/files.hpp"
#include "crossbar/access_law.hpp"
#include "crossbar/topology.hpp"
#include "netlist/model_text.hpp"
#include "support/batch_ngspice.hpp"
#include "support/biased.hpp"
#include "synthesis/tile_circuit.hpp"

namespace memspice::synthesis {
namespace {

constexpr double kOpen = std::numeric_limits<double>::infinity();
/// ngspice stops its Newton iteration at reltol = 1e-10 of each current.
constexpr double kAgreement = 1e-8;

const device::AccessTransistor kTransistor{};
const device::ExponentialSelector kExponential{};
const device::ThresholdSelector kThreshold{};

Eigen::MatrixXd run(const TileSpec& spec,
                    const Eigen::MatrixXd& V,
                    const TileBenchOptions& options = {}) {
  const TileBench bench = build_tile_bench(spec, V, options);
  return test::run_batch_ngspice(netlist::write_deck(bench.circuit, bench.analysis)).transpose();
}

Eigen::MatrixXd some_cells(int n, int m) {
  Eigen::MatrixXd G(n, m);
  for (int k = 0; k < n * m; ++k) G(k) = 2e-6 + 18e-6 * ((k * 7 + 3) % 11) / 10.0;
  return G;
}

/// Largest difference as a share of the largest expected current.
double difference(const Eigen::MatrixXd& found, const Eigen::MatrixXd& expected) {
  return (found - expected).cwiseAbs().maxCoeff() / expected.cwiseAbs().maxCoeff();
}

}  // namespace

TEST_CASE("a 2x2 array with floating lines shows the sneak path", "[synthesis][cells]") {
  // Word line 0 is driven and bit line 0 sensed; word line 1 and bit line 1 float. Beside the
  // selected cell the current takes cells (0,1), (1,1), (1,0) in series:
  //   I = V (G00 + 1 / (1/G01 + 1/G11 + 1/G10)).
  TileSpec spec{.name = "sneak", .G = Eigen::MatrixXd(2, 2)};
  spec.G << 1e-6, 2e-5, 4e-5, 1e-5;
  spec.wiring.driver_per_line = {0.0, kOpen};
  spec.wiring.sense_per_line = {0.0, kOpen};
  const double sneak = 1.0 / (1.0 / 2e-5 + 1.0 / 1e-5 + 1.0 / 4e-5);
  const double V = 0.2;
  const double expected = V * (1e-6 + sneak);
  const Eigen::MatrixXd inputs = Eigen::Vector2d(V, 0.0);
  CHECK(crossbar::solve_vectors(spec.G, spec.wiring, inputs).current(0, 0) ==
        Approx(expected).epsilon(1e-12));
  CHECK(run(spec, inputs)(0, 0) == Approx(expected).epsilon(kAgreement));
  // The path carries more than the cell: a reader would take G00 for 6.7 times what it is.
  CHECK(expected / (V * 1e-6) == Approx(1.0 + 40.0 / 7.0).epsilon(1e-12));

  // A selector in every cell closes the path: three share what the selected one has alone.
  spec.cell.access = kThreshold;
  const Eigen::MatrixXd read = Eigen::Vector2d(1.0, 0.0);
  const crossbar::OhmicLaw ohmic;
  const crossbar::AccessLaw law(ohmic, kThreshold);
  const double through = crossbar::solve_cells(spec.G, law, spec.wiring, read).current(0, 0);
  Eigen::MatrixXd alone = spec.G;
  alone(1, 1) = 0.0;
  const double selected = crossbar::solve_cells(alone, law, spec.wiring, read).current(0, 0);
  CHECK(through - selected < 1e-3 * selected);
  CHECK(run(spec, read)(0, 0) == Approx(through).epsilon(kAgreement));
}

TEST_CASE("one cell follows its access device's law in both directions", "[synthesis][cells]") {
  Eigen::MatrixXd V(1, 8);
  V << 0.05, 0.2, 0.5, 1.2, -0.05, -0.2, -0.5, -1.2;
  for (const device::Access& access :
       {device::Access{kTransistor}, device::Access{kExponential}, device::Access{kThreshold}}) {
    for (const double alpha : {0.0, 2.5}) {
      TileSpec spec{.name = "one", .G = Eigen::MatrixXd::Constant(1, 1, 2e-5), .alpha = alpha};
      spec.cell.access = access;
      const crossbar::SinhLaw sinh(alpha);
      const crossbar::AccessLaw law(sinh, access);
      const Eigen::MatrixXd expected = crossbar::solve_cells(spec.G, law, {}, V).current;
      const Eigen::MatrixXd found = run(spec, V);
      for (int k = 0; k < V.cols(); ++k) {
        INFO("access " << access.index() << ", alpha " << alpha << ", V = " << V(k));
        CHECK(found(0, k) == Approx(expected(0, k)).epsilon(1e-6).margin(1e-17));
      }
      CHECK(difference(run(spec, V, {.hierarchical = true}), expected) < kAgreement);
    }
  }
}

TEST_CASE("arrays of cells with access agree with the C++ solver", "[synthesis][cells]") {
  TileSpec spec{.name = "array", .G = some_cells(5, 4), .alpha = 2.5};
  spec.wiring = {.row = 2, .column = 3, .driver = 100, .sense = 10};
  spec.G(2, 1) = 0.0;
  const crossbar::SinhLaw sinh(2.5);
  Eigen::MatrixXd V(5, 3);
  V << 1, 0, 0.5, 0.8, 1, -1, 0, 1, 0.3, 1, -1, 0.9, -0.4, 0.7, 1;
  for (const device::Access& access : {device::Access{kExponential}, device::Access{kThreshold}}) {
    spec.cell.access = access;
    const crossbar::AccessLaw law(sinh, access);
    const auto expected = crossbar::solve_cells(spec.G, law, spec.wiring, V);
    CHECK(expected.summary.termination == crossbar::Summary::Termination::Converged);
    CHECK(difference(run(spec, V), expected.current) < kAgreement);
  }
  // The C++ law has a transistor's bit-line end at 0 V. It is off by the drop over column wire and
  // sense, 10 .. 25 Ohm at 10 uA, beside an overdrive of about 1 V.
  spec.cell.access = kTransistor;
  const crossbar::AccessLaw law(sinh, kTransistor);
  const Eigen::MatrixXd expected = crossbar::solve_cells(spec.G, law, spec.wiring, 0.2 * V).current;
  CHECK(difference(run(spec, 0.2 * V), expected) < 1e-4);
  spec.wiring.column = spec.wiring.sense = 0.0;
  CHECK(difference(run(spec, 0.2 * V),
                   crossbar::solve_cells(spec.G, law, spec.wiring, 0.2 * V).current) < kAgreement);
}

TEST_CASE("half-selected currents of a 1S1R array fall by the selector's ratio",
          "[synthesis][cells]") {
  // V/2 scheme: word line 1 at U, bit line 2 at 0 V, all else at U/2.
  constexpr double U = 1.0;
  const Eigen::MatrixXd G = some_cells(4, 4);
  Eigen::VectorXd V_word = Eigen::VectorXd::Constant(4, U / 2);
  V_word[1] = U;
  Eigen::VectorXd V_bit = Eigen::VectorXd::Constant(4, U / 2);
  V_bit[2] = 0.0;
  const crossbar::OhmicLaw ohmic;
  const auto bare = crossbar::solve_biased(G, ohmic, {}, V_word, V_bit).cell_current;
  CHECK(bare(1, 0) == Approx(G(1, 0) * U / 2).epsilon(1e-12));

  // At U/2 the selector takes all but 1e-3 of the voltage, so a half-selected cell carries
  // I_0 sinh(U / 2 V_0): the selector's own current, whatever the memristor.
  const crossbar::AccessLaw law(ohmic, kExponential);
  const auto with = crossbar::solve_biased(G, law, {}, V_word, V_bit);
  const double half = kExponential.I_0 * std::sinh(U / (2 * kExponential.V_0));
  for (const int j : {0, 1, 3}) {
    // What the memristor takes lowers the selector's current by exp(-w / V_0), w = I / G.
    const double w = half / G(1, j);
    CHECK(with.cell_current(1, j) < half);
    CHECK(with.cell_current(1, j) == Approx(half * std::exp(-w / kExponential.V_0)).epsilon(0.05));
    CHECK(bare(1, j) / with.cell_current(1, j) > 10.0);
  }
  // Both cells of half the voltage: the ratio to the full selector current is 2 cosh(U / 2 V_0).
  const double ratio = kExponential.conduct(U).I / kExponential.conduct(U / 2).I;
  CHECK(ratio == Approx(2 * std::cosh(U / (2 * kExponential.V_0))).epsilon(1e-12));

  for (const device::Access& access : {device::Access{kExponential}, device::Access{kThreshold}}) {
    TileSpec spec{.name = "half", .G = G};
    spec.cell.access = access;
    const crossbar::AccessLaw cell(ohmic, access);
    const auto expected = crossbar::solve_biased(G, cell, {}, V_word, V_bit);
    const Eigen::MatrixXd I = run(spec, V_word, {.bit_line_voltage = V_bit});
    INFO("access " << access.index());
    for (int j = 0; j < 4; ++j) {
      CHECK(I(j, 0) == Approx(expected.bit_line_current[j]).epsilon(1e-6));
    }
  }
  // Threshold selector below its threshold: leakage alone, G_off U / 2 and the foot of the law.
  const crossbar::AccessLaw threshold(ohmic, kThreshold);
  const auto blocked = crossbar::solve_biased(G, threshold, {}, V_word, V_bit);
  // The memristor takes w = I / G, about 0.1 mV, which shrinks the foot by up to w / V_w = 2 %.
  CHECK(blocked.cell_current(1, 0) == Approx(kThreshold.conduct(U / 2).I).epsilon(0.02));
  CHECK(blocked.cell_current(1, 2) / blocked.cell_current(1, 0) > 1e3);
}

TEST_CASE("source lines along the bit lines carry what the gates let through",
          "[synthesis][cells]") {
  TileSpec spec{.name = "gated", .G = some_cells(5, 3), .alpha = 2.5};
  spec.cell.access = kTransistor;
  spec.source_line = SourceLine::AlongBitLine;
  spec.wiring = {.row = 7, .column = 2, .driver = 50, .sense = 0};
  Eigen::MatrixXd gates(5, 3);
  gates << 1, 1, 0, 1, 0, 0, 1, 1, 0, 1, 0, 1, 1, 1, 0;
  const Eigen::MatrixXd V = Eigen::MatrixXd::Constant(3, 3, 0.2);
  const TileBenchOptions levels{.gate_voltage = gates * kTransistor.gate_voltage};
  const crossbar::SinhLaw sinh(2.5);
  const crossbar::AccessLaw law(sinh, kTransistor);
  // The bit-line wire lifts the transistors' source ends by microvolts, out of an overdrive of 1 V.
  CHECK(difference(run(spec, V, levels),
                   crossbar::solve_gated(spec.G, law, spec.wiring, 0.2, gates).current) < 1e-4);
  TileBenchOptions exported = levels;
  exported.hierarchical = true;
  CHECK(difference(run(spec, V, exported), run(spec, V, levels)) < 1e-12);

  TileSpec ungated = spec;
  ungated.cell.access = {};
  CHECK_THROWS_WITH(build_tile_bench(ungated, V), Catch::Contains("gated.source_line"));
  CHECK_THROWS_WITH(build_tile_bench(spec, V, {.gate_voltage = gates.topRows(4)}),
                    Catch::Contains("gated.gate_voltage"));
}

TEST_CASE("any definition can be the memristor of a cell", "[synthesis][cells]") {
  // VTEAM between its thresholds keeps its state: R = r_on + (r_off - r_on) x, x by cell.
  TileSpec spec{.name = "dynamic", .G = Eigen::MatrixXd::Constant(2, 2, 1e-4)};
  const auto state = [](Eigen::Index i, Eigen::Index j) {
    return 0.2 + 0.2 * static_cast<double>(2 * i + j);
  };
  spec.cell.memristor = DefinedMemristor{
      .definition =
          netlist::read_definition_file(shipped_file("device_models/vteam/vteam.sub").string()),
      .parameters = [&](Eigen::Index i, Eigen::Index j) {
        return std::vector<circuit::Parameter>{
            {"r_on", 1e3}, {"r_off", 1e5}, {"x_init", state(i, j)}};
      }};
  const Eigen::MatrixXd V = Eigen::Vector2d(1e-3, 2e-3);
  Eigen::MatrixXd G(2, 2);
  for (int i = 0; i < 2; ++i) {
    for (int j = 0; j < 2; ++j) G(i, j) = 1.0 / (1e3 + 99e3 * state(i, j));
  }
  CHECK(difference(run(spec, V), G.transpose() * V) < kAgreement);
  spec.cell.access = kTransistor;
  const crossbar::OhmicLaw ohmic;
  const crossbar::AccessLaw law(ohmic, kTransistor);
  CHECK(difference(run(spec, V), crossbar::solve_cells(G, law, {}, V).current) < kAgreement);
}

}  // namespace memspice::synthesis
