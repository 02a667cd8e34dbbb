// What a run will ask of ngspice, counted without it.

#include "flow/forecast.hpp"

#include <catch2/catch.hpp>

#include "base/files.hpp"
#include "base/parallel.hpp"
#include "flow/run_engine.hpp"
#include "flow/small_plan.hpp"
#include "tile/spice_time.hpp"

using namespace memspice;
using Catch::Matchers::Contains;
using flow::SpiceForecast;
using simulate::Fidelity;

namespace {

flow::SpicePlan plan_at(Fidelity standard,
                        std::map<std::string, Fidelity> layers = {},
                        const tile::ArraySpec& array = {.wiring = {.row = 1.0}}) {
  flow::SpicePlan spice{};
  spice.ladder = flow::ladder_of({}, {.standard = standard, .layers = std::move(layers)});
  spice.array = tile::Array(array);
  spice.card = "static_read/linear";
  spice.method = tile::SpiceMethod::Direct;
  spice.engine.workers = 1;
  return spice;
}

/// 16 fitted vectors and 8 held out of each.
double seconds_of_tile(Eigen::Index cells, const tile::TileRun& run = {.vectors = 24}) {
  tile::TileRun tile = run;
  tile.cells = cells;
  return tile::forecast_seconds(tile);
}

/// Answers every deck with ones, so that a store has rows.
class OnesEngine : public engine::Engine {
 public:
  std::string version() override { return "ones"; }
  std::vector<engine::Waveforms> run_all(std::span<const netlist::Deck> decks,
                                         const engine::OnDone& on_done) override {
    std::vector<engine::Waveforms> all(decks.size());
    for (std::size_t k = 0; k < decks.size(); ++k) {
      const auto probes = static_cast<Eigen::Index>(decks[k].vectors.size());
      all[k].axis = Eigen::VectorXd::LinSpaced(decks[k].points, 0.0, 1.0);
      all[k].values = Eigen::MatrixXd::Ones(decks[k].points, probes);
      if (on_done) on_done(k, all[k]);
    }
    return all;
  }
};

}  // namespace

TEST_CASE("nothing is forecast where no layer needs ngspice", "[flow][forecast]") {
  const SpiceForecast found = flow::forecast_spice(plan_at(Fidelity::Mesh), testing::small_plan());
  CHECK(found.tiles == 0);
  CHECK(found.seconds == 0.0);
  CHECK(flow::to_text(found) == "ngspice: no layer needs it");
}

TEST_CASE("tiles, vectors and seconds are those of the sampled tiles", "[flow][forecast]") {
  flow::SpicePlan spice = plan_at(Fidelity::Calibrated);
  const mapping::TilePlan plan = testing::small_plan();
  const SpiceForecast found = flow::forecast_spice(spice, plan);
  const tile::TileRun linear{.vectors = 24, .is_linear = true};
  const double first = seconds_of_tile(70, linear), second = seconds_of_tile(36, linear);
  CHECK(found.tiles == 2);
  CHECK(found.vectors == 24);
  CHECK(found.stored == 0);
  CHECK(found.asked == 0);
  CHECK_FALSE(found.in_loop);
  CHECK(found.seconds == Approx(first + second));
  CHECK(found.wall_seconds == Approx(first + second));
  // With enough workers the longest tile decides.
  spice.engine.workers = 4;
  CHECK(flow::forecast_spice(spice, plan).wall_seconds == Approx(first));
  spice.engine.workers = 0;
  CHECK(flow::forecast_spice(spice, plan).workers == available_cores());
}

TEST_CASE("bent cells, pulses and missing wires change the forecast", "[flow][forecast]") {
  const mapping::TilePlan plan = testing::small_plan();
  const auto seconds = [&](const tile::ArraySpec& array) {
    return flow::forecast_spice(plan_at(Fidelity::Calibrated, {}, array), plan).seconds;
  };
  const auto expected = [](const tile::TileRun& run) {
    return Approx(seconds_of_tile(70, run) + seconds_of_tile(36, run));
  };
  CHECK(seconds({.wiring = {.row = 1.0}, .alpha = 2.0}) == expected({.vectors = 24}));
  CHECK(seconds({.wiring = {.column = 1.0}, .pulse_bits = 5}) ==
        expected({.vectors = 5 * 24, .is_linear = true}));
  CHECK(seconds({.wiring = {.driver = 100.0}}) ==
        expected({.vectors = 24, .is_linear = true, .has_wires = false}));
}

