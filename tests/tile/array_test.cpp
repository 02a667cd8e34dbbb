// One array of every kind: what it is asked must not depend on who asks.
#include "tile/array.hpp"

#include <catch2/catch.hpp>

#include "base/error.hpp"
#include "base/random.hpp"
#include "netlist/deck.hpp"
#include "support/batch_ngspice.hpp"
#include "support/dense_crossbar.hpp"
#include "tile/model.hpp"
#include "tile/stored_response.hpp"

using namespace memspice;
using Eigen::Index;
using Eigen::MatrixXd;

namespace {

const crossbar::Wiring kLines{.row = 5.0, .column = 8.0, .driver = 50.0, .sense = 20.0};
constexpr double kRead = 0.2;  // [V]

/// ngspice's tolerance on currents, and what bent cells make of it.
constexpr double kNgspice = 1e-6;
/// Cells are programmed at a positive voltage; an NMOS carries more of a negative one, whose source
/// is the other end: by at most the read voltage over the overdrive (0.2 V / 1.05 V) of the
/// channel's share in the largest whole cell (8 uS of 3.2 kOhm).
constexpr double kNegative = 5e-3;

struct Kind {
  const char* name;
  tile::ArraySpec spec;
  double bench_error = kNgspice;
};

std::vector<Kind> array_kinds() {
  const auto shared = crossbar::PairLayout::SharedBitLine;
  return {
      {"amplitudes", {}},
      {"shared", {.pairs = shared}},
      {"pulses", {.pulse_bits = 3}},
      {"shared pulses", {.pairs = shared, .pulse_bits = 3}},
      {"1t1r", {.access = device::AccessTransistor{}}},
      {"1t1r shared", {.access = device::AccessTransistor{}, .pairs = shared}, kNegative},
      {"1t1r separate",
       {.access = device::AccessTransistor{},
        .source_line = crossbar::SourceLine::AlongBitLine,
        .pulse_bits = 3}},
      {"1s1r", {.access = device::ExponentialSelector{}, .pulse_bits = 2}},
      {"1s1r shared", {.access = device::ThresholdSelector{}, .pairs = shared, .pulse_bits = 2}}};
}

/// Selectors need more than 0.2 V to open.
tile::Array array_of_kind(const Kind& c, const crossbar::Wiring& wiring) {
  tile::ArraySpec spec = c.spec;
  spec.wiring = wiring;
  spec.read_voltage = std::string(c.name).starts_with("1s1r") ? 1.0 : kRead;
  return tile::Array(spec);
}

MatrixXd uniform(int rows, int columns, double low, double high, std::string_view purpose) {
  RandomStream random(11, purpose);
  MatrixXd matrix(rows, columns);
  for (double& value : matrix.reshaped()) value = random.uniform(low, high);
  return matrix;
}

/// The plan's signed response, inputs x outputs [S], by dense nodal analysis of the array's lines.
MatrixXd dense_response(const tile::Array& array, const MatrixXd& G) {
  MatrixXd signed_response(G.rows(), G.cols() / 2);
  if (!array.topology().takes_signs()) {
    for (Index j = 0; j < signed_response.cols(); ++j) {
      signed_response.col(j) = test::dense_ladder(G.col(2 * j), array.wiring()) -
                               test::dense_ladder(G.col(2 * j + 1), array.wiring());
    }
    return signed_response;
  }
  const MatrixXd cells = array.cells(G);
  for (Index i = 0; i < G.rows(); ++i) {
    Eigen::VectorXd V = Eigen::VectorXd::Zero(cells.rows());
    for (Index k = 0; k < cells.rows(); ++k) {
      const crossbar::LineRole line = array.topology().word_line(k);
      if (line.number == i) V[k] = line.is_negative ? -1.0 : 1.0;
    }
    const Eigen::VectorXd I = test::solve_dense(cells, array.wiring(), V).current;
    signed_response.row(i).setZero();
    for (Index j = 0; j < I.size(); ++j) {
      const crossbar::LineRole line = array.topology().bit_line(j);
      signed_response(i, line.number) += line.is_negative ? -I[j] : I[j];
    }
  }
  return signed_response;
}

double difference(const MatrixXd& found, const MatrixXd& expected) {
  REQUIRE(found.rows() == expected.rows());
  REQUIRE(found.cols() == expected.cols());
  return (found - expected).cwiseAbs().maxCoeff() / expected.cwiseAbs().maxCoeff();
}

/// Of every input 0 or the read voltage, which a cell of any kind is programmed at.
MatrixXd full_inputs(int inputs, int vectors, double read_voltage) {
  return (uniform(inputs, vectors, 0.0, 1.0, "on").array() > 0.4).cast<double>().matrix() *
         read_voltage;
}

}  // namespace

