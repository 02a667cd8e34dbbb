// Tiles put to ngspice by either method, and what the store keeps of it.
#include "tile/measure.hpp"

#include <catch2/catch.hpp>
#include <limits>

#include "base/hash.hpp"
#include "engine/pinned.hpp"
#include "store_fixture.hpp"
#include "tile/spice_method.hpp"
#include "tile/stored_engine.hpp"

using namespace memspice;
using namespace memspice::tile;
using Catch::Matchers::Contains;

namespace {

/// Two workers on ngspice, and how often it was asked.
class AskedNgspice final : public engine::Engine {
 public:
  std::string version() override { return ngspice_->version(); }
  std::vector<engine::Waveforms> run_all(std::span<const netlist::Deck> decks,
                                         const engine::OnDone& on_done) override {
    asked += static_cast<int>(decks.size());
    return ngspice_->run_all(decks, on_done);
  }
  std::vector<engine::PinnedCurrents> evaluate_all(
      std::span<const engine::PinnedPoints> requests) override {
    asked += static_cast<int>(requests.size());
    return ngspice_->evaluate_all(requests);
  }
  int asked = 0;

 private:
  std::unique_ptr<engine::Engine> ngspice_ =
      engine::make_ngspice_engine({.workers = 2,
                                   .failed_deck_folder = "",
                                   .worker_program = MEMSPICE_BIN_DIR "/memspice-worker"});
};

const Array& wired_array() {
  static const Array array(
      {.wiring = {.row = 2.0, .column = 1.0, .driver = 100.0, .sense = 10.0}, .alpha = 2.5});
  return array;
}

std::vector<TileQuestion> two_tiles() {
  RandomStream random(3, "two tiles");
  std::vector<TileQuestion> questions;
  for (const auto& [name, rows, columns] :
       {std::tuple("fc:0:0", 6, 4), std::tuple("fc:0:1", 5, 8)}) {
    TileQuestion question{name, Eigen::MatrixXd(rows, columns), Eigen::MatrixXd(rows, 3)};
    for (double& G : question.G.reshaped()) G = random.uniform(2e-6, 2e-5);
    for (double& V : question.V.reshaped()) V = random.uniform(0.0, 0.2);
    questions.push_back(std::move(question));
  }
  return questions;
}

}  // namespace

TEST_CASE("both methods give a tile the same currents", "[tile][measure]") {
  StoreFixture fixture;
  Store store(fixture.path, fixture.options());
  AskedNgspice ngspice;
  StoredPinned pinned(store, &ngspice);
  const auto questions = two_tiles();
  std::vector<std::size_t> told;
  const auto held = measure(
      questions, wired_array(), {&ngspice, &pinned}, [&](std::size_t k) { told.push_back(k); });
  const auto direct = measure(questions, wired_array(), {&ngspice, nullptr});
  CHECK(told.size() == 2);
  for (std::size_t k = 0; k < 2; ++k) {
    INFO(held[k].summary.message);
    REQUIRE(held[k].I.rows() == questions[k].G.cols());
    REQUIRE(held[k].I.cols() == 3);
    // Rounding and both methods' tolerances: 1e-9 of the largest, as in pinned_test.
    CHECK((held[k].I - direct[k].I).cwiseAbs().maxCoeff() <
          1e-9 * direct[k].I.cwiseAbs().maxCoeff());
    CHECK(held[k].certificate->relative < 1e-8);
    CHECK_FALSE(direct[k].certificate);
    // The deck that stands for the tile is one, so that its text can be exported and run.
    CHECK(held[k].deck_sha256 == direct[k].deck_sha256);
    CHECK(held[k].deck_sha256 == sha256(deck_of(questions[k], wired_array()).text));
  }
}

