#include "synthesis/tile_circuit.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <ctime>
#include <limits>

#include "base/error.hpp"
#include "base/random.hpp"
#include "circuit/rule_check.hpp"
#include "engine/engine.hpp"
#include "netlist/deck.hpp"
#include "support/batch_ngspice.hpp"
#include "support/dense_crossbar.hpp"

namespace memspice::synthesis {
namespace {

using crossbar::BitLineSide;
using crossbar::Wiring;
using crossbar::WordLineSide;

constexpr double kOpen = std::numeric_limits<double>::infinity();
/// ngspice and dense LU both work in doubles; conditions up to about 1e5 (20 Ohm wire next to
/// 1e-7 S cells) leave 1e-11, and decks carry every digit: 1e-8 leaves room for Newton's tolerance.
constexpr double kAgreement = 1e-8;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr double kLimit = 20.0;  ///< [s], for a 128x128 tile from cells to text
#else
constexpr double kLimit = 1.0;
#endif

/// Conductances spread evenly over the decades from 1e-7 S to 1e-3 S; about `open` of them 0.
Eigen::MatrixXd random_cells(int n, int m, double open, std::uint64_t seed) {
  RandomStream random(seed, "cells");
  Eigen::MatrixXd G(n, m);
  for (double& g : G.reshaped())
    g = random.chance(open) ? 0.0 : std::pow(10, random.uniform(-7, -3));
  return G;
}

Eigen::MatrixXd random_inputs(int n, int vectors) {
  RandomStream random(5, "inputs");
  Eigen::MatrixXd V(n, vectors);
  for (double& v : V.reshaped()) v = random.uniform(-0.3, 0.3);
  return V;
}

Eigen::MatrixXd run(const TileSpec& spec,
                    const Eigen::MatrixXd& V,
                    const TileBenchOptions& options = {}) {
  const TileBench bench = build_tile_bench(spec, V, options);
  return test::run_batch_ngspice(netlist::write_deck(bench.circuit, bench.analysis));
}

/// I = G sinh(alpha v)/alpha.
test::DenseLaw sinh_law(double alpha) {
  return [alpha](double G, double v) -> test::CellPoint {
    if (alpha == 0) return {G * v, G};
    return {G * std::sinh(alpha * v) / alpha, G * std::cosh(alpha * v)};
  };
}

/// Largest difference of all currents from the dense reference, over the largest current.
double current_error(const TileSpec& spec,
                     const Eigen::MatrixXd& V,
                     const TileBenchOptions& options = {}) {
  const Eigen::MatrixXd I = run(spec, V, options);
  Eigen::MatrixXd expected(V.cols(), spec.G.cols());
  for (Eigen::Index k = 0; k < V.cols(); ++k) {
    expected.row(k) =
        spec.alpha == 0
            ? test::solve_dense(spec.G, spec.wiring, V.col(k)).current
            : test::solve_dense(spec.G, spec.wiring, V.col(k), sinh_law(spec.alpha)).current;
  }
  const double scale = std::max(expected.cwiseAbs().maxCoeff(), 1e-12);
  return (I - expected).cwiseAbs().maxCoeff() / scale;
}

}  // namespace

TEST_CASE("ngspice gives a 1x1 tile its series current", "[synthesis]") {
  // V / (driver + row + 1/G + column + sense) = 0.2 / (100 + 5 + 10000 + 7 + 50)
  TileSpec spec{.name = "one", .G = Eigen::MatrixXd::Constant(1, 1, 1e-4)};
  spec.wiring = {.row = 5, .column = 7, .driver = 100, .sense = 50};
  const Eigen::MatrixXd I = run(spec, Eigen::MatrixXd::Constant(1, 1, 0.2));
  REQUIRE(I.size() == 1);
  CHECK(I(0, 0) == Approx(0.2 / 10162.0).epsilon(1e-12));
}

TEST_CASE("ngspice reproduces the dense solution of tiles of many wirings", "[synthesis]") {
  struct Case {
    int n, m;
    double open, alpha;
    Wiring wiring;
  };
  const std::vector<Case> cases = {
      {2, 2, 0, 0, {}},
      {3, 2, 0, 0, {.row = 2, .column = 3, .driver = 10, .sense = 4}},
      {1, 9, 0.2, 0, {.row = 20, .column = 0, .driver = 0, .sense = 5}},
      {9, 1, 0.2, 0, {.row = 0, .column = 20, .driver = 5, .sense = 0}},
      {8, 6, 0.4, 0, {.row = 1, .column = 1, .driver = 0, .sense = 0}},
      {8, 6, 0.4, 0, {.row = 0, .column = 0, .driver = 100, .sense = 50}},
      {6,
       8,
       0.4,
       0,
       {.row = 20,
        .column = 10,
        .driver = 50,
        .sense = 20,
        .drive_side = WordLineSide::Right,
        .sense_side = BitLineSide::Top}},
      {6,
       8,
       0.6,
       0,
       {.row = 20,
        .column = 10,
        .driver = 50,
        .sense = 20,
        .drive_side = WordLineSide::Both,
        .sense_side = BitLineSide::Both}},
      {6,
       8,
       0.6,
       0,
       {.row = 20,
        .column = 10,
        .drive_side = WordLineSide::Both,
        .sense_side = BitLineSide::Both}},
      {5,
       4,
       0.3,
       0,
       {.driver = 9,
        .sense = 8,
        .drive_side = WordLineSide::Both,
        .sense_side = BitLineSide::Both}},
      {5, 4, 0.3, 0, {.drive_side = WordLineSide::Both, .sense_side = BitLineSide::Both}},
      {3, 2, 0, 3, {.row = 2, .column = 3, .driver = 10, .sense = 4}},
      {7, 5, 0.3, 6, {.row = 20, .column = 20, .driver = 100, .sense = 10}},
      {5, 5, 0.2, 4, {}},
  };
  for (std::size_t k = 0; k < cases.size(); ++k) {
    const Case& c = cases[k];
    TileSpec spec{.name = "case",
                  .G = random_cells(c.n, c.m, c.open, k),
                  .alpha = c.alpha,
                  .wiring = c.wiring};
    const Eigen::MatrixXd V = random_inputs(c.n, 3);
    INFO("case " << k);
    CHECK(current_error(spec, V) < kAgreement);
    CHECK(current_error(spec, V, {.hierarchical = true}) < kAgreement);
  }
}

TEST_CASE("ngspice agrees with the exact crossbar at 32x32", "[synthesis]") {
  const Eigen::MatrixXd V = random_inputs(32, 4);
  for (const double wire : {0.0, 0.5, 20.0}) {
    TileSpec spec{.name = "t32", .G = random_cells(32, 32, 0.1, 9)};
    spec.wiring = {.row = wire, .column = wire, .driver = 20, .sense = 20};
    const Eigen::MatrixXd expected =
        crossbar::solve_vectors(spec.G, spec.wiring, V).current.transpose();
    const double error = (run(spec, V) - expected).cwiseAbs().maxCoeff();
    CHECK(error < kAgreement * expected.cwiseAbs().maxCoeff());
  }
}

TEST_CASE("a tile of open lines is sound and its empty bit lines carry exactly nothing",
          "[synthesis]") {
  for (const double R : {0.0, 3.0}) {
    TileSpec spec{.name = "gaps", .G = Eigen::MatrixXd::Zero(3, 3)};
    spec.G(1, 1) = 1e-4;
    spec.wiring = {.row = R, .column = R, .driver = R, .sense = R};
    const Eigen::MatrixXd V = Eigen::MatrixXd::Constant(3, 2, 0.1);
    for (const bool hierarchical : {false, true}) {
      const Eigen::MatrixXd I = run(spec, V, {.hierarchical = hierarchical});
      CHECK(I.col(0).cwiseAbs().maxCoeff() == 0.0);
      CHECK(I.col(2).cwiseAbs().maxCoeff() == 0.0);
      // driver, two row segments, cell, two column segments, sense
      CHECK(I(0, 1) == Approx(0.1 / (1e4 + 6 * R)).epsilon(1e-12));
    }
    spec.G.setZero();
    CHECK(run(spec, V).cwiseAbs().maxCoeff() == 0.0);
    CHECK(run(spec, V, {.hierarchical = true}).cwiseAbs().maxCoeff() == 0.0);
  }
}

TEST_CASE("open drivers and senses leave their lines floating", "[synthesis]") {
  TileSpec spec{.name = "floating", .G = random_cells(4, 3, 0, 7)};
  spec.wiring = {.row = 2,
                 .column = 3,
                 .driver_per_line = {0, kOpen, 5, kOpen},
                 .sense_per_line = {4, kOpen, 0}};
  const Eigen::MatrixXd V = random_inputs(4, 2);
  CHECK(current_error(spec, V) < kAgreement);
  CHECK(current_error(spec, V, {.hierarchical = true}) < kAgreement);
  CHECK(run(spec, V).col(1).cwiseAbs().maxCoeff() == 0.0);

  // Cell (1,1) alone joins a line that nothing drives to one that nothing senses.
  spec.G << 1e-4, 0, 2e-4, 0, 3e-4, 0, 1e-5, 0, 1e-4, 0, 0, 0;
  CHECK(circuit::check_rules(build_tile_bench(spec, V).circuit).empty());
  CHECK(run(spec, V).col(1).cwiseAbs().maxCoeff() == 0.0);
}

TEST_CASE("node voltages are those of the dense solution, whatever nets are merged",
          "[synthesis]") {
  for (const double wire : {0.0, 15.0}) {
    TileSpec spec{.name = "nodes", .G = random_cells(4, 5, 0, 3)};
    spec.wiring = {.row = wire, .column = 2 * wire, .driver = 40, .sense = 30};
    const Eigen::MatrixXd V = random_inputs(4, 2);
    const TileBench bench = build_tile_bench(spec, V, {.node_voltages = true});
    const Eigen::MatrixXd values =
        test::run_batch_ngspice(netlist::write_deck(bench.circuit, bench.analysis));
    for (Eigen::Index k = 0; k < V.cols(); ++k) {
      const test::DenseSolution dense = test::solve_dense(spec.G, spec.wiring, V.col(k));
      for (int i = 0; i < 4; ++i) {
        for (int j = 0; j < 5; ++j) {
          CHECK(values(k, bench.word_line_probe(i, j)) ==
                Approx(dense.word_line_voltage(i, j)).epsilon(kAgreement));
          CHECK(values(k, bench.bit_line_probe(i, j)) ==
                Approx(dense.bit_line_voltage(i, j)).epsilon(kAgreement));
        }
      }
    }
  }
}

TEST_CASE("libngspice finds the vectors that a deck names", "[synthesis]") {
  TileSpec spec{.name = "engine", .G = random_cells(3, 4, 0, 11), .alpha = 2};
  spec.wiring = {.row = 3, .column = 2, .driver = 10, .sense = 5};
  const auto engine = engine::make_ngspice_engine(
      {.workers = 1, .worker_program = std::string(MEMSPICE_BIN_DIR) + "/memspice-worker"});
  for (const bool hierarchical : {false, true}) {
    TileBench bench = build_tile_bench(spec, random_inputs(3, 2), {.hierarchical = hierarchical});
    const std::string path = hierarchical ? "array." : "";
    bench.analysis.probes.push_back({circuit::Probe::Kind::NetVoltage, path + "w_1_2"});
    const netlist::Deck deck = netlist::write_deck(bench.circuit, bench.analysis);
    const engine::Waveforms waveforms = engine->run(deck);
    INFO(waveforms.summary.message);
    REQUIRE(waveforms.ok());
    // The same program in process and as a command: the same bits, but for its pivot order.
    CHECK((waveforms.values - test::run_batch_ngspice(deck)).cwiseAbs().maxCoeff() < 1e-14);
  }
}

TEST_CASE("a 128x128 tile is built, checked and written in well under a second", "[synthesis]") {
  TileSpec spec{.name = "large", .G = random_cells(128, 128, 0, 1)};
  spec.wiring = {.row = 1, .column = 1, .driver = 10, .sense = 10};
  for (const double alpha : {0.0, 3.0}) {
    spec.alpha = alpha;
    const std::clock_t start = std::clock();  // of the process: other programs do not count
    const TileBench bench = build_tile_bench(spec, random_inputs(128, 4));
    const netlist::Deck deck = netlist::write_deck(bench.circuit, bench.analysis);
    const double seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
    INFO(seconds << " s, " << deck.text.size() << " bytes");
    // nets: ground, 2 x 128 x 128 nodes, a terminal per line and an ammeter net per bit line
    CHECK(bench.circuit.net_count() == 1 + 2 * 128 * 128 + 3 * 128);
    // cells, wires to and between nodes, two elements a driver and two a sense
    CHECK(bench.circuit.instances().size() == 128 * 128 * 3 + 4 * 128);
    CHECK(deck.vectors.size() == 128);
    CHECK(seconds < kLimit);  // measured 0.2 s
  }
}

TEST_CASE("build_tile_bench refuses what is no tile", "[synthesis]") {
  const Eigen::MatrixXd V = Eigen::MatrixXd::Constant(2, 1, 0.1);
  const TileSpec good{.name = "t", .G = Eigen::MatrixXd::Constant(2, 2, 1e-4)};
  REQUIRE_NOTHROW(build_tile_bench(good, V));
  TileSpec bad = good;
  bad.G.resize(0, 0);
  CHECK_THROWS_AS(build_tile_bench(bad, V), InputError);
  for (const double g : {-1e-6, std::nan(""), kOpen}) {
    bad = good;
    bad.G(1, 1) = g;
    CHECK_THROWS_AS(build_tile_bench(bad, V), InputError);
  }
  for (const double alpha : {-1.0, std::nan(""), kOpen}) {
    bad = good;
    bad.alpha = alpha;
    CHECK_THROWS_AS(build_tile_bench(bad, V), InputError);
  }
  bad = good;
  bad.wiring.row = -1;
  CHECK_THROWS_AS(build_tile_bench(bad, V), InputError);
  bad = good;
  bad.wiring.driver_per_line = {1, 2, 3};
  CHECK_THROWS_WITH(build_tile_bench(bad, V), Catch::Contains("t.driver_per_line"));
  CHECK_THROWS_WITH(build_tile_bench(good, V.transpose()),
                    Catch::Contains("t.V") && Catch::Contains("2 word lines"));
  CHECK_THROWS_AS(build_tile_bench(good, V * std::nan("")), InputError);
  CHECK_THROWS_AS(build_tile_bench(good, Eigen::MatrixXd(2, 0)), InputError);
}

TEST_CASE("a tile's name from a file cannot reach the deck as it is", "[synthesis]") {
  TileSpec spec{.name = "conv1/0.2\n.control\nshell true\n.endc",
                .G = Eigen::MatrixXd::Constant(1, 1, 1e-4)};
  const TileBench bench =
      build_tile_bench(spec, Eigen::MatrixXd::Constant(1, 1, 0.1), {.hierarchical = true});
  const netlist::Deck deck = netlist::write_deck(bench.circuit, bench.analysis);
  CHECK(deck.text.find(".control") == std::string::npos);
  CHECK(deck.text.find("shell true") == std::string::npos);
  CHECK(test::run_batch_ngspice(deck)(0, 0) == Approx(1e-5).epsilon(1e-12));
}

TEST_CASE("build_tile_array offers the tile as a subcircuit with a port per line", "[synthesis]") {
  TileSpec spec{.name = "Fc1", .G = random_cells(2, 3, 0, 2)};
  spec.wiring = {.row = 1, .column = 1};
  const auto array = build_tile_array(spec);
  std::vector<std::string> ports;
  for (const circuit::NetId port : array->ports()) ports.push_back(array->net_name(port));
  CHECK(ports == std::vector<std::string>{"wl_0", "wl_1", "bl_0", "bl_1", "bl_2"});
  CHECK(netlist::write_subcircuit(*array).starts_with(".subckt fc1 wl_0 wl_1 bl_0 bl_1 bl_2\n"));
  spec.wiring.drive_side = WordLineSide::Both;
  spec.wiring.driver = 5;
  CHECK(build_tile_array(spec)->ports().size() == 7);
}

}  // namespace memspice::synthesis