TEST_CASE("pinned tiles are shared by the workers", "[flow][forecast]") {
  flow::SpicePlan spice = plan_at(Fidelity::Calibrated, {}, {.wiring = {.row = 1.0}, .alpha = 2.0});
  spice.method = tile::SpiceMethod::Pinned;
  spice.engine.workers = 4;
  const SpiceForecast found = flow::forecast_spice(spice, testing::small_plan());
  const tile::TileRun run{.vectors = 24, .is_pinned = true};
  CHECK(found.seconds == Approx(seconds_of_tile(70, run) + seconds_of_tile(36, run)));
  CHECK(found.wall_seconds == Approx(found.seconds / 4.0));
}

TEST_CASE("layers that run in ngspice image by image are told", "[flow][forecast]") {
  const SpiceForecast found = flow::forecast_spice(
      plan_at(Fidelity::Mesh, {{"fc2", Fidelity::Spice}}), testing::small_plan());
  CHECK(found.in_loop);
  CHECK_THAT(flow::to_text(found), Contains("image by image"));
}

TEST_CASE("what the store holds is not run again", "[flow][forecast]") {
  const TemporaryFolder folder;
  const network::Graph graph = test::small_mlp();
  const study::Mapped mapped = testing::small_mapped(graph);
  flow::SpicePlan spice = plan_at(Fidelity::Calibrated);
  spice.store = folder.path() / "tiles.sqlite";
  CHECK(flow::forecast_spice(spice, mapped, graph).asked == 0);  // there is no store
  const auto questions =
      tile::characterization_questions(characterize_inputs(spice, mapped, graph));
  REQUIRE(questions.size() == 2);
  OnesEngine ones;
  {
    const flow::RunStore run = flow::open_store(spice.store);
    const auto stored = tile::make_stored_engine(*run.store, &ones);
    tile::measure({questions.data(), 1}, spice.array, {stored.get(), nullptr});
  }
  const SpiceForecast half = flow::forecast_spice(spice, mapped, graph);
  CHECK(half.asked == 2);
  CHECK(half.stored == 1);
  CHECK_THAT(flow::to_text(half), Contains("1 of them in the store; the others take"));
  {
    const flow::RunStore run = flow::open_store(spice.store);
    const auto stored = tile::make_stored_engine(*run.store, &ones);
    tile::measure(questions, spice.array, {stored.get(), nullptr});
  }
  const SpiceForecast all = flow::forecast_spice(spice, mapped, graph);
  CHECK(all.stored == 2);
  CHECK(all.seconds == 0.0);
  CHECK_THAT(flow::to_text(all), Contains("nothing to run"));
  // Pinned answers are others, and so are those of other tiles of the same shapes.
  spice.method = tile::SpiceMethod::Pinned;
  CHECK(flow::forecast_spice(spice, mapped, graph).stored == 0);
  spice.method = tile::SpiceMethod::Direct;
  spice.array = tile::Array({.wiring = {.row = 2.0}});
  CHECK(flow::forecast_spice(spice, mapped, graph).stored == 0);
}

TEST_CASE("a forecast is a sentence", "[flow][forecast]") {
  SpiceForecast forecast{
      .tiles = 10, .vectors = 24, .workers = 2, .seconds = 250.0, .wall_seconds = 125.0};
  CHECK(flow::to_text(forecast) ==
        "ngspice: 10 tiles x 24 vectors to characterize; they take about 2 min 5 s with 2 "
        "processes (a forecast, good to a factor of three)");
  forecast.workers = 1;
  CHECK_THAT(flow::to_text(forecast), Contains("with 1 process ("));
}