TEST_CASE("an array of any topology answers as its dense nodal equations", "[tile][array]") {
  for (const Kind& c : array_kinds()) {
    INFO(c.name);
    const tile::Array array = array_of_kind(c, kLines);
    for (const auto& [inputs, columns] : {std::pair{7, 6}, std::pair{1, 2}, std::pair{5, 2}}) {
      MatrixXd G = uniform(inputs, columns, 1e-6, 1e-3, c.name);
      G(0, 1) = 0.0;
      const MatrixXd response = array.response(G);
      REQUIRE(response.rows() == G.rows());
      REQUIRE(response.cols() == G.cols());
      // In the plan's form a column of the response differs from its neighbour by what counts.
      const MatrixXd unit = MatrixXd::Identity(inputs, inputs);
      CHECK(difference(tile::respond(response, unit).transpose(), dense_response(array, G)) <
            1e-10);
      const MatrixXd twice = 2.0 * G;
      const std::vector tiles{&std::as_const(G), &twice};
      const auto together = array.responses(nullptr, tiles, 2);
      CHECK(together.G_eff[0] == response);
      CHECK(together.G_eff[1] == array.response(twice));
      CHECK(together.use.misses == 2);
    }
  }
}

TEST_CASE("an array's bench leads back to the plan's currents", "[tile][array]") {
  // Without wires every whole cell carries G V at the voltage it was read at.
  const crossbar::Wiring none{};
  for (const Kind& c : array_kinds()) {
    INFO(c.name);
    const tile::Array array = array_of_kind(c, none);
    const MatrixXd G = uniform(6, 4, 1e-6, 8e-6, c.name);
    const MatrixXd V = full_inputs(6, 5, array.spec().read_voltage);
    CHECK(array.input().carried(V).isApprox(V, 1e-12));
    const synthesis::TileBench bench = array.bench("t", G, V);
    const MatrixXd values =
        test::run_batch_ngspice(netlist::write_deck(bench.circuit, bench.analysis));
    CHECK(values.rows() == V.cols() * array.input().points_per_vector());
    const MatrixXd D = array.outputs(array.currents(values));
    CHECK(difference(D, tile::respond(G, V)) < c.bench_error);
    CHECK(difference(array.whole_cells(array.memristors(G)), array.cells(G)) < 1e-9);
  }
}

TEST_CASE("an array's power is what its cells take", "[tile][array]") {
  // Ohmic cells without wires: sum of G V^2 of amplitudes; of pulses sum_b 2^b / (2^B - 1) G U^2 at
  // the bits that are set, which is sum of G U V.
  const MatrixXd G = uniform(5, 4, 1e-6, 1e-5, "power");
  const MatrixXd V = uniform(5, 3, 0.0, kRead, "power V");
  const Eigen::VectorXd row_sums = G.rowwise().sum();
  const double of_amplitudes = (row_sums.transpose() * V.cwiseAbs2()).mean();
  for (const auto pairs :
       {crossbar::PairLayout::NeighbouringBitLines, crossbar::PairLayout::SharedBitLine}) {
    CHECK(tile::Array({.pairs = pairs}).power(G, V) == Approx(of_amplitudes).epsilon(1e-12));
    const tile::Array pulses({.pairs = pairs, .pulse_bits = 4});
    const MatrixXd carried = pulses.input().carried(V);
    CHECK(pulses.power(G, carried) ==
          Approx(kRead * (row_sums.transpose() * carried).mean()).epsilon(1e-12));
  }
}

TEST_CASE("an array without a tile's open lines has no current in them", "[tile][array]") {
  mapping::Tile tile;
  tile.G = uniform(4, 6, 1e-6, 1e-5, "open");
  tile.open_word_lines = {1};
  tile.open_bit_lines = {2};
  const tile::Array whole({.wiring = kLines});
  const MatrixXd cut = whole.connected(tile).response(tile.G);
  CHECK(cut.row(1).isZero());
  CHECK(cut.col(2).isZero());
  CHECK((cut.col(0).array() != 0.0).count() == 3);
  CHECK_FALSE(whole.response(tile.G).row(1).isZero());
}

TEST_CASE("an array refuses what its lines cannot carry", "[tile][array]") {
  const tile::Array gated = array_of_kind(array_kinds()[6], kLines);
  const MatrixXd V = MatrixXd::Constant(2, 1, -kRead);
  CHECK_THROWS_WITH(gated.drive(V, 2), Catch::Contains("source_line"));
  // Beyond the transistor's saturation current.
  CHECK_THROWS_AS(gated.memristors(MatrixXd::Constant(1, 2, 1.0)), InputError);
  CHECK_THROWS_AS(tile::Array({.alpha = -1.0}), InputError);
}
