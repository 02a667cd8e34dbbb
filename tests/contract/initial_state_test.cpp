// A user's dynamic cell starts where its card says, however its text says it; or the run fails.

#include <catch2/catch.hpp>
#include <cmath>

#include "contract/user_model.hpp"
#include "netlist/model_text.hpp"
#include "synthesis/program_bench.hpp"
#include "tile/array.hpp"
#include "tile/calibration.hpp"
#include "tile/measure.hpp"

using namespace memspice;
using testing::UserModel;

namespace {

/// 2 uS at x = 0, 20 uS at 1.
const std::string kCurrent = "bport p n i = v(p,n)*(2e-6+18e-6*v(x))\n";

}  // namespace

TEST_CASE("a trace starts from the state that the model states", "[device]") {
  const auto engine = testing::one_worker();
  for (const std::string state :
       {"cx x 0 1 ic={x_init}\nraux x 0 1e12",             // the usual published form
        "cx x 0 1 ic={x_init}\nraux x 0 1T",               // the same with a suffix
        "CX\tX\t0\t1\tIC\t=\t{X_INIT}\nRAUX\tX\t0\t1e12",  // tabs and capitals
        "cx 0 x 1 ic={-x_init}\nraux x 0 1e12",            // turned around
        "cx x 0 1\n+ ic={2*x_init-\n+ x_init}\nraux x 0 1e12",
        "cx x 0 1\n.ic v(x)={x_init}\nraux x 0 1e12",
        "cx x 0 1\n.IC V(X) = '1-x_init'\nraux x 0 1e12",
        "cx x 0 1 ic={x_init}",  // no DC path at all
        "cx x below 1 ic={1+x_init}\nvbelow below 0 -1\nraux x 0 1e12",
        "cx x 0 1 ic={x_init}\nbx 0 x i=1e-9*(1-v(x))",  // moves at 0 V, slowly
        "cy y 0 1 ic={1-x_init}\ncx x 0 1 ic={x_init}\nry y 0 1e12\nrx x 0 1e12"}) {
    const device::Trace trace = UserModel(kCurrent + state).trace(*engine);
    INFO(state << ": " << trace.summary.message);
    REQUIRE(trace.ok());
    CHECK(trace.state(0) == Approx(0.5).epsilon(1e-9));
    CHECK(trace.state(1000) == Approx(0.5).epsilon(1e-6));
    CHECK(trace.resistance(250) == Approx(1.0 / 11e-6).epsilon(1e-6));
  }
}

TEST_CASE("a model may show more nodes of its own than its state", "[device]") {
  const auto engine = testing::one_worker();
  // 2 uS + 18 uS x y with y = 1: 11 uS at x = 0.5.
  const UserModel model(
      "bport p n i = v(p,n)*(2e-6+18e-6*v(x)*v(y))\ncx x 0 1 ic={x_init}\nraux x 0 1e12\n"
      "cy y 0 1 ic=1\nrauy y 0 1e12",
      {{"x_init", 0.5}},
      "p n x y");
  const device::Trace trace = model.trace(*engine);
  INFO(trace.summary.message);
  REQUIRE(trace.ok());
  CHECK(trace.state(1000) == Approx(0.5).epsilon(1e-6));
  CHECK(trace.resistance(250) == Approx(1.0 / 11e-6).epsilon(1e-6));
}

TEST_CASE("a state that moves at zero volts decays from where it starts", "[device]") {
  const auto engine = testing::one_worker();
  // dx/dt = -x / 1 ms: 0.5 e^-1 after the period of 1 ms, and no memory of the operating point.
  const UserModel model(kCurrent + "cx x 0 1e-6 ic={x_init}\nrx x 0 1e3");
  const device::Trace trace = model.trace(*engine);
  INFO(trace.summary.message);
  REQUIRE(trace.ok());
  CHECK(trace.state(0) == Approx(0.5));
  CHECK(trace.state(1000) == Approx(0.5 * std::exp(-1.0)).epsilon(1e-4));
}

