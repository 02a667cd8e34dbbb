// Decks of small tiles, byte for byte. After a change that is meant: MEMSPICE_BLESS=1
// synthesis_test
// "[golden]" writes them anew; read the difference before committing it.

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>

#include "base/files.hpp"
#include "netlist/deck.hpp"
#include "support/batch_ngspice.hpp"
#include "support/dense_crossbar.hpp"
#include "synthesis/tile_circuit.hpp"

namespace memspice::synthesis {
namespace {

void check_golden(const std::string& name, const netlist::Deck& deck) {
  const std::filesystem::path path =
      std::filesystem::path(MEMSPICE_TEST_DIR) / "golden" / (name + ".cir");
  if (std::getenv("MEMSPICE_BLESS") != nullptr) write_file(path, deck.text);
  INFO("golden deck " << path << "; if the change is meant, run MEMSPICE_BLESS=1 synthesis_test "
                      << "\"[golden]\" and read the difference");
  CHECK(deck.text == read_file(path));
}

netlist::Deck deck_of(const TileSpec& spec,
                      const Eigen::MatrixXd& V,
                      const TileBenchOptions& options = {}) {
  const TileBench bench = build_tile_bench(spec, V, options);
  return netlist::write_deck(bench.circuit, bench.analysis);
}

}  // namespace

TEST_CASE("the deck of a 2x2 tile without wire", "[synthesis][golden]") {
  TileSpec spec{.name = "tile_2x2", .G = Eigen::MatrixXd(2, 2)};
  spec.G << 1e-4, 2e-5, 0, 5e-5;
  Eigen::MatrixXd V(2, 3);
  V << 0.1, -0.2, 0, 0.3, 0, 0.15;
  const netlist::Deck deck = deck_of(spec, V);
  check_golden("tile_2x2_zero_wire", deck);
  CHECK((test::run_batch_ngspice(deck) - V.transpose() * spec.G).cwiseAbs().maxCoeff() < 1e-18);
}

TEST_CASE("the decks of a 3x2 tile with wires and bent cells", "[synthesis][golden]") {
  TileSpec spec{.name = "tile_3x2", .G = Eigen::MatrixXd(3, 2), .alpha = 2};
  spec.G << 1e-4, 2e-5, 3e-5, 0, 5e-6, 8e-5;
  spec.wiring = {.row = 1.5, .column = 2.5, .driver = 100, .sense = 50};
  const Eigen::MatrixXd V = Eigen::MatrixXd::Constant(3, 1, 0.2);
  check_golden("tile_3x2_wires_alpha", deck_of(spec, V));
  check_golden("tile_3x2_hierarchical", deck_of(spec, V, {.hierarchical = true}));
}

}  // namespace memspice::synthesis
