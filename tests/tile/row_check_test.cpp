// Rows that were written with a checksum that fits and hold what they cannot hold.
#include "tile/row_check.hpp"

#include <catch2/catch.hpp>
#include <limits>

#include "store_fixture.hpp"
#include "tile/store_payload.hpp"
#include "tile/stored_engine.hpp"
#include "tile/stored_response.hpp"

using namespace memspice;
using namespace memspice::tile;
using Catch::Matchers::Contains;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using netlist::Deck;

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

Deck deck(int points = 4) {
  return {.title = "tile fc1:0:0",
          .text = "* deck\n.end\n",
          .vectors = {"v1#branch", "v2#branch"},
          .points = points};
}

/// The axis and two probes, 4 points.
MatrixXd right_table() {
  MatrixXd table(4, 3);
  table << 0, 1e-6, 2e-6, 1, -3e-6, 4e-6, 2, 0, 0, 3, 5e-6, -6e-6;
  return table;
}

/// right_table with one value exchanged.
MatrixXd with(Eigen::Index row, Eigen::Index column, double value) {
  MatrixXd table = right_table();
  table(row, column) = value;
  return table;
}

/// Answers right_table, and counts how often it was asked.
class CountingEngine final : public engine::Engine {
 public:
  std::string version() override { return "ngspice-39"; }
  std::vector<engine::Waveforms> run_all(std::span<const Deck> decks,
                                         const engine::OnDone& on_done) override {
    std::vector<engine::Waveforms> results(decks.size());
    for (std::size_t k = 0; k < decks.size(); ++k) {
      ++asked;
      results[k].axis = right_table().col(0);
      results[k].values = right_table().rightCols(2);
      if (on_done) on_done(k, results[k]);
    }
    return results;
  }
  int asked = 0;
};

void forge(Store& store, const std::string& version, const std::string& payload) {
  REQUIRE(store.put({.kind = "spice",
                     .key = deck_key(deck()),
                     .version = version,
                     .description = "tile fc1:0:0",
                     .seconds = 1.0,
                     .payload = payload}));
}

}  // namespace

TEST_CASE("fault_in_answer takes what the deck asks for, and nothing else", "[store]") {
  CHECK(fault_in_answer(right_table(), deck()).empty());
  CHECK(fault_in_answer(right_table(), deck(0)).empty());  // the analysis decides
  CHECK_THAT(fault_in_answer(std::nullopt, deck()), Contains("no table"));
  CHECK_THAT(fault_in_answer(right_table(), deck(5)),
             Contains("holds 4 points where the deck has 5"));
  CHECK_THAT(fault_in_answer(right_table().topRows(3), deck()), Contains("holds 3 points"));
  CHECK_THAT(fault_in_answer(MatrixXd(0, 3), deck(0)), Contains("no points"));
  CHECK_THAT(fault_in_answer(right_table().leftCols(2), deck()),
             Contains("holds 1 probes where the deck has 2"));
  for (const double value : {kNan, kInfinity, -kInfinity}) {
    CHECK_THAT(fault_in_answer(with(2, 1, value), deck()), Contains("not finite"));
    CHECK_THAT(fault_in_answer(with(2, 0, value), deck()), Contains("not finite"));
  }
  for (const double value : {1e300, -1e300, 2e6}) {
    CHECK_THAT(fault_in_answer(with(1, 2, value), deck()), Contains("no circuit here carries"));
  }
}

TEST_CASE("fault_in_response holds a response to its cells", "[store]") {
  const MatrixXd G = MatrixXd::Constant(3, 2, 1e-5);
  CHECK(fault_in_response(G, G).empty());  // no wires
  CHECK(fault_in_response(0.7 * G, G).empty());
  CHECK(fault_in_response(MatrixXd::Zero(3, 2), MatrixXd::Zero(3, 2)).empty());
  CHECK_THAT(fault_in_response(std::nullopt, G), Contains("no matrix"));
  CHECK_THAT(fault_in_response(MatrixXd(G.topRows(2)), G), Contains("2 word lines"));
  CHECK_THAT(fault_in_response(MatrixXd(G.leftCols(1)), G), Contains("1 bit lines"));
  CHECK_THAT(fault_in_response(1.001 * G, G), Contains("conducts better"));
  MatrixXd wrong = G;
  wrong(2, 1) = kNan;
  CHECK_THAT(fault_in_response(wrong, G), Contains("not finite"));
  wrong(2, 1) = -1e-7;
  CHECK_THAT(fault_in_response(wrong, G), Contains("negative"));
}

