// solve at the ends of its range: a wrong value is an error or a warning, never a number.
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/csv.hpp"
#include "base/files.hpp"
#include "program_run.hpp"

using namespace memspice;
using Catch::Matchers::Contains;
using cli::ProgramRun;
using cli::run_memspice;
using Arguments = std::vector<std::string>;

namespace {

class LimitsBench {
 public:
  LimitsBench(const std::string& G, const std::string& V) {
    write_file(file("G.csv"), G);
    write_file(file("V.csv"), V);
  }
  std::string file(const std::string& name) const { return (folder_.path() / name).string(); }
  Arguments arguments(const Arguments& more) const {
    Arguments all{"solve", "--conductance", file("G.csv"), "--voltage", file("V.csv")};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }
  ProgramRun solve(const Arguments& more = {}) const { return run_memspice(arguments(more)); }

 private:
  TemporaryFolder folder_;
};

/// Exit code of the program and the most memory that it held [bytes].
std::pair<int, double> measure(Arguments arguments) {
  const pid_t child = ::fork();
  if (child == 0) {
    arguments.insert(arguments.begin(), cli::memspice_program());
    std::vector<char*> argv;
    for (std::string& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    ::execv(argv[0], argv.data());
    ::_exit(127);
  }
  int status = 0;
  rusage usage{};
  ::wait4(child, &status, 0, &usage);
  return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status),
          1024.0 * static_cast<double>(usage.ru_maxrss)};
}

std::string repeated(const std::string& text, int times) {
  std::string all;
  for (int k = 0; k < times; ++k) all += text;
  return all;
}

}  // namespace

TEST_CASE("solve holds the flows' limit on alpha V", "[cli]") {
  const LimitsBench bench("1e-5,2e-5\n3e-5,4e-5\n", "1,-0.5\n-1,1\n");
  for (const char* engine : {"mesh", "ngspice"}) {
    for (const char* alpha : {"28", "38", "400", "5000", "1e300"}) {
      const auto run = bench.solve({"--alpha", alpha, "--engine", engine, "--json"});
      INFO(run.err);
      CHECK(run.code == 2);
      CHECK(run.out.empty());
      CHECK_THAT(run.err, Contains("--alpha") && Contains("at most 20") && Contains("V.csv"));
    }
  }
  CHECK(LimitsBench("1e-5\n", "1\n").solve({"--alpha", "5000"}).code == 2);
  CHECK(LimitsBench("1e-5\n", "1\n").solve({"--set", "device.alpha=5000", "--wire", "1"}).code ==
        2);
}

TEST_CASE("solve is exact up to that limit, for either sign", "[cli]") {
  constexpr double kRounding = 1e-12;
  const LimitsBench bench("1e-5\n", "1\n-1\n0.5\n");
  const auto run = bench.solve({"--alpha", "20", "--json"});
  REQUIRE(run.code == 0);
  const auto json = nlohmann::json::parse(run.out);
  const double expected = 1e-5 * std::sinh(20.0) / 20.0;
  CHECK(std::abs(json["current"][0][0].get<double>() / expected - 1.0) < kRounding);
  CHECK(std::abs(json["current"][1][0].get<double>() / -expected - 1.0) < kRounding);
  CHECK(std::abs(json["current"][2][0].get<double>() / (1e-5 * std::sinh(10.0) / 20.0) - 1.0) <
        kRounding);
}

TEST_CASE("solve refuses numbers whose products a double cannot hold", "[cli]") {
  for (const char* wire : {"1e-320", "1e-100", "1e300", "1e308"}) {
    const auto run = LimitsBench("1e-5,2e-5\n", "0.2\n").solve({"--wire", wire, "--json"});
    INFO(run.err);
    CHECK(run.code == 2);
    CHECK_THAT(run.err, Contains("resistance"));
    CHECK(run.out.empty());
  }
  CHECK(LimitsBench("1e-5\n", "1e-200\n").solve({"--wire", "1"}).code == 2);
  CHECK(LimitsBench("1e300\n", "0.2\n").solve({"--wire", "1"}).code == 2);
  CHECK(LimitsBench("1e-5\n", "0.2\n").solve({"--driver", "1e308", "--wire", "1e308"}).code == 2);
}

