#include "tile/stored_engine.hpp"

#include <catch2/catch.hpp>

#include "base/error.hpp"
#include "store_fixture.hpp"

using namespace memspice;
using namespace memspice::tile;
using Catch::Matchers::Contains;
using netlist::Deck;

namespace {

Deck deck(const std::string& text, std::vector<std::string> vectors = {"v(out)", "i(vs)"}) {
  return {.title = "tile " + text, .text = text + "\n.end\n", .vectors = vectors, .points = 3};
}

/// Stands for a simulator: answers what the deck's text determines, and remembers what it was
/// asked.
class RecordingEngine final : public engine::Engine {
 public:
  std::string version() override { return version_; }

  std::vector<engine::Waveforms> run_all(std::span<const Deck> decks,
                                         const engine::OnDone& on_done) override {
    std::vector<engine::Waveforms> results;
    for (std::size_t k = 0; k < decks.size(); ++k) {
      if (decks[k].text.starts_with("ctrl-c")) throw Interrupted();
      asked.push_back(decks[k].title);
      results.push_back(answer(decks[k]));
      if (on_done) on_done(k, results.back());
    }
    return results;
  }

  static engine::Waveforms answer(const Deck& deck) {
    engine::Waveforms waveforms;
    if (deck.text.starts_with("bad")) {
      waveforms.summary.termination = engine::Termination::NoConvergence;
      waveforms.summary.message = "no convergence";
      return waveforms;
    }
    waveforms.axis = Eigen::VectorXd::LinSpaced(deck.points, 0.0, 2.0);
    waveforms.values = Eigen::MatrixXd(deck.points, deck.vectors.size());
    for (Eigen::Index k = 0; k < waveforms.values.size(); ++k) {
      waveforms.values(k) = static_cast<double>(deck.text[0]) / (3.0 + static_cast<double>(k));
    }
    waveforms.summary.seconds = 2.5;
    return waveforms;
  }

  std::vector<std::string> asked;
  std::string version_ = "ngspice-39";
};

void check_same(const engine::Waveforms& found, const Deck& deck) {
  const auto expected = RecordingEngine::answer(deck);
  REQUIRE(found.ok());
  CHECK(found.axis == expected.axis);  // to the last bit
  CHECK(found.values == expected.values);
}

}  // namespace

TEST_CASE("make_stored_engine runs each deck once and recomputes nothing later", "[store]") {
  StoreFixture fixture;
  const std::vector<Deck> decks = {deck("a"), deck("b"), deck("c"), deck("d"), deck("e")};
  RecordingEngine inner;
  {
    Store store(fixture.path, fixture.options());
    const auto engine = make_stored_engine(store, &inner);
    CHECK(engine->version() == "ngspice-39");
    std::vector<int> done(decks.size(), 0);
    const auto results =
        engine->run_all(decks, [&done](std::size_t k, const engine::Waveforms&) { ++done[k]; });
    for (std::size_t k = 0; k < decks.size(); ++k) check_same(results[k], decks[k]);
    CHECK(results[0].summary.attempts == 1);
    CHECK(done == std::vector<int>(decks.size(), 1));
    CHECK(engine->use().misses == 5);
    CHECK(engine->use().kept == 5);
    CHECK(engine->use().hits == 0);
  }
  CHECK(inner.asked.size() == 5);
  Store store(fixture.path, fixture.options());
  const auto engine = make_stored_engine(store, &inner);
  std::vector<int> done(decks.size(), 0);
  const auto results =
      engine->run_all(decks, [&done](std::size_t k, const engine::Waveforms&) { ++done[k]; });
  for (std::size_t k = 0; k < decks.size(); ++k) {
    check_same(results[k], decks[k]);
    CHECK(results[k].summary.attempts == 0);
    CHECK_THAT(results[k].summary.message, Contains("store") && Contains("ngspice-39"));
  }
  CHECK(done == std::vector<int>(decks.size(), 1));
  CHECK(inner.asked.size() == 5);
  CHECK(engine->use().hits == 5);
  CHECK(engine->use().misses == 0);
  CHECK(engine->use().seconds_saved == Approx(5 * 2.5));
}

TEST_CASE("make_stored_engine runs only what is missing, in its place", "[store]") {
  StoreFixture fixture;
  Store store(fixture.path, fixture.options());
  RecordingEngine inner;
  const auto engine = make_stored_engine(store, &inner);
  engine->run(deck("b"));
  const std::vector<Deck> decks = {deck("c"), deck("b"), deck("longer text"), deck("c")};
  const auto results = engine->run_all(decks);
  for (std::size_t k = 0; k < decks.size(); ++k) check_same(results[k], decks[k]);
  // Longest first; the second "c" is answered by the first.
  CHECK(inner.asked == std::vector<std::string>{"tile b", "tile longer text", "tile c"});
  CHECK(engine->use().misses == 3);
  CHECK(engine->use().hits == 2);
  CHECK(engine->run_all({}).empty());
}