TEST_CASE("a row that cannot be its deck's answer is named, computed again and kept", "[store]") {
  const std::vector<MatrixXd> wrong{
      with(0, 1, kNan), with(3, 2, 1e300), right_table().topRows(3), right_table().replicate(2, 1)};
  for (const MatrixXd& table : wrong) {
    StoreFixture fixture;
    Store store(fixture.path, fixture.options());
    forge(store, "ngspice-39", encode_npy(table));
    CountingEngine inner;
    const auto engine = make_stored_engine(store, &inner);
    for (int run = 0; run < 2; ++run)
      CHECK(engine->run(deck()).values == right_table().rightCols(2));
    CHECK(inner.asked == 1);
    CHECK(engine->use().misses == 1);
    CHECK(engine->use().hits == 1);
    REQUIRE(fixture.warnings.size() == 1);
    CHECK_THAT(fixture.warnings.front(),
               Contains("(tile fc1:0:0): holds") && Contains("it is not used") &&
                   Contains("computed again"));
  }
}

TEST_CASE("offline an older row stands in for one that cannot be right", "[store]") {
  StoreFixture fixture;
  Store store(fixture.path, fixture.options());
  forge(store, "ngspice-39", encode_npy(right_table()));
  forge(store, "ngspice-42", "no table at all");
  const auto engine = make_stored_engine(store, nullptr);
  const auto found = engine->run(deck());
  REQUIRE(found.ok());
  CHECK(found.values == right_table().rightCols(2));
  CHECK(engine->version() == "ngspice-39");
  CHECK(fixture.warnings.size() == 1);
  CHECK(store.list().size() == 1);
}

TEST_CASE("a response that its cells cannot have is named and solved again", "[store]") {
  const MatrixXd G = MatrixXd::Constant(64, 64, 1e-5);
  crossbar::Wiring wiring;
  wiring.row = wiring.column = 1.0;
  const MatrixXd solved = crossbar::solve_response(G, wiring).G_eff;
  MatrixXd with_nan = solved;
  with_nan(1, 1) = kNan;
  for (const MatrixXd& wrong : {with_nan, MatrixXd(2.0 * G), MatrixXd(solved.topRows(63))}) {
    StoreFixture fixture;
    Store store(fixture.path, fixture.options());
    stored_response(&store, G, wiring);
    StoredResult row = store.get("response", response_key(G, wiring)).value();
    row.payload = encode_npy(wrong);
    REQUIRE(store.put(row));
    CHECK(stored_response(&store, G, wiring) == solved);
    CHECK(stored_response(&store, G, wiring) == solved);
    REQUIRE(fixture.warnings.size() == 1);
    CHECK_THAT(fixture.warnings.front(), Contains("64x64") && Contains("it is not used"));
  }
}

TEST_CASE("a pinned solution has the tile's shape and a certificate", "[tile][store]") {
  // Bound, relative, residual, corrections, evaluations, monotone; 2 bit lines, 2 points.
  VectorXd right(10);
  right << 1e-15, 1e-10, 1e-17, 0, 1, 1, 1e-6, 2e-6, 3e-6, 4e-6;
  const auto fault_with = [&](Eigen::Index row, double value) {
    VectorXd column = right;
    column[row] = value;
    return fault_in_pinned(MatrixXd(column), 2, 2);
  };
  CHECK(fault_in_pinned(MatrixXd(right), 2, 2).empty());
  CHECK_THAT(fault_in_pinned(std::nullopt, 2, 2), Contains("no column"));
  CHECK_THAT(fault_in_pinned(MatrixXd(right), 2, 3), Contains("10 rows where the tile has 12"));
  CHECK_THAT(fault_in_pinned(MatrixXd::Zero(10, 2), 2, 2), Contains("2 columns"));
  for (const Eigen::Index row : {0, 1, 2, 3, 4, 5}) {
    CHECK_THAT(fault_with(row, -1.0), Contains("no certificate"));
    CHECK_THAT(fault_with(row, kNan), Contains("no certificate"));
  }
  CHECK_THAT(fault_with(8, kNan), Contains("not finite"));
  CHECK_THAT(fault_with(8, kInfinity), Contains("not finite"));
  CHECK_THAT(fault_with(8, -1e30), Contains("1e+30 A"));
  // A cell whose current falls leaves no bound.
  VectorXd falling = right;
  falling[5] = 0.0;
  falling[0] = falling[1] = kNan;
  CHECK(fault_in_pinned(MatrixXd(falling), 2, 2).empty());
}
