// The fit is tested against the non-linear crossbar solver: the same array as ngspice's, solved
// by other code, so that the tests of this module need no simulator.
#include "tile/calibration.hpp"

#include <catch2/catch.hpp>

#include "base/error.hpp"
#include "crossbar/crossbar.hpp"
#include "support/random_matrix.hpp"

using namespace memspice;

namespace {

const crossbar::Wiring kWiring{.row = 1.0, .column = 1.0, .driver = 100.0, .sense = 10.0};

tile::Measurement measure(
    const tile::Array& array, std::string_view name, int rows, int columns, bool held_out) {
  tile::Measurement m;
  m.layer = "fc";
  m.tile = name;
  m.held_out_tile = held_out;
  m.fit_count = 12;
  m.G = test::random_matrix(rows, columns, 2e-6, 20e-6, name);
  m.V = test::random_matrix(rows, 20, 0.0, array.spec().read_voltage, std::string(name) + " V");
  m.I = crossbar::solve_nonlinear(m.G, array.spec().alpha, array.wiring(), m.V).current;
  return m;
}

tile::Dataset three_tiles(const tile::Array& array) {
  tile::Dataset dataset;
  dataset.measurements = {measure(array, "a", 24, 16, false),
                          measure(array, "b", 32, 32, false),
                          measure(array, "c", 28, 20, true)};
  return dataset;
}

}  // namespace

TEST_CASE("calibration removes the error that linear cells leave", "[tile]") {
  const tile::Array array({.wiring = kWiring, .alpha = 2.5, .read_voltage = 0.2});
  const tile::CalibrationResult result = tile::fit(three_tiles(array), array);
  CHECK(result.vectors_fit == 24);
  CHECK(result.vectors_held_out == 8 + 8 + 20);
  const tile::ModelErrors& held_out = result.held_out;
  // sinh(0.5)/0.5 = 1.042: at full drive a linear cell is 4.2 % off.
  CHECK(held_out.of("mesh").nrmse > 0.01);
  CHECK(held_out.of("calibrated").nrmse < 0.005);
  CHECK(held_out.of("calibrated").nrmse < 0.1 * held_out.of("mesh").nrmse);
  CHECK(held_out.of("ideal").nrmse > held_out.of("calibrated").nrmse);
}

TEST_CASE("without wires the fitted powers are the series of sinh", "[tile]") {
  const tile::Array array({.wiring = {}, .alpha = 2.0, .read_voltage = 0.2});
  const tile::CalibrationResult result = tile::fit(three_tiles(array), array);
  const Eigen::VectorXd a = result.layers.at(0).calibration.coefficients;
  // sinh(z)/z = 1 + z^2/6 + z^4/120 + z^6/5040 with z = alpha U = 0.4; the fit folds the last term,
  // 8e-7 of the first, into the other two.
  CHECK(a[0] == Approx(0.16 / 6.0).epsilon(1e-4));
  CHECK(a[1] == Approx(0.0256 / 120.0).epsilon(2e-2));
  CHECK(result.held_out.of("calibrated").nrmse < 1e-6);
}

TEST_CASE("linear cells need no correction", "[tile]") {
  const tile::Array array({.wiring = kWiring, .alpha = 0.0, .read_voltage = 0.2});
  const tile::CalibrationResult result = tile::fit(three_tiles(array), array);
  CHECK(result.held_out.of("mesh").nrmse < 1e-9);
  CHECK(result.held_out.of("calibrated").nrmse < 1e-9);
  CHECK(result.held_out.of("ideal").nrmse > 1e-3);
}

TEST_CASE("the errors of tiles are spread as their ranks say", "[tile]") {
  CHECK(tile::spread_of({}).tiles == 0);
  const tile::TileSpread one = tile::spread_of({0.5});
  CHECK(one.tiles == 1);
  CHECK(one.median == 0.5);
  CHECK(one.worst == 0.5);
  // 0.1 .. 2.0, stirred: nearest ranks 10, 18 and 20 of 20.
  std::vector<double> twenty;
  for (int k = 0; k < 20; ++k) twenty.push_back(0.1 * (1 + k * 7 % 20));
  const tile::TileSpread many = tile::spread_of(twenty);
  CHECK(many.median == Approx(1.0));
  CHECK(many.ninetieth == Approx(1.8));
  CHECK(many.worst == Approx(2.0));
}

