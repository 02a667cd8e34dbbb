// Five small flows whose results.json must stay as they are: what restructuring may not change.
// MEMSPICE_BLESS=1 writes them anew.
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <set>

#include "base/files.hpp"
#include "config/flow_options.hpp"
#include "flow/run_flow.hpp"

using namespace memspice;

namespace {

using Json = nlohmann::ordered_json;

/// What a clock, a machine, a store or rounding alone decides: so does what certificates and solved
/// tiles leave.
const std::set<std::string> kVolatile{"provenance",
                                      "seconds",
                                      "seconds_solve",
                                      "versions",
                                      "version",
                                      "notes",
                                      "throughput",
                                      "largest_difference",
                                      "certificate",
                                      "exact"};

/// Relative, of every number: another processor's order of summation, in float32 at worst.
constexpr double kRounding = 2e-5;
/// Absolute, of shares and what follows from counts of images: rounding turns a label on an edge,
/// one or two of a few hundred.
constexpr double kLabels = 0.02;

/// What has an interval of 95 % is a share of labels, and so is all that stands in it.
bool counts_labels(const Json& json) {
  return json.is_object() && (json.contains("interval") || json.contains("mean_interval"));
}

/// Counts of labels, whose shares are compared, and what jumps with a single one.
bool is_count(const std::string& key) {
  return key == "gained" || key == "lost" || key == "p_value";
}

void strip(Json& json) {
  if (json.is_object()) {
    for (auto entry = json.begin(); entry != json.end();) {
      const bool is_volatile =
          kVolatile.contains(entry.key()) || entry.key().starts_with("seconds");
      if (is_volatile) {
        entry = json.erase(entry);
      } else {
        strip((entry++).value());
      }
    }
  } else if (json.is_array()) {
    for (Json& element : json) strip(element);
  }
}

void compare(const Json& found, const Json& blessed, const std::string& path, bool of_labels) {
  INFO(path);
  if (blessed.is_number() && found.is_number()) {
    const double a = found.get<double>(), b = blessed.get<double>();
    CHECK(std::abs(a - b) <= kRounding * std::abs(b) + (of_labels ? kLabels : 0.0));
    return;
  }
  REQUIRE(found.type_name() == std::string(blessed.type_name()));
  if (blessed.is_object()) {
    const bool labels = of_labels || counts_labels(blessed);
    CHECK(found.size() == blessed.size());
    for (const auto& [key, value] : blessed.items()) {
      REQUIRE(found.contains(key));
      if (!is_count(key)) compare(found.at(key), value, path + "/" + key, labels);
    }
  } else if (blessed.is_array()) {
    REQUIRE(found.size() == blessed.size());
    for (std::size_t k = 0; k < blessed.size(); ++k) {
      compare(found[k], blessed[k], path + "/" + std::to_string(k), of_labels);
    }
  } else {
    CHECK(found == blessed);
  }
}

void check_flow(const std::string& name, const std::string& flow, config::Overrides overrides) {
  const TemporaryFolder folder;
  config::FlowOptions options = config::load_flow(
      std::string(MEMSPICE_ROOT_DIR) + "/flows/" + flow + ".toml", std::move(overrides));
  options.out = folder.path();
  options.store = folder.path() / "tiles.sqlite";
  flow::run_flow(options);
  Json found = Json::parse(read_file(folder.path() / "results.json"));
  strip(found);
  const auto path =
      std::filesystem::path(MEMSPICE_TEST_DIR) / "golden" / "flows" / (name + ".json");
  if (std::getenv("MEMSPICE_BLESS") != nullptr) write_file(path, found.dump(1) + "\n");
  INFO(path
       << "; if the change is meant, run this test with MEMSPICE_BLESS=1 and read the difference");
  compare(found, Json::parse(read_file(path)), "", false);
}

/// Small tiles and few of them, so that ngspice takes seconds.
config::Overrides small(config::Overrides more) {
  config::Overrides all{"data.limit=300",
                        "data.calibration_limit=60",
                        "mapping.rows=32",
                        "mapping.columns=32",
                        "characterize.tiles=1",
                        "characterize.vectors=10",
                        "characterize.held_out=4"};
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

}  // namespace

TEST_CASE("LeNet-5 gives what it gave", "[scenario][golden]") {
  check_flow("lenet5", "lenet5_fashion", small({}));
}

TEST_CASE("LeNet-5 on 1T1R pairs that share a bit line gives what it gave", "[scenario][golden]") {
  check_flow("cells_1t1r_shared", "cells_1t1r", small({"array.pairs=shared_bit_line"}));
}

TEST_CASE("four chips of LeNet-5 give what they gave", "[scenario][golden]") {
  check_flow("variability",
             "variability_lenet5",
             small({"monte_carlo.samples=4", "fidelity.default=mesh", "mapping.rows=64"}));
}

TEST_CASE("LeNet-5 on bitstreams gives what it gave", "[scenario][golden]") {
  check_flow("bitstream",
             "bitstream_lenet5",
             {"data.limit=100", "data.calibration_limit=60", "bitstream.sweep=[6, 8]"});
}

TEST_CASE("LeNet-5 in the spectrum gives what it gave", "[scenario][golden]") {
  check_flow("spectral", "spectral_lenet5", small({"data.limit=100", "fidelity.default=mesh"}));
}
