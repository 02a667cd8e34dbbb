// Every circuit that the catalogue lists, at its standard sizes.

#include "synthesis/block_catalogue.hpp"

#include <catch2/catch.hpp>
#include <set>

#include "circuit/rule_check.hpp"
#include "netlist/deck.hpp"
#include "support/block_run.hpp"
#include "support/golden.hpp"
#include "synthesis/analog_draft.hpp"

using namespace memspice;
using synthesis::AnalogBlock;
using synthesis::Realisation;

TEST_CASE("every catalogued circuit is sound and states its ideal", "[synthesis][catalogue]") {
  std::set<std::string> names;
  for (const synthesis::CatalogueEntry& entry : synthesis::block_catalogue()) {
    INFO(entry.name);
    CHECK(names.insert(entry.name).second);
    for (const Realisation realisation : {Realisation::Transistor, Realisation::Behavioural}) {
      if (realisation == Realisation::Behavioural && !entry.has_twin) continue;
      const AnalogBlock block = synthesis::build_block(
          {.circuit = entry.name, .realisation = realisation}, test::analog_figures());
      CHECK(circuit::check_rules(*block.body).empty());
      CHECK(block.body->ports().size() ==
            static_cast<std::size_t>(2 + block.inputs + block.outputs));
      CHECK(block.full_scale > 0);
      CHECK(block.ideal(block.high).size() == block.outputs);
      CHECK(block.devices == synthesis::count_devices(*block.body));
      if (realisation == Realisation::Behavioural) CHECK(block.devices.behavioural > 0);
    }
  }
}

TEST_CASE("decks of small analog circuits", "[synthesis][golden]") {
  for (const char* name : {"relu", "tanh", "column_readout"}) {
    const AnalogBlock block = synthesis::build_block({.circuit = name}, test::analog_figures());
    const Eigen::MatrixXd inputs = 0.5 * block.high;
    const auto bench = synthesis::build_static_bench(block, test::analog_figures(), inputs);
    const netlist::Deck deck = netlist::write_deck(bench.circuit, bench.analysis);
    test::check_golden(MEMSPICE_TEST_DIR, std::string(name) + ".cir", deck.text);
  }
}