TEST_CASE("make_stored_engine tells decks, vectors, points and versions apart", "[store]") {
  StoreFixture fixture;
  Store store(fixture.path, fixture.options());
  RecordingEngine inner;
  const auto engine = make_stored_engine(store, &inner);
  engine->run(deck("a"));
  Deck more_points = deck("a");
  more_points.points = 4;
  CHECK(deck_key(deck("a", {"v(x)", "v(y)"})) != deck_key(deck("a", {"v(x)v(y)"})));
  CHECK(deck_key(deck("a", {"v(x)"})) != deck_key(deck("a", {})));
  Deck other_title = deck("a");
  other_title.title = "the title decides nothing";
  CHECK(deck_key(other_title) == deck_key(deck("a")));
  check_same(engine->run(deck("a", {"v(out)"})), deck("a", {"v(out)"}));
  check_same(engine->run(more_points), more_points);
  CHECK(inner.asked.size() == 3);
  inner.version_ = "ngspice-42";
  engine->run(deck("a"));
  CHECK(inner.asked.size() == 4);
  CHECK(engine->use().hits == 0);
}

TEST_CASE("make_stored_engine keeps no failure", "[store]") {
  StoreFixture fixture;
  Store store(fixture.path, fixture.options());
  RecordingEngine inner;
  const auto engine = make_stored_engine(store, &inner);
  const std::vector<Deck> decks = {deck("bad"), deck("a"), deck("bad")};
  for (int run = 0; run < 2; ++run) {
    const auto results = engine->run_all(decks);
    CHECK(results[0].summary.termination == engine::Termination::NoConvergence);
    CHECK(results[2].summary.message == "no convergence");
    check_same(results[1], decks[1]);
  }
  CHECK(store.list().size() == 1);
  CHECK(inner.asked == std::vector<std::string>{"tile bad", "tile a", "tile bad"});
  CHECK(engine->use().hits == 1);
}

TEST_CASE("make_stored_engine keeps what was done before Ctrl-C", "[store]") {
  StoreFixture fixture;
  Store store(fixture.path, fixture.options());
  RecordingEngine inner;
  const auto engine = make_stored_engine(store, &inner);
  std::vector<Deck> decks;
  for (int k = 0; k < 200; ++k) decks.push_back(deck("long " + std::to_string(1000 + k)));
  decks.push_back(deck("ctrl-c"));  // the shortest, hence the last
  CHECK_THROWS_AS(engine->run_all(decks), Interrupted);
  // All batches but the one that was interrupted; a batch is a deck per core.
  CHECK(store.list().size() + 64 > 200);
  CHECK(store.list().size() <= 200);
}

TEST_CASE("make_stored_engine computes a damaged row again and mends it", "[store]") {
  StoreFixture fixture;
  Store store(fixture.path, fixture.options());
  RecordingEngine inner;
  const auto engine = make_stored_engine(store, &inner);
  engine->run(deck("a"));
  fixture.tamper("UPDATE result SET payload = substr(payload, 1, 60)");
  check_same(engine->run(deck("a")), deck("a"));
  CHECK(inner.asked.size() == 2);
  REQUIRE(fixture.warnings.size() == 1);
  CHECK_THAT(fixture.warnings[0], Contains("tile a") && Contains("damaged"));
  check_same(engine->run(deck("a")), deck("a"));
  CHECK(inner.asked.size() == 2);
}

TEST_CASE("make_stored_engine without a usable store is its inner engine", "[store]") {
  StoreFixture fixture;
  RecordingEngine inner;
  Store unusable("/proc/no/such/place", fixture.options());
  const auto engine = make_stored_engine(unusable, &inner);
  for (int run = 0; run < 2; ++run) check_same(engine->run(deck("a")), deck("a"));
  CHECK(inner.asked.size() == 2);
  CHECK(engine->use().kept == 0);
  CHECK(fixture.warnings.size() == 1);
}

TEST_CASE("make_stored_engine answers offline and refuses what is missing", "[store]") {
  StoreFixture fixture;
  Store store(fixture.path, fixture.options());
  CHECK_THAT(make_stored_engine(store, nullptr)->version(), Contains("offline"));
  RecordingEngine inner;
  make_stored_engine(store, &inner)->run(deck("a"));
  const auto offline = make_stored_engine(store, nullptr);
  CHECK(offline->version() == "ngspice-39");
  const std::vector<Deck> decks = {deck("a"), deck("unknown"), deck("unknown")};
  int done = 0;
  const auto results =
      offline->run_all(decks, [&done](std::size_t, const engine::Waveforms&) { ++done; });
  CHECK(done == 3);
  check_same(results[0], decks[0]);
  for (const std::size_t k : {1, 2}) {
    CHECK(results[k].summary.termination == engine::Termination::Rejected);
    CHECK_THAT(results[k].summary.message,
               Contains("tile unknown") && Contains("memspice characterize FLOW"));
  }
  CHECK(offline->use().hits == 1);
  CHECK(offline->use().misses == 2);
}

TEST_CASE("make_stored_engine offline takes the newest version and names all it took", "[store]") {
  StoreFixture fixture;
  Store store(fixture.path, fixture.options());
  RecordingEngine inner;
  for (const char* version : {"ngspice-39", "ngspice-42", "ngspice-9"}) {
    inner.version_ = version;
    make_stored_engine(store, &inner)->run(deck("a"));
  }
  make_stored_engine(store, &inner)->run(deck("only in 9"));
  const auto offline = make_stored_engine(store, nullptr);
  CHECK(offline->version() == "ngspice-42");
  check_same(offline->run(deck("a")), deck("a"));
  CHECK(offline->version() == "ngspice-42");
  check_same(offline->run(deck("only in 9")), deck("only in 9"));
  CHECK(offline->version() == "ngspice-42, ngspice-9");
}
