// A card's [read] table against ngspice: a cell built for G must conduct G.

#include <catch2/catch.hpp>
#include <cmath>

#include "base/error.hpp"
#include "base/random.hpp"
#include "circuit/analysis.hpp"
#include "config/own_cell.hpp"
#include "engine/engine.hpp"
#include "netlist/deck.hpp"
#include "tile/calibration.hpp"

using namespace memspice;

namespace {

const std::string kExample =
    std::string(MEMSPICE_ROOT_DIR) + "/flows/examples/sinh_drift/example.toml";

circuit::Instance element(const char* name, circuit::Kind kind, std::vector<circuit::NetId> pins) {
  circuit::Instance instance;
  instance.name = name;
  instance.kind = kind;
  instance.pins = std::move(pins);
  return instance;
}

/// The current [A] of one cell of G [S] at v [V].
double current_of(const tile::OwnCell& cell, double G, double v, engine::Engine& engine) {
  circuit::Circuit bench("cell");
  bench.add_definition(cell.definition);
  const circuit::NetId p = bench.add_net("p"), x = bench.add_net("x");
  circuit::Instance drive = element("drive", circuit::Kind::VoltageSource, {p, circuit::kGround});
  drive.waveform = circuit::Swept{{v}};
  bench.add(std::move(drive));
  bench.add(element("probe", circuit::Kind::CurrentSource, {x, circuit::kGround}));
  circuit::Instance instance = element("cell", circuit::Kind::Subcircuit, {p, circuit::kGround, x});
  instance.model = cell.definition.name;
  instance.parameters = cell.parameters_for(G);
  bench.add(std::move(instance));
  const circuit::Analysis analysis{.type = circuit::StimulusSweep{1},
                                   .probes = {{circuit::Probe::Kind::SourceCurrent, "drive"}}};
  const engine::Waveforms answer = engine.run(netlist::write_deck(bench, analysis));
  INFO(answer.summary.message);
  REQUIRE(answer.ok());
  return -answer.values(0, 0);  // SPICE counts it into the source's + pin
}

}  // namespace

TEST_CASE("a cell of a user's own model conducts what its card promises", "[device]") {
  engine::Options options;
  options.workers = 1;
  options.failed_deck_folder.clear();
  const auto engine = engine::make_ngspice_engine(options);
  const tile::OwnCell cell = config::load_own_cell("sinh_drift", kExample);
  for (const double G : {2e-6, 11e-6, 50e-6}) {
    // I = G v_c sinh(v / v_c); an operating point stands for 1e4 s, in which k sinh(v / v_s) moves
    // the state by 3e-5 at 0.2 V: 1e-3 of the smallest conductance.
    CHECK(current_of(cell, G, 1e-3, *engine) == Approx(G * 1e-3).epsilon(1e-5));
    CHECK(current_of(cell, G, 0.2, *engine) ==
          Approx(G * 0.5 * std::sinh(0.2 / 0.5)).epsilon(1e-3));
    CHECK(current_of(cell, G, -0.2, *engine) ==
          Approx(-G * 0.5 * std::sinh(0.2 / 0.5)).epsilon(1e-3));
  }
  CHECK_THROWS_AS(config::load_own_cell("vteam", "kvatinsky_2015"), InputError);
}

TEST_CASE("the tile model is fitted to tiles built of a user's own model", "[device]") {
  engine::Options options;
  options.workers = 1;
  options.failed_deck_folder.clear();
  const auto engine = engine::make_ngspice_engine(options);
  const tile::Array array(
      {.wiring = {},  // no resistance: the closed form below holds cell by cell
       .read_voltage = 0.2,
       .cell = std::make_shared<tile::OwnCell>(config::load_own_cell("sinh_drift", kExample))});
  tile::Dataset dataset;
  for (const std::string name : {"a", "b"}) {
    tile::Measurement m;
    m.layer = "fc";
    m.tile = name;
    m.held_out_tile = name == "b";
    m.fit_count = 12;
    RandomStream random(5, name);
    m.G.resize(6, 4);
    for (double& G : m.G.reshaped()) G = random.uniform(2e-6, 50e-6);
    m.V.resize(6, 16);
    for (double& v : m.V.reshaped()) v = random.uniform(0.0, array.spec().read_voltage);
    const auto bench = synthesis::build_tile_bench(array.circuit(name, m.G), m.V);
    const netlist::Deck deck = netlist::write_deck(bench.circuit, bench.analysis);
    CHECK(deck.text.find("sinh_drift") != std::string::npos);
    const engine::Waveforms answer = engine->run(deck);
    INFO(answer.summary.message);
    REQUIRE(answer.ok());
    m.I = answer.values.transpose();
    dataset.measurements.push_back(std::move(m));
  }
  const tile::CalibrationResult result = tile::fit(dataset, array);
  // A cell of half the largest conductance at full drive: sinh(z)/z with z = U/v_c = 0.4. The
  // states are held: no drift adds to it.
  const tile::Calibration& fitted = result.layers.at(0).calibration;
  const double U = fitted.read_voltage;
  const double f = fitted.apply(U) / U + 0.5 * fitted.by_conductance.col(0).sum();
  CHECK(f == Approx(std::sinh(0.4) / 0.4).epsilon(1e-3));
  CHECK(result.held_out.of("calibrated").nrmse < 1e-3);
  CHECK(result.held_out.of("calibrated").nrmse < 0.1 * result.held_out.of("mesh").nrmse);
}

TEST_CASE("a read law maps conductance to its parameter and back", "[device]") {
  const device::ReadLaw by_G{.parameter = "x", .at_0 = 2e-6, .at_1 = 50e-6, .window = {}};
  CHECK(by_G.parameter_for(2e-6) == 0.0);
  CHECK(by_G.parameter_for(26e-6) == Approx(0.5));
  CHECK(by_G.conductance_for(by_G.parameter_for(7e-6)) == Approx(7e-6));
  const device::ReadLaw by_R{
      .parameter = "x", .is_in_resistance = true, .at_0 = 16e3, .at_1 = 100, .window = {}};
  CHECK(by_R.parameter_for(1.0 / 16e3) == Approx(0.0).margin(1e-12));
  CHECK(by_R.parameter_for(1.0 / 8050.0) == Approx(0.5));
  CHECK(by_R.conductance_for(1.0) == Approx(0.01));
  const device::ReadLaw plain{.parameter = "g", .window = {}};
  CHECK(plain.parameter_for(3e-6) == 3e-6);
}