TEST_CASE("a state that does not start as its card says is an error", "[device]") {
  const auto engine = testing::one_worker();
  for (const std::string state : {"cx x 0 1\nraux x 0 1e12",         // states nothing: drains
                                  "cx x 0 1 ic=0.3\nraux x 0 1e12",  // states another
                                  "cx x 0 1 ic={1-x_init/2}\nrx x 0 1e12"}) {
    const device::Trace trace = UserModel(kCurrent + state).trace(*engine);
    INFO(state);
    CHECK_FALSE(trace.ok());
    CHECK(trace.summary.message.find("x_init is 0.5") != std::string::npos);
  }
}

TEST_CASE("a state beyond the card's bounds is an error", "[device]") {
  const auto engine = testing::one_worker();
  // dx/dt = 1e4/(V s) v: 0.2 V moves the state by 2000/s / (pi 1 kHz) = 0.64 in half a period.
  const std::string runs = "cx x 0 1e-6 ic={x_init}\nbx 0 x i=1e-2*v(p,n)";
  const UserModel unbounded(kCurrent + runs);
  CHECK(unbounded.trace(*engine).ok());
  const UserModel bounded(kCurrent + runs, {{"x_init", 0.5}}, "p n x", "low = 0\nhigh = 1\n");
  const device::Trace trace = bounded.trace(*engine);
  CHECK_FALSE(trace.ok());
  CHECK(trace.summary.message.find("outside its bounds 0 to 1") != std::string::npos);
}

TEST_CASE("a tile of a user's cells is read with their states at rest", "[device]") {
  const auto engine = testing::one_worker();
  const Eigen::MatrixXd G{{2e-6, 11e-6}, {20e-6, 5e-6}};
  const Eigen::MatrixXd V{{0.2, 0.1, 0.0}, {0.05, 0.2, 0.1}};
  for (const std::string state :
       {"cx x 0 1 ic={x_init}\nraux x 0 1e12",
        "cx x 0 1 ic={x_init}",
        "cx x 0 1\n.ic v(x)={x_init}\nrx x 0 1e3",
        "cx x 0 1e-6 ic={x_init}\nrx x 0 1e3",  // forgets within 1 ms
        "cx x below 1e-8 ic={1+x_init}\nvbelow below 0 -1\nbx 0 x i=v(p,n)"}) {  // no threshold
    const UserModel model(kCurrent + state);
    const tile::Array array(
        {.wiring = {},
         .read_voltage = 0.2,
         .cell = std::make_shared<tile::OwnCell>(config::load_own_cell("cell", model.card()))});
    const auto bench = array.bench("t", G, V);
    const auto answer = engine->run(netlist::write_deck(bench.circuit, bench.analysis));
    INFO(state << ": " << answer.summary.message);
    REQUIRE(answer.ok());
    const Eigen::MatrixXd I = array.currents(answer, "t", G);
    // Without wires each bit line carries the sum of G V of its cells.
    CHECK((I - G.transpose() * V).cwiseAbs().maxCoeff() < 1e-9 * I.cwiseAbs().maxCoeff());
  }
}

TEST_CASE("a tile whose cells drained is no measurement", "[device]") {
  const auto engine = testing::one_worker();
  // With a node of its own behind the state, or without.
  const auto [ports, own] = GENERATE(
      table<std::string, std::string>({{"p n x", ""}, {"p n x y", "\ncy y 0 1\nry y 0 1"}}));
  const UserModel model(kCurrent + "cx x 0 1\nraux x 0 1e12" + own, {{"x_init", 0.5}}, ports);
  const tile::Array array(
      {.wiring = {},
       .read_voltage = 0.2,
       .cell = std::make_shared<tile::OwnCell>(config::load_own_cell("cell", model.card()))});
  const Eigen::MatrixXd G{{2e-6, 11e-6}};
  const Eigen::MatrixXd V{{0.2}};
  const auto bench = array.bench("t", G, V);
  const auto answer = engine->run(netlist::write_deck(bench.circuit, bench.analysis));
  REQUIRE(answer.ok());
  CHECK_THROWS_WITH(array.currents(answer, "t", G),
                    Catch::Contains("cell_0_1") && Catch::Contains("x_init is 0.5"));
}