TEST_CASE("a fit tells the error of every tile and the worst certificate", "[tile]") {
  const tile::Array array({.wiring = kWiring, .alpha = 2.5, .read_voltage = 0.2});
  tile::Dataset dataset = three_tiles(array);
  CHECK_FALSE(tile::fit(dataset, array).layers.at(0).certificate);
  dataset.measurements[0].certificate = tile::Certificate{.bound = 1e-12, .relative = 2e-9};
  dataset.measurements[2].certificate = tile::Certificate{.bound = 3e-12, .relative = 1e-9};
  const tile::CalibrationResult result = tile::fit(dataset, array);
  const tile::LayerCalibration& layer = result.layers.at(0);
  CHECK(layer.certificate->bound == 3e-12);
  CHECK(layer.certificate->relative == 2e-9);
  // One tile is held out: its error is the layer's on unseen tiles.
  CHECK(layer.spread.tiles == 1);
  CHECK(layer.spread.worst == Approx(layer.held_out_tiles.of("calibrated").nrmse));
  // Without unseen tiles the fitted ones are judged on their unseen vectors.
  dataset.measurements.pop_back();
  const tile::TileSpread fitted = tile::fit(dataset, array).spread;
  CHECK(fitted.tiles == 2);
  CHECK(fitted.worst >= fitted.median);
}

TEST_CASE("a layer whose runs all failed is an error that names it", "[tile]") {
  const tile::Array array({.wiring = kWiring, .alpha = 1.0, .read_voltage = 0.2});
  tile::Dataset dataset = three_tiles(array);
  for (tile::Measurement& m : dataset.measurements) m.I.resize(0, 0);
  CHECK_THROWS_AS(tile::fit(dataset, array), RunError);
  CHECK_THROWS_WITH(tile::fit(dataset, array), Catch::Contains("fc"));
}

TEST_CASE("the calibrated model computes what the fit measured", "[tile]") {
  const tile::Array array({.wiring = kWiring, .alpha = 2.5, .read_voltage = 0.2});
  const tile::Dataset dataset = three_tiles(array);
  const tile::Calibration calibration = tile::fit(dataset, array).layers.at(0).calibration;
  const tile::Measurement& m = dataset.measurements[2];
  const auto model =
      tile::make_calibrated(crossbar::solve_response(m.G, array.wiring()).G_eff, calibration);
  const tile::FloatMatrix V = m.V.cast<float>();
  tile::FloatMatrix D;
  model->respond(V, D);
  REQUIRE(D.rows() == m.I.rows() / 2);
  REQUIRE(D.cols() == m.I.cols());
  double error = 0.0, signal = 0.0;
  for (Eigen::Index k = 0; k < D.cols(); ++k) {
    for (Eigen::Index j = 0; j < D.rows(); ++j) {
      const double exact = m.I(2 * j, k) - m.I(2 * j + 1, k);
      error += (D(j, k) - exact) * (D(j, k) - exact);
      signal += exact * exact;
    }
  }
  CHECK(std::sqrt(error / signal) < 0.005);
}

TEST_CASE("layers that share a model have its coefficients and errors, in the plan's order",
          "[tile]") {
  const tile::Array array({.wiring = kWiring, .alpha = 2.5, .read_voltage = 0.2});
  tile::Dataset dataset = three_tiles(array);
  dataset.layers = {"conv1", "conv2", "conv3"};
  dataset.measurements[0].serves = dataset.measurements[1].serves = {"conv1", "conv3"};
  dataset.measurements[1].held_out_tile = true;
  dataset.measurements[2].serves = {"conv2"};
  dataset.measurements[2].held_out_tile = false;
  const tile::CalibrationResult result = tile::fit(dataset, array);
  REQUIRE(result.layers.size() == 3);
  for (std::size_t k = 0; k < 3; ++k) CHECK(result.layers[k].layer == dataset.layers[k]);
  CHECK(result.layers[0].group == "24 x 16, 2 layers");
  CHECK(result.layers[1].group.empty());
  CHECK(result.layers[0].calibration.coefficients == result.layers[2].calibration.coefficients);
  CHECK(result.layers[0].held_out_tiles.vectors == 20);
  CHECK(result.layers[0].held_out_tiles.of("calibrated").nrmse ==
        result.layers[2].held_out_tiles.of("calibrated").nrmse);
  // Each measurement counts once, however many layers it serves.
  CHECK(result.vectors_fit == 12 + 12);
  CHECK(result.vectors_held_out == 8 + 20 + 8);
}
