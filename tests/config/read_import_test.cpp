#include <catch2/catch.hpp>

#include "config/flow_file.hpp"

using namespace memspice;
using testing::FlowFile;

TEST_CASE("[network] names input and output and says what other inputs hold", "[config]") {
  const auto options = FlowFile("[network.constants]\nphase = 0\n\"model/keep.prob\" = 1.5\n")
                           .load({"network.input=image", "network.output=logits"})
                           .network_options;
  CHECK(options.input == "image");
  CHECK(options.output == "logits");
  CHECK(options.constants ==
        std::map<std::string, double>{{"phase", 0.0}, {"model/keep.prob", 1.5}});
  CHECK(FlowFile("").load({"network.constants.phase=1"}).network_options.constants.at("phase") ==
        1.0);
  const FlowFile flow("");
  flow.tells("network.constants.phase=\"off\"", "constants.phase");
  flow.tells("network.constants=3", "a table of inputs");
}

TEST_CASE("device.levels is a number or the network's", "[config]") {
  const auto own = FlowFile("").load();
  CHECK_FALSE(own.mapping.network_levels);
  const auto network = FlowFile("[device]\nlevels = \"network\"\n").load();
  CHECK(network.mapping.network_levels);
  CHECK(network.device.window.levels == own.device.window.levels);
  const auto number = FlowFile("").load({"device.levels=16"});
  CHECK_FALSE(number.mapping.network_levels);
  CHECK(number.device.window.levels == 16);
  const FlowFile flow("");
  flow.tells("device.levels=\"many\"", "network");
  flow.tells("device.levels=1", "at least 2");
}
