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

TEST_CASE("a name means the requests that it is given to, or the catalogue's", "[synthesis]") {
  const std::vector<synthesis::BlockRequest> requests{
      {.name = "wide", .circuit = "max_pool", .sizes = {{"window", 9}}},
      {.name = "narrow", .circuit = "max_pool", .sizes = {{"window", 4}}},
      {.circuit = "relu", .realisation = Realisation::Behavioural}};
  CHECK(synthesis::requests_called("wide", requests).size() == 1);
  CHECK(synthesis::requests_called("max_pool", requests).size() == 2);
  CHECK(synthesis::requests_called("relu", requests).front().realisation ==
        Realisation::Behavioural);
  const auto standard = synthesis::requests_called("tanh", requests);
  REQUIRE(standard.size() == 1);
  CHECK(standard.front().circuit == "tanh");
  CHECK(standard.front().sizes.empty());
  // Those of the requests come first, and none twice.
  const auto names = synthesis::circuit_names(requests);
  CHECK(std::vector(names.begin(), names.begin() + 4) ==
        std::vector<std::string>{"wide", "max_pool", "narrow", "relu"});
  CHECK(names.size() == synthesis::block_catalogue().size() + 2);
}