TEST_CASE("the residual of a response is measured", "[cli]") {
  const LimitsBench bench("1e-5,2e-5\n3e-5,4e-5\n5e-6,6e-6\n", "0.1,0.2,0.3\n");
  for (const Arguments& wires : std::vector<Arguments>{{"--wire", "2"},
                                                       {"--wire", "2", "--driver", "100"},
                                                       {"--wire-row", "3", "--sense", "5"}}) {
    Arguments more = wires;
    more.insert(more.end(), {"--response", "--json"});
    const auto run = bench.solve(more);
    REQUIRE(run.code == 0);
    const auto json = nlohmann::json::parse(run.out);
    REQUIRE(json["residual"].is_number());
    CHECK(json["residual"].get<double>() > 0.0);  // some rounding there is
    CHECK(json["residual"].get<double>() < 1e-9);
  }
}

TEST_CASE("solve warns of values that are no crossbar's", "[cli]") {
  struct Case {
    const char *G, *V;
    Arguments more;
    const char* words;
  };
  const std::vector<Case> cases{
      {"10000,20000\n", "0.2\n", {}, "1/R"},  // Ohm in place of S
      {"20\n", "0.2\n", {}, "usual is 1 pS to 10 mS"},
      {"1e-5\n", "0.2\n", {"--wire", "1 MOhm"}, "wire: 1 MOhm"},
      {"1e-5\n", "200\n", {}, "V.csv: largest voltage: 200 V"},
      {"1e-5\n", "0.2\n", {"--driver", "1e9"}, "driver: 1 GOhm"},
  };
  for (const Case& odd : cases) {
    for (const Arguments& extra : std::vector<Arguments>{{}, {"--quiet"}, {"--json"}}) {
      Arguments more = odd.more;
      more.insert(more.end(), extra.begin(), extra.end());
      const auto run = LimitsBench(odd.G, odd.V).solve(more);
      CHECK(run.code == 0);
      CHECK_THAT(run.err, Contains("warning: ") && Contains(odd.words));
    }
  }
  CHECK(LimitsBench("1e-5,0\n", "0.2\n").solve({"--wire", "2"}).err.empty());
}

TEST_CASE("one wire is given once", "[cli]") {
  const LimitsBench bench("1e-5\n", "0.2\n");
  for (const Arguments& more :
       std::vector<Arguments>{{"--wire", "1", "--wire-row", "2"},
                              {"--wire", "1", "--wire-col", "2"},
                              {"--wire", "1", "--set", "array.wire_row=2"},
                              {"--wire-row", "1", "--set", "array.wire=2"},
                              {"--set", "array.wire=1", "--set", "array.wire_column=2"}}) {
    const auto run = bench.solve(more);
    INFO(run.err);
    CHECK(run.code == 2);
    CHECK_THAT(run.err, Contains("contradicts"));
  }
  CHECK(bench.solve({"--wire-row", "1", "--wire-col", "2"}).code == 0);
}

TEST_CASE("small files do not take gigabytes", "[cli]") {
  constexpr double kPromise = 2e9;  // [bytes]
  const TemporaryFolder folder;
  const std::string out = (folder.path() / "out.csv").string();
  const auto [code, bytes] =
      measure(LimitsBench(repeated("1e-5\n", 40'000), repeated("1,", 39'999) + "1\n")
                  .arguments({"--response", "--wire", "1", "--out", out, "--quiet"}));
  CHECK(code == 0);
  CHECK(bytes < kPromise);
  const LimitsBench flat(repeated("1e-5,", 5000) + "1e-5\n", repeated("1\n", 5000));
  for (const Arguments& more :
       std::vector<Arguments>{{}, {"--node-voltages", (folder.path() / "nodes.csv").string()}}) {
    Arguments all = more;
    all.insert(all.end(), {"--out", out, "--quiet"});
    const auto [limit_code, limit_bytes] = measure(flat.arguments(all));
    CHECK(limit_code == 2);
    CHECK(limit_bytes < kPromise);
  }
  const LimitsBench tall(repeated("1e-5\n", 2000), "1\n");
  const auto run = run_memspice(
      {"solve", "--conductance", tall.file("G.csv"), "--response", "--engine", "ngspice"});
  CHECK(run.code == 2);
  CHECK_THAT(run.err, Contains("at most 1e+06 at once"));
}
