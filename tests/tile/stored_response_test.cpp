#include "tile/stored_response.hpp"

#include <catch2/catch.hpp>
#include <limits>

#include "base/error.hpp"
#include "base/random.hpp"
#include "store_fixture.hpp"
#include "tile/array.hpp"

using namespace memspice;
using namespace memspice::tile;
using crossbar::Wiring;

namespace {

constexpr Eigen::Index large = 64;  // enough cells to be stored

Eigen::MatrixXd random_cells(Eigen::Index n, Eigen::Index m, std::uint64_t seed) {
  RandomStream random(seed, "stored_response_test");
  Eigen::MatrixXd G(n, m);
  for (auto& g : G.reshaped()) g = random.uniform(1e-6, 1e-4);
  return G;
}

Wiring wires() {
  Wiring wiring;
  wiring.row = 1.0;
  wiring.column = 2.0;
  return wiring;
}

}  // namespace

TEST_CASE("stored_response is solve_response, and solves nothing twice", "[store]") {
  StoreFixture fixture;
  const auto G = random_cells(large, large + 3, 1);
  const Eigen::MatrixXd solved = crossbar::solve_response(G, wires()).G_eff;
  CHECK(stored_response(nullptr, G, wires()) == solved);
  Store store(fixture.path, fixture.options());
  const std::vector<const Eigen::MatrixXd*> arrays{&G};
  const auto first = Array({.wiring = wires()}).responses(&store, arrays, 1);
  CHECK(first.use.misses == 1);
  CHECK(first.use.kept == 1);
  const auto second = Array({.wiring = wires()}).responses(&store, arrays, 1);
  CHECK(second.use.hits == 1);
  CHECK(second.use.misses == 0);
  CHECK(second.use.seconds_saved > 0.0);
  for (const auto& responses : {first, second}) CHECK(responses.G_eff[0] == solved);
  CHECK(stored_response(&store, G, wires()) == solved);
}

TEST_CASE("stored_response really reads the store", "[store]") {
  // A row of another array under this array's key: whoever reads the store must return it.
  StoreFixture fixture;
  Store store(fixture.path, fixture.options());
  const auto a = random_cells(large, large, 1);
  const Eigen::MatrixXd b = 0.9 * a;  // a response that a's cells could have
  stored_response(&store, b, wires());
  const auto row = store.get("response", response_key(b, wires()));
  REQUIRE(row);
  StoredResult forged = *row;
  forged.key = response_key(a, wires());
  REQUIRE(store.put(forged));
  CHECK(stored_response(&store, a, wires()) == stored_response(&store, b, wires()));
}

TEST_CASE("stored_response leaves small arrays out of the store", "[store]") {
  StoreFixture fixture;
  Store store(fixture.path, fixture.options());
  const auto G = random_cells(5, 4, 1);
  CHECK_FALSE(is_worth_storing(5, 4));
  CHECK(stored_response(&store, G, wires()) == crossbar::solve_response(G, wires()).G_eff);
  CHECK(store.list().empty());
  CHECK(is_worth_storing(large, large));
}

TEST_CASE("response_key depends on cells, shape and every part of the wiring", "[store]") {
  const auto G = random_cells(4, 6, 1);
  std::vector<std::string> keys{response_key(G, wires())};
  Eigen::MatrixXd other = G;
  other(3, 5) = std::nextafter(other(3, 5), 1.0);
  keys.push_back(response_key(other, wires()));
  keys.push_back(response_key(G.reshaped(6, 4), wires()));
  keys.push_back(response_key(G.transpose(), wires()));
  std::vector<Wiring> wirings(10, wires());
  wirings[0].row = 3.0;
  wirings[1].column = 3.0;
  wirings[2].driver = 3.0;
  wirings[3].sense = 3.0;
  wirings[4].drive_side = crossbar::WordLineSide::Both;
  wirings[5].sense_side = crossbar::BitLineSide::Both;
  wirings[6].driver_per_line = std::vector(4, 3.0);
  wirings[7].sense_per_line = std::vector(4, 3.0);
  wirings[8].driver_per_line = {3.0, 3.0, 3.0, std::numeric_limits<double>::infinity()};
  std::swap(wirings[9].row, wirings[9].column);
  for (const Wiring& wiring : wirings) keys.push_back(response_key(G, wiring));
  std::sort(keys.begin(), keys.end());
  CHECK(std::adjacent_find(keys.begin(), keys.end()) == keys.end());
  CHECK(response_key(G, wires()) == response_key(Eigen::MatrixXd(G), wires()));
}

TEST_CASE("an array's responses are the same for any number of jobs, hit or miss", "[store]") {
  StoreFixture fixture;
  Store store(fixture.path, fixture.options());
  std::vector<Eigen::MatrixXd> arrays;
  for (std::uint64_t seed = 0; seed < 6; ++seed) {
    arrays.push_back(seed == 3 ? random_cells(3, 2, seed) : random_cells(large, large, seed));
  }
  std::vector<const Eigen::MatrixXd*> asked;
  for (const Eigen::MatrixXd& G : arrays) asked.push_back(&G);
  int done = 0;
  const auto without = Array({.wiring = wires()}).responses(nullptr, asked, 1, [&] { ++done; });
  const auto missed = Array({.wiring = wires()}).responses(&store, asked, 2);
  const auto found = Array({.wiring = wires()}).responses(&store, asked, 2);
  CHECK(done == 6);
  CHECK(missed.use.misses == 6);
  CHECK(missed.use.kept == 5);
  CHECK(found.use.hits == 5);
  CHECK(found.use.misses == 1);
  for (std::size_t k = 0; k < arrays.size(); ++k) {
    CHECK(missed.G_eff[k] == without.G_eff[k]);
    CHECK(found.G_eff[k] == without.G_eff[k]);
  }
}

TEST_CASE("stored_response computes a damaged row again", "[store]") {
  StoreFixture fixture;
  Store store(fixture.path, fixture.options());
  const auto G = random_cells(large, large, 1);
  const Eigen::MatrixXd solved = stored_response(&store, G, wires());
  fixture.tamper("UPDATE result SET payload = CAST(x'00' || substr(payload, 2) AS BLOB)");
  CHECK(stored_response(&store, G, wires()) == solved);
  CHECK(fixture.warnings.size() == 1);
  CHECK(store.verify().damaged.empty());
  CHECK(store.list().size() == 1);
}

TEST_CASE("stored_response refuses what the solver refuses", "[store]") {
  StoreFixture fixture;
  Store store(fixture.path, fixture.options());
  Eigen::MatrixXd G = random_cells(large, large, 1);
  G(0, 0) = -1e-6;
  CHECK_THROWS_AS(stored_response(&store, G, wires()), InputError);
  CHECK(store.list().empty());
}