TEST_CASE("a pinned tile is solved once, and answered without a simulator", "[tile][measure]") {
  StoreFixture fixture;
  Store store(fixture.path, fixture.options());
  AskedNgspice ngspice;
  auto questions = two_tiles();
  StoredPinned first(store, &ngspice);
  const auto solved = measure(questions, wired_array(), {&ngspice, &first});
  CHECK(first.use().misses == 2);
  CHECK(first.use().kept == 2);
  const int asked = ngspice.asked;
  StoredPinned again(store, &ngspice), offline(store, nullptr);
  for (StoredPinned* pinned : {&again, &offline}) {
    const auto stored = measure(questions, wired_array(), {nullptr, pinned});
    for (std::size_t k = 0; k < 2; ++k) {
      CHECK(stored[k].I == solved[k].I);  // to the last bit
      CHECK(stored[k].certificate->bound == solved[k].certificate->bound);
      CHECK(stored[k].certificate->evaluations == solved[k].certificate->evaluations);
      CHECK(stored[k].summary.attempts == 0);
    }
    CHECK(pinned->use().hits == 2);
    CHECK(pinned->version() == ngspice.version());
  }
  CHECK(ngspice.asked == asked);
  // Other voltages are another question: offline it has no answer, and none is made up.
  questions[1].V *= 0.5;
  const auto missing = measure(questions, wired_array(), {nullptr, &offline});
  CHECK(missing[0].I.size() > 0);
  CHECK(missing[1].I.size() == 0);
  CHECK(missing[1].summary.termination == engine::Termination::Rejected);
  CHECK_THAT(missing[1].summary.message, Contains("fc:0:1") && Contains("no stored result"));
  // Direct answers are no pinned ones.
  auto direct = make_stored_engine(store, &ngspice);
  measure(questions, wired_array(), {direct.get(), nullptr});
  CHECK(direct->use().misses == 2);
}

TEST_CASE("a pinned solution that cannot be is refused and solved again", "[tile][measure]") {
  StoreFixture fixture;
  AskedNgspice ngspice;
  const auto questions = two_tiles();
  Store store(fixture.path, fixture.options());
  StoredPinned pinned(store, &ngspice);
  const auto solved = measure(questions, wired_array(), {&ngspice, &pinned});
  const std::string key = deck_key(deck_of(questions[0], wired_array()));
  CHECK(pinned.look_up(key, 4, 3));
  CHECK_FALSE(pinned.look_up(key, 4, 2));
  REQUIRE(fixture.warnings.size() == 1);
  CHECK_THAT(fixture.warnings[0], Contains("18 rows where the tile has 14"));
  const auto again = measure(questions, wired_array(), {&ngspice, &pinned});
  CHECK(again[0].I == solved[0].I);
  CHECK(again[0].summary.attempts > 0);  // solved, since the row was deleted
  CHECK(again[1].summary.attempts == 0);
}

TEST_CASE("a method is chosen with its reason", "[tile][measure]") {
  CHECK(choose_method(SpiceMethod::Pinned, wired_array()).method == SpiceMethod::Pinned);
  CHECK(choose_method(SpiceMethod::Pinned, wired_array()).reason.empty());
  CHECK(choose_method(SpiceMethod::Direct, wired_array()).method == SpiceMethod::Direct);
  const MethodChoice ideal = choose_method(SpiceMethod::Pinned, Array({.wiring = {}}));
  CHECK(ideal.method == SpiceMethod::Direct);
  CHECK_THAT(ideal.reason, Contains("no mesh"));
  CHECK(parse_spice_method("direct", "here") == SpiceMethod::Direct);
  CHECK_THROWS_WITH(parse_spice_method("pined", "here"), Contains("did you mean \"pinned\""));
}

TEST_CASE("the worse of two certificates holds for both", "[tile][measure]") {
  const Certificate a{
      .bound = 2e-12, .relative = 1e-9, .residual = 1e-15, .corrections = 1, .evaluations = 3};
  Certificate b{
      .bound = 1e-12, .relative = 4e-9, .residual = 3e-15, .corrections = 0, .evaluations = 2};
  const Certificate worst = worst_of(a, b);
  CHECK(worst.bound == 2e-12);
  CHECK(worst.relative == 4e-9);
  CHECK(worst.residual == 3e-15);
  CHECK(worst.corrections == 1);
  CHECK(worst.evaluations == 5);
  CHECK(worst.monotone);
  b.monotone = false;
  b.bound = b.relative = std::numeric_limits<double>::quiet_NaN();
  for (const Certificate& none : {worst_of(a, b), worst_of(b, a)}) {
    CHECK(std::isnan(none.bound));
    CHECK(std::isnan(none.relative));
    CHECK_FALSE(none.monotone);
  }
}
