// [periphery] of a flow file.

#include "config/read_periphery.hpp"

#include <catch2/catch.hpp>

#include "base/error.hpp"
#include "base/files.hpp"
#include "config/flow_options.hpp"

using namespace memspice;

namespace {

study::PeripheryOptions read(const std::string& text) {
  const TemporaryFolder folder;
  write_file(folder.path() / "f.toml", text);
  config::TomlDocument flow(folder.path() / "f.toml");
  study::PeripheryOptions options = config::read_periphery(flow);
  flow.finish();
  return options;
}

}  // namespace

TEST_CASE("circuits, sizes and twins of [periphery]", "[config]") {
  const auto options = read(
      "[periphery]\npoints = 51\n"
      "[periphery.relu]\nrealisation = \"both\"\n"
      "[periphery.pool]\ncircuit = \"max_pool\"\nwindow = [4, 9]\nrange = \"0.1 V\"\n");
  CHECK(options.characterize.points == 51);
  REQUIRE(options.circuits.size() == 4);
  CHECK(options.circuits[0].name == "pool_4");  // tables come by name
  CHECK(options.circuits[0].circuit == "max_pool");
  CHECK(options.circuits[1].sizes.at("window") == 9);
  CHECK(options.circuits[1].sizes.at("range") == 0.1);
  CHECK(options.circuits[2].circuit == "relu");
  CHECK(options.circuits[3].realisation == synthesis::Realisation::Behavioural);
}

TEST_CASE("parts of the periphery that a network takes", "[config]") {
  using study::PeripheryPart;
  CHECK(read("[periphery]\npoints = 51\n").in_network.empty());
  const auto some = read("[periphery]\nin_network = \"readout,pooling\"\n").in_network;
  CHECK(some == std::set{PeripheryPart::Readout, PeripheryPart::Pooling});
  CHECK(read("[periphery]\nin_network = \"all\"\n").in_network.size() == 5);
  CHECK_THROWS_WITH(read("[periphery]\nin_network = \"poling\"\n"),
                    Catch::Contains("f.toml:2") && Catch::Contains("pooling"));
  CHECK_THROWS_WITH(read("[periphery]\nin_network = \"\"\n"), Catch::Contains("f.toml:2"));
}

TEST_CASE("faults of [periphery] are refused at their place", "[config]") {
  CHECK_THROWS_WITH(read("[periphery.sigmiod]\n"), Catch::Contains("sigmoid"));
  CHECK_THROWS_WITH(read("[periphery.relu]\nwindow = 4\n"), Catch::Contains("f.toml:2"));
  CHECK_THROWS_WITH(read("[periphery.relu]\nrealisation = \"real\"\n"),
                    Catch::Contains("f.toml:2"));
  CHECK_THROWS_WITH(read("[periphery]\npoints = 1\n"), Catch::Contains("f.toml:2"));
  CHECK_THROWS_WITH(read("[periphery.max_pool]\nrange = \"1 Ohm\"\n"), Catch::Contains("f.toml:2"));
}

TEST_CASE("the shipped periphery flow needs no network", "[config]") {
  const auto flow = config::load_flow(std::string(MEMSPICE_ROOT_DIR) + "/flows/periphery.toml");
  CHECK(flow.network_file.empty());
  // 5 readouts, 10 neurons, 5 pools, 5 layers (one of them twice), 1 converter.
  CHECK(flow.periphery.circuits.size() == 26);
}
