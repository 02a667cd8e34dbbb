#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "program_run.hpp"

using Catch::Matchers::Contains;
using memspice::cli::run_memspice;

TEST_CASE("doctor shows versions and a sound ngspice", "[cli]") {
  const auto run = run_memspice({"doctor"});
  INFO(run.err);
  CHECK(run.code == 0);
  CHECK_THAT(run.out,
             Contains("Eigen") && Contains("ngspice-") && Contains("cores") &&
                 Contains("self-test") && Contains("ok"));
  CHECK(run.out.find('\033') == std::string::npos);
  const auto json = nlohmann::json::parse(run_memspice({"doctor", "--json", "--quiet"}).out);
  CHECK(json["ok"] == true);
  CHECK(json["cores"].get<int>() >= 1);
  // 3 kOhm of 4 kOhm at 1 V.
  CHECK(json["self_test"]["measured"].get<double>() == Approx(0.75).margin(1e-9));
}

TEST_CASE("doctor ends with 1 when ngspice is missing", "[cli]") {
  const auto run = run_memspice({"doctor", "--json", "--set", "spice.library=libnowhere.so"});
  CHECK(run.code == 1);
  const auto json = nlohmann::json::parse(run.out);
  CHECK(json["ok"] == false);
  CHECK_THAT(json["fault"].get<std::string>(), Contains("libnowhere.so"));
  CHECK_THAT(run.err, Contains("memspice: error: ") && Contains("--set spice.library="));
}
