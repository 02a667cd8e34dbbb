#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "base/files.hpp"
#include "config/read_bitstream.hpp"
#include "program_run.hpp"
#include "stochastic/synthesize.hpp"

using namespace memspice;
using Catch::Matchers::Contains;
using cli::run_memspice;
using Json = nlohmann::json;

namespace {

bool has_yosys() {
  return std::system("yosys -V > /dev/null 2>&1") == 0;
}

Json areas_of(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(),
                   {"stochastic", "synthesize", "--bits", "4", "--lanes", "2", "--json"});
  const auto run = run_memspice(arguments);
  INFO(run.err);
  REQUIRE(run.code == 0);
  return Json::parse(run.out);
}

}  // namespace

TEST_CASE("synthesize says what it lacks without Yosys", "[cli]") {
  const TemporaryFolder empty;
  const auto run =
      run_memspice({"stochastic", "synthesize", "--bits", "4"}, {{"PATH", empty.path().string()}});
  CHECK(run.code == 1);
  CHECK_THAT(run.err, Contains("yosys") && Contains("apt-get install yosys"));
}

TEST_CASE("synthesize lists units with areas beside gate counts", "[cli]") {
  if (!has_yosys()) return;
  const Json found = areas_of({"--parallel", "2"});
  REQUIRE(found["units"].size() == 6);
  CHECK(found["units"][0]["unit"] == "bitstream, parallel 2");
  CHECK(found["units"][1]["over_closed_form"] == 1.0);
  for (const Json& unit : found["units"]) {
    const double area = unit["area_per_lane"];
    const double counted = unit["gate_count_per_lane"];
    INFO(unit["unit"]);
    // The library has no adders, which the count has: a third of them in area, at most all.
    CHECK(area > 0.7 * counted);
    CHECK(area < 1.8 * counted);
  }
  // A multiplier that forms all columns is larger than one that leaves out half of them.
  CHECK(found["units"][2]["area_per_lane"] > found["units"][5]["area_per_lane"]);
}

TEST_CASE("A library's name and content are no commands", "[cli]") {
  if (!has_yosys()) return;
  const TemporaryFolder folder;
  const auto mark = folder.path() / "mark";
  const std::string cells = stochastic::liberty_text(config::load_gate_card("nangate_45nm"));
  const auto odd = folder.path() / ("a b'; exec -- touch \"" + std::string("mark") + "\"; #.lib");
  write_file(odd, "/* ; exec -- touch " + mark.string() + "\n*/\n" + cells);
  const Json own = areas_of({});
  const Json given = areas_of({"--liberty", odd.string()});
  for (std::size_t k = 0; k < own["units"].size(); ++k) {
    CHECK(given["units"][k]["area_per_lane"] == own["units"][k]["area_per_lane"]);
  }
  CHECK(!std::filesystem::exists(mark));
}

TEST_CASE("A library without cells, and too many lanes, are refused", "[cli]") {
  const auto lanes = run_memspice({"stochastic", "synthesize", "--lanes", "1000"});
  CHECK(lanes.code == 2);
  CHECK_THAT(lanes.err, Contains("--lanes") && Contains("256"));
  if (!has_yosys()) return;
  const TemporaryFolder folder;
  const auto file = folder.path() / "none.lib";
  write_file(file, "library (none) {\n}\n");
  const auto run = run_memspice(
      {"stochastic", "synthesize", "--bits", "4", "--lanes", "1", "--liberty", file.string()});
  CHECK(run.code == 1);
  CHECK_THAT(run.err, Contains("yosys"));
}
