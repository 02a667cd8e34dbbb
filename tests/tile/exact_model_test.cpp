// Tiles whose every vector is solved, against ngspice and against what they are made of.
#include "tile/exact_model.hpp"

#include <catch2/catch.hpp>

#include "base/error.hpp"
#include "base/random.hpp"
#include "engine/engine.hpp"
#include "tile/calibration.hpp"
#include "tile/measure.hpp"

using namespace memspice;

namespace {

Eigen::MatrixXd uniform_matrix(
    int rows, int columns, double low, double high, const char* purpose) {
  RandomStream random(9, purpose);
  Eigen::MatrixXd matrix(rows, columns);
  for (double& value : matrix.reshaped()) value = random.uniform(low, high);
  return matrix;
}

/// Relative to the largest current.
double worst_difference(const Eigen::MatrixXd& a, const Eigen::MatrixXd& b) {
  return (a - b).cwiseAbs().maxCoeff() / b.cwiseAbs().maxCoeff();
}

}  // namespace

TEST_CASE("exact tiles are what ngspice says of every cell and array", "[tile][exact]") {
  const auto engine =
      engine::make_ngspice_engine({.workers = 1,
                                   .failed_deck_folder = "",
                                   .worker_program = MEMSPICE_BIN_DIR "/memspice-worker"});
  const crossbar::Wiring wiring{.row = 5.0, .column = 3.0, .driver = 200.0, .sense = 50.0};
  const std::vector<tile::ArraySpec> specs{
      {.wiring = wiring, .alpha = 2.5},
      {.wiring = wiring, .alpha = 2.5, .pulse_bits = 3},
      {.wiring = wiring, .alpha = 2.5, .pairs = crossbar::PairLayout::SharedBitLine},
      {.wiring = wiring, .alpha = 2.5, .access = device::AccessTransistor{}},
      {.wiring = wiring,
       .alpha = 2.5,
       .access = device::AccessTransistor{},
       .source_line = crossbar::SourceLine::AlongBitLine,
       .pulse_bits = 3}};
  for (const tile::ArraySpec& spec : specs) {
    const tile::Array array(spec);
    const tile::TileQuestion question{"t",
                                      uniform_matrix(7, 6, 2e-6, 2e-5, "G"),
                                      array.input().carried(uniform_matrix(7, 4, 0.0, 0.2, "V"))};
    const auto answer = tile::measure({&question, 1}, array, {engine.get(), nullptr}).front();
    INFO(answer.summary.message);
    REQUIRE(answer.I.size() > 0);
    const Eigen::MatrixXd exact = tile::answer_exact(array, question.G, question.V);
    // What ngspice's own tolerance leaves (pinned_test has the same). Of a transistor our law knows
    // the voltage across the cell alone: it misses what the bit line, some 0.1 mV above ground,
    // takes from an overdrive of 1 V.
    const double tolerance = array.has_access() ? 1e-4 : 1e-8;
    CHECK(worst_difference(exact, array.outputs(answer.I)) < tolerance);
  }
}

TEST_CASE("the float model is the exact answer rounded, repeated vectors alike", "[tile][exact]") {
  const tile::Array array({.wiring = {.row = 5.0, .column = 3.0}, .alpha = 2.5});
  const Eigen::MatrixXd G = uniform_matrix(9, 8, 2e-6, 2e-5, "G");
  Eigen::MatrixXd V = uniform_matrix(9, 5, 0.0, 0.2, "V");
  V.col(3) = V.col(1);
  const auto model = tile::make_exact(array, G);
  const tile::FloatMatrix inputs = V.cast<float>();
  tile::FloatMatrix D;
  model->respond(inputs, D);
  REQUIRE(D.rows() == 4);
  REQUIRE(D.cols() == 5);
  CHECK(D.col(3) == D.col(1));
  const Eigen::MatrixXd expected = tile::answer_exact(array, G, inputs.cast<double>());
  // float has 24 bits: half a unit of the last place of each current.
  CHECK((D.cast<double>() - expected).cwiseAbs().maxCoeff() <
        1e-7 * expected.cwiseAbs().maxCoeff());
}

TEST_CASE("linear cells leave exact and mesh alike", "[tile][exact]") {
  const tile::Array array({.wiring = {.row = 5.0, .column = 3.0, .driver = 100.0}, .alpha = 0.0});
  const Eigen::MatrixXd G = uniform_matrix(9, 8, 2e-6, 2e-5, "G");
  const Eigen::MatrixXd V = uniform_matrix(9, 5, -0.2, 0.2, "V");
  CHECK(worst_difference(tile::answer_exact(array, G, V), tile::respond(array.response(G), V)) <
        1e-9);
}

TEST_CASE("a user's own cells have no exact model, and none is judged", "[tile][exact]") {
  REQUIRE(tile::find_model("exact") != nullptr);
  CHECK(tile::find_model("exact")->needs_law);
  const tile::Array linear({.wiring = {.row = 1.0}, .alpha = 0.0});
  tile::Measurement m;
  m.layer = m.tile = "fc";
  m.fit_count = 12;
  m.G = uniform_matrix(6, 4, 2e-6, 2e-5, "G");
  m.V = uniform_matrix(6, 20, 0.0, 0.2, "V");
  m.I = linear.solve(linear.memristors(m.G), m.V);
  tile::Dataset dataset;
  dataset.measurements = {m};
  const auto models_of = [&](const tile::ArraySpec& spec) {
    return tile::fit(dataset, tile::Array(spec)).held_out.models;
  };
  CHECK(models_of({.wiring = {.row = 1.0}, .alpha = 0.0}).back().first == "exact");
  const auto own = std::make_shared<tile::OwnCell>();
  CHECK(models_of({.wiring = {.row = 1.0}, .alpha = 0.0, .cell = own}).back().first ==
        "calibrated");
}
