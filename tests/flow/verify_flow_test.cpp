// Images that run wholly in ngspice, in a whole flow.

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "flow/run_flow.hpp"
#include "flow/tiny_flow.hpp"

using namespace memspice;
using Catch::Matchers::Contains;
using memspice::testing::TinyFlow;

namespace {

const config::Overrides kVerified{"fidelity.default=mesh", "verify.images=5"};

}  // namespace

TEST_CASE("linear arrays score in SPICE what their exact response scores", "[flow][verify]") {
  const TinyFlow flow(8);
  const report::RunReport report = flow::run_flow(flow.load(kVerified));
  REQUIRE(report.spice.accuracy);
  const report::SpiceAccuracy& found = *report.spice.accuracy;
  CHECK(found.images == 5);
  CHECK(found.scored == 8);
  CHECK(found.flips == 0);
  CHECK(found.accuracy.value == Approx(report.accuracy.of("mesh")->value));
  // The ADCs' steps hide what rounding leaves.
  CHECK(found.largest_error < 1e-5);
  CHECK(*found.accuracy.interval.low <= found.accuracy.value);
  CHECK(*found.accuracy.interval.high >= found.accuracy.value);
  const auto json = nlohmann::json::parse(to_json(report));
  CHECK(json["spice"]["accuracy"]["images"] == 5);
  CHECK(json["spice"]["accuracy"]["interval"].size() == 2);
  CHECK(json["accuracy"]["spice"]["value"] == json["spice"]["accuracy"]["value"]);
  CHECK_THAT(to_terminal(report), Contains("Wholly in SPICE") && Contains("5 of the 8"));
  CHECK_THAT(to_html(report), Contains("Wholly in SPICE"));
}

TEST_CASE("a verified run goes on from what ngspice has answered", "[flow][verify]") {
  const TinyFlow flow(8);
  const auto first = flow::run_flow(flow.load(kVerified));
  const auto again = flow::run_flow(flow.load(kVerified));
  REQUIRE(again.spice.accuracy);
  CHECK(again.spice.accuracy->accuracy.value == first.spice.accuracy->accuracy.value);
  CHECK(again.spice.accuracy->largest_error == first.spice.accuracy->largest_error);
  CHECK(again.spice.runs == 0);
  CHECK(first.spice.runs > 0);
}

TEST_CASE("where no image can run in ngspice it is said", "[flow][verify]") {
  const TinyFlow flow(6);
  flow::run_flow(flow.load({"fidelity.default=mesh"}));
  const auto report = flow::simulate_flow(flow.load(kVerified));
  CHECK_FALSE(report.spice.accuracy);
  CHECK_THAT(to_terminal(report), Contains("[verify]: no image ran in ngspice"));
}

TEST_CASE("all images leave nothing open", "[flow][verify]") {
  const TinyFlow flow(6);
  auto options = flow.load(kVerified);
  options.verify.images = 100;
  options.verify.draw = study::Draw::ByMargin;
  const auto report = flow::run_flow(options);
  const report::SpiceAccuracy& found = *report.spice.accuracy;
  CHECK(found.images == 6);
  CHECK(*found.accuracy.interval.low == Approx(found.accuracy.value));
  CHECK(*found.accuracy.interval.high == Approx(found.accuracy.value));
}
