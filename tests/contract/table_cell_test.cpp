// Cells of a measured table: the same currents by our own law and in ngspice.

#include <catch2/catch.hpp>
#include <cmath>

#include "base/random.hpp"
#include "crossbar/table_law.hpp"
#include "device/table_memristor.hpp"
#include "engine/engine.hpp"
#include "netlist/deck.hpp"
#include "periphery/trace_device.hpp"
#include "synthesis/table_cell.hpp"
#include "tile/array.hpp"

using namespace memspice;

namespace {

/// Three states that are neither odd in v nor of one shape.
std::shared_ptr<const device::TableCurrents> measured_table() {
  device::CurrentTable table{.v = Eigen::VectorXd::LinSpaced(13, -0.6, 0.6),
                             .I = Eigen::MatrixXd(3, 13)};
  table.v(6) = 0.0;
  const double G[] = {2e-6, 9e-6, 40e-6}, alpha[] = {5.0, 3.0, 1.0};
  for (Eigen::Index s = 0; s < 3; ++s) {
    table.I.row(s) = table.v.unaryExpr([&](double v) {
      const double odd = G[s] * std::sinh(alpha[s] * v) / alpha[s];
      return v > 0.0 ? odd : 0.7 * odd;
    });
  }
  return std::make_shared<const device::TableCurrents>(table);
}

std::unique_ptr<engine::Engine> table_engine() {
  engine::Options options;
  options.workers = 1;
  options.failed_deck_folder.clear();
  return engine::make_ngspice_engine(options);
}

}  // namespace

TEST_CASE("an array of table cells carries the same currents in both engines", "[device]") {
  const auto currents = measured_table();
  const auto cell = std::make_shared<const tile::OwnCell>(
      tile::OwnCell{.definition = synthesis::table_cell(*currents),
                    .parameters = {{"g", 1.0}},
                    .law = {.parameter = "g", .window = currents->window()}});
  const crossbar::Wiring wiring{.row = 20.0, .column = 30.0, .driver = 100.0, .sense = 50.0};
  RandomStream random(4, "cells");
  Eigen::MatrixXd G(5, 4), V(5, 6);
  for (double& g : G.reshaped()) g = 1e-6 * std::exp(4.2 * random.uniform());  // 1 to 67 uS
  for (double& v : V.reshaped()) v = 1.6 * random.uniform() - 0.8;  // beyond the table's ends too
  G(2, 1) = 0.0;
  const tile::Array array({.wiring = wiring, .cell = cell});
  const synthesis::TileBench bench =
      synthesis::build_tile_bench(array.circuit("table", G), V, {.hierarchical = false});
  const auto engine = table_engine();
  const engine::Waveforms spice = engine->run(netlist::write_deck(bench.circuit, bench.analysis));
  INFO(spice.summary.message);
  REQUIRE(spice.ok());
  const crossbar::Operation mesh =
      crossbar::solve_cells(G, crossbar::TableLaw(currents), wiring, V);
  const Eigen::MatrixXd I = mesh.current.transpose();
  // ngspice ends its iterations at 1e-6 of a voltage or less; both know the law to rounding.
  CHECK((spice.values.leftCols(4) - I).cwiseAbs().maxCoeff() < 1e-7 * I.cwiseAbs().maxCoeff());
}

TEST_CASE("a table cell under a drive is the same in both engines", "[device]") {
  const auto currents = measured_table();
  const device::TraceOptions options{.drive = {.amplitude = 0.7, .frequency = 1e3}, .points = 201};
  const auto engine = table_engine();
  for (const double G : {2.5e-6, 20e-6, 40e-6}) {
    const device::Trace ode = device::trace(device::TableMemristor(currents, G), options);
    const device::Trace spice = periphery::trace_in_spice(
        {.card = {.model = "table", .parameters = {{"g", {.value = G, .source = "test"}}}},
         .subcircuit = {},
         .definition = synthesis::table_cell(*currents)},
        options,
        *engine);
    INFO(spice.summary.message);
    REQUIRE(spice.ok());
    // Linear interpolation between a thousand steps a cycle: (2 pi / 1000)^2 / 8 of full scale.
    CHECK((ode.current - spice.current).cwiseAbs().maxCoeff() <
          1e-4 * ode.current.cwiseAbs().maxCoeff());
  }
}
