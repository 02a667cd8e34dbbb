#include "tile/cell_view.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "engine/engine.hpp"

using namespace memspice;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

/// 5 x 4, no two cells alike.
MatrixXd cells() {
  return MatrixXd::NullaryExpr(5, 4, [](Eigen::Index i, Eigen::Index j) {
    return 1e-6 * static_cast<double>(3 + 4 * i + j);
  });
}

VectorXd inputs() {
  VectorXd V(5);
  V << 0.2, 0.1, 0.0, 0.15, 0.05;
  return V;
}

}  // namespace

TEST_CASE("drivers alone take what the line's cells draw through them", "[tile][view]") {
  constexpr double driver = 2000.0;
  const tile::Array array({.wiring = {.driver = driver}});
  const tile::CellView view = tile::view_cells(array, cells(), inputs());
  for (Eigen::Index i = 0; i < 5; ++i) {
    // A divider of the driver and the line's cells in parallel, bit lines at 0 V.
    const double V = inputs()(i) / (1.0 + driver * cells().row(i).sum());
    for (Eigen::Index j = 0; j < 4; ++j) {
      CHECK(view.word_line_voltage(i, j) == Approx(V).epsilon(1e-12).margin(1e-18));
      CHECK(view.lost(i, j) == Approx(inputs()(i) - V).epsilon(1e-9).margin(1e-18));
      CHECK(view.current(i, j) == Approx(cells()(i, j) * V).epsilon(1e-12).margin(1e-24));
    }
  }
}

TEST_CASE("senses alone lift the bit lines, undriven word lines lose too", "[tile][view]") {
  constexpr double sense = 1000.0;
  const tile::Array array({.wiring = {.sense = sense}});
  const tile::CellView view = tile::view_cells(array, cells(), inputs());
  for (Eigen::Index j = 0; j < 4; ++j) {
    // Millman: the bit line's node between its cells and the sense.
    const double V = cells().col(j).dot(inputs()) / (cells().col(j).sum() + 1.0 / sense);
    for (Eigen::Index i = 0; i < 5; ++i) {
      CHECK(view.bit_line_voltage(i, j) == Approx(V).epsilon(1e-12));
      CHECK(view.lost(i, j) == Approx(V).epsilon(1e-9));
    }
  }
}

TEST_CASE("cells that bend, on wires, are those of ngspice's circuit", "[tile][view]") {
  const tile::Array array(
      {.wiring = {.row = 20.0, .column = 30.0, .driver = 500.0, .sense = 100.0}, .alpha = 2.5});
  engine::Options options;
  options.failed_deck_folder.clear();
  const auto engine = engine::make_ngspice_engine(options);
  const tile::CellView view = tile::view_cells(array, cells(), inputs());
  const tile::CellView spice = tile::view_cells_in_spice(array, cells(), inputs(), *engine);
  const double largest = view.current.cwiseAbs().maxCoeff();
  // ngspice's default reltol is 1e-3 of its last step; its operating points are closer.
  CHECK((spice.current - view.current).cwiseAbs().maxCoeff() < 1e-6 * largest);
  CHECK((spice.lost - view.lost).cwiseAbs().maxCoeff() < 1e-6 * view.lost.maxCoeff());
  const tile::CellView same =
      tile::view_solved(view.G, 2.5, inputs(), view.word_line_voltage, view.bit_line_voltage);
  CHECK(same.current == view.current);
  CHECK(same.lost == view.lost);
}

TEST_CASE("rows of gates that are off carry nothing", "[tile][view]") {
  device::AccessTransistor transistor;
  const tile::Array array({.wiring = {.column = 5.0},
                           .access = transistor,
                           .source_line = crossbar::SourceLine::AlongBitLine,
                           .pulse_bits = 2});
  VectorXd V = VectorXd::Zero(5);
  V(1) = 0.2;  // all bits on
  const tile::CellView view = tile::view_cells(array, cells(), V);
  CHECK(view.current.row(0).isZero());
  CHECK(view.current.row(1).minCoeff() > 0.0);
  CHECK(view.lost.row(1).minCoeff() > 0.0);
}
