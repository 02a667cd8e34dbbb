// Every topology from plan to fit: what ngspice answers against the calibrated model, on vectors
// and a tile that no fit has seen.
#include <catch2/catch.hpp>

#include "support/batch_ngspice.hpp"
#include "support/random_matrix.hpp"
#include "tile/array.hpp"
#include "tile/calibration.hpp"

using namespace memspice;

namespace {

const crossbar::Wiring kArrayWiring{.row = 1.0, .column = 1.0, .driver = 100.0, .sense = 10.0};

tile::Measurement measure_array(
    const tile::Array& array, double g_max, const std::string& name, int rows, bool held_out) {
  const Eigen::MatrixXd V =
      test::random_matrix(rows, 12, 0.0, array.spec().read_voltage, name + " V");
  tile::Measurement m;
  m.layer = "fc";
  m.tile = name;
  m.held_out_tile = held_out;
  m.fit_count = 8;
  m.G = test::random_matrix(rows, 8, 0.1 * g_max, g_max, name);
  m.V = array.input().carried(V);
  const synthesis::TileBench bench = array.bench(name, m.G, m.V);
  m.I = array.currents(test::run_batch_ngspice(netlist::write_deck(bench.circuit, bench.analysis)));
  return m;
}

tile::ModelErrors held_out_error(const tile::Array& array, double g_max) {
  tile::Dataset dataset;
  dataset.measurements = {measure_array(array, g_max, "a", 12, false),
                          measure_array(array, g_max, "b", 16, false),
                          measure_array(array, g_max, "c", 14, true)};
  return tile::fit(dataset, array).held_out;
}

struct Case {
  const char* name;
  device::Access access;
  crossbar::PairLayout pairs;
  crossbar::SourceLine source_line;
  int pulse_bits;
  double read_voltage, g_max;
  double bound;  ///< of the calibrated model's held-out nrmse, twice what was measured: see below
};

}  // namespace

TEST_CASE("the calibrated model carries every topology", "[tile][topology]") {
  using crossbar::PairLayout;
  using crossbar::SourceLine;
  const auto next = PairLayout::NeighbouringBitLines;
  const auto shared = PairLayout::SharedBitLine;
  // An access device bends cells of high conductance more: where each has a function of its own,
  // what is left is how lines carry the bent currents. Of separate source lines that is most: what
  // a cell gets depends on which other gates of its line are on, which no function of its own input
  // tells.
  const std::vector<Case> cases = {
      {"1r shared", {}, shared, SourceLine::Shared, 0, 0.2, 2e-5, 0.0005},
      {"1r unit column", {}, PairLayout::UnitColumn, SourceLine::Shared, 0, 0.2, 2e-5, 0.0003},
      {"1t1r", device::AccessTransistor{}, next, SourceLine::Shared, 0, 0.2, 2e-5, 0.00015},
      {"1t1r shared", device::AccessTransistor{}, shared, SourceLine::Shared, 0, 0.2, 2e-5, 0.0027},
      {"1t1r gated",
       device::AccessTransistor{},
       next,
       SourceLine::AlongBitLine,
       4,
       0.2,
       2e-5,
       0.02},
      {"1s1r exponential",
       device::ExponentialSelector{},
       next,
       SourceLine::Shared,
       4,
       1,
       8e-6,
       0.003},
      {"1s1r threshold", device::ThresholdSelector{}, next, SourceLine::Shared, 4, 1, 8e-6, 0.0026},
      {"1s1r shared", device::ThresholdSelector{}, shared, SourceLine::Shared, 4, 1, 8e-6, 0.0045}};
  for (const Case& c : cases) {
    const tile::Array array({.wiring = kArrayWiring,
                             .alpha = 2.5,
                             .read_voltage = c.read_voltage,
                             .access = c.access,
                             .pairs = c.pairs,
                             .source_line = c.source_line,
                             .pulse_bits = c.pulse_bits});
    const tile::ModelErrors error = held_out_error(array, c.g_max);
    INFO(c.name << ": calibrated " << error.of("calibrated").nrmse << ", mesh "
                << error.of("mesh").nrmse);
    CHECK(error.vectors == 4 + 4 + 12);
    CHECK(error.of("calibrated").nrmse < c.bound);
    CHECK(error.of("calibrated").nrmse < error.of("mesh").nrmse);
  }
}