TEST_CASE("a tile with every node held keeps its cells' states", "[device]") {
  const auto engine = testing::one_worker();
  const TemporaryFolder folder;
  tile::Store store(folder.path() / "tiles.sqlite");
  const auto array_of = [](const UserModel& model) {
    return tile::Array(
        {.wiring = {.row = 20.0, .column = 10.0, .driver = 100.0, .sense = 50.0},
         .read_voltage = 0.2,
         .cell = std::make_shared<tile::OwnCell>(config::load_own_cell("cell", model.card()))});
  };
  const tile::TileQuestion question{"t",
                                    Eigen::MatrixXd{{2e-6, 11e-6}, {20e-6, 5e-6}},
                                    Eigen::MatrixXd{{0.2, 0.1, 0.0}, {0.05, 0.2, 0.1}}};
  for (const std::string state :
       {"cx x 0 1 ic={x_init}\nraux x 0 1e12",
        "cx x 0 1 ic={x_init}",
        "cx x 0 1e-6 ic={x_init}\nrx x 0 1e3",
        "cx x below 1e-8 ic={1+x_init}\nvbelow below 0 -1\nbx 0 x i=v(p,n)"}) {
    const tile::Array array = array_of(UserModel(kCurrent + state));
    tile::StoredPinned pinned(store, engine.get());
    const auto held = tile::measure({&question, 1}, array, {engine.get(), &pinned}).front();
    const auto direct = tile::measure({&question, 1}, array, {engine.get(), nullptr}).front();
    INFO(state << ": " << held.summary.message);
    REQUIRE(held.I.size() > 0);
    REQUIRE(held.certificate);
    CHECK(held.certificate->monotone);
    CHECK((held.I - direct.I).cwiseAbs().maxCoeff() < 1e-9 * direct.I.cwiseAbs().maxCoeff());
  }
  // States nothing, and drains: neither way is it a measurement.
  const tile::Array drained = array_of(UserModel(kCurrent + "cx x 0 1\nraux x 0 1e12"));
  tile::StoredPinned pinned(store, engine.get());
  for (tile::StoredPinned* method : {&pinned, static_cast<tile::StoredPinned*>(nullptr)}) {
    CHECK_THROWS_WITH(tile::measure({&question, 1}, drained, {engine.get(), method}),
                      Catch::Contains("cell_0_1") && Catch::Contains("x_init is"));
  }
  CHECK(pinned.use().kept == 0);
}

TEST_CASE("an array under write pulses starts from the states it is given", "[device]") {
  const auto engine = testing::one_worker();
  const UserModel model(kCurrent + "cx x 0 1 ic={x_init}\nraux x 0 1e12");
  const config::ModelCard loaded = config::load_model_card("cell", model.card());
  const synthesis::DynamicCell cell{.card = loaded.card,
                                    .definition = netlist::read_definition_file(loaded.subcircuit)};
  crossbar::PulsedArraySpec spec;
  spec.wiring = {.row = 1.0, .column = 1.0, .driver = 1.0, .sense = 1.0};
  const Eigen::MatrixXd x{{0.25, 0.75}};
  const auto array = synthesis::make_spice_array(cell, spec, x, *engine);
  const auto effect = array->apply({.i = 0, .j = 1, .pulse = {.amplitude = 0.5, .width = 1e-6}});
  INFO(effect.message);
  REQUIRE(effect.ok);
  CHECK((array->states() - x).cwiseAbs().maxCoeff() < 1e-6);  // nothing moves them
}
