#include "cli/solve_command.hpp"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "base/csv.hpp"
#include "base/files.hpp"
#include "program_run.hpp"

using namespace memspice;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;
using cli::ProgramRun;
using cli::run_memspice;

namespace {

/// G.csv and V.csv in a folder of their own.
class Bench {
 public:
  Bench(const std::string& G, const std::string& V) {
    write_file(file("G.csv"), G);
    write_file(file("V.csv"), V);
  }
  std::string file(const std::string& name) const { return (folder_.path() / name).string(); }
  ProgramRun solve(std::vector<std::string> more = {}) const {
    std::vector<std::string> arguments{
        "solve", "--conductance", file("G.csv"), "--voltage", file("V.csv")};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_memspice(arguments);
  }
  std::size_t files() const {
    const std::filesystem::directory_iterator all(folder_.path());
    return static_cast<std::size_t>(std::distance(begin(all), end(all)));
  }

 private:
  TemporaryFolder folder_;
};

/// A direct solve of a few unknowns loses a few bits.
constexpr double kRounding = 1e-13;
/// What the two engines have to agree to.
constexpr double kAgreement = 1e-8;

}  // namespace

TEST_CASE("solve gives the closed form of one cell", "[cli]") {
  const Bench bench("1e-4\n", "0.2\n-0.1\n");
  // Driver, one segment, cell, one segment, sense in series.
  const double R = 100.0 + 2.0 + 1e4 + 3.0 + 10.0;
  const auto run = bench.solve(
      {"--wire-row", "2", "--wire-col", "3 Ohm", "--driver", "0.1 kOhm", "--sense", "10"});
  INFO(run.err);
  REQUIRE(run.code == 0);
  const Eigen::MatrixXd I = parse_csv(run.out, "out");
  REQUIRE(I.rows() == 2);
  REQUIRE(I.cols() == 1);
  CHECK(I(0, 0) == Approx(0.2 / R).epsilon(kRounding));
  CHECK(I(1, 0) == Approx(-0.1 / R).epsilon(kRounding));
}

TEST_CASE("solve without wires is the matrix product", "[cli]") {
  const Bench bench("1e-5,2e-5,0\n3e-5,0,4e-5\n", "0.1,0.2\n");
  const auto run = bench.solve();
  REQUIRE(run.code == 0);
  const Eigen::MatrixXd I = parse_csv(run.out, "out");
  const Eigen::RowVector3d expected(7e-6, 2e-6, 8e-6);
  CHECK((I - expected).cwiseAbs().maxCoeff() < kRounding * 8e-6);
  const auto response = bench.solve({"--response"});
  REQUIRE(response.code == 0);
  const Eigen::MatrixXd G = parse_csv(response.out, "out");
  CHECK((G - read_csv(bench.file("G.csv"))).cwiseAbs().maxCoeff() < kRounding * 4e-5);
}

TEST_CASE("solve: mesh and ngspice agree, linear and not", "[cli]") {
  const Bench bench("1e-5,2e-5,0\n3e-5,0,4e-5\n", "0.1,0.2\n0.2,-0.2\n");
  for (const char* alpha : {"0", "2.5 1/V"}) {
    std::vector<std::string> options{
        "--wire", "20", "--driver", "100", "--sense", "10", "--alpha", alpha};
    const auto mesh = bench.solve(options);
    options.insert(options.end(), {"--engine", "ngspice", "--jobs", "1"});
    const auto spice = bench.solve(options);
    INFO(mesh.err << spice.err);
    REQUIRE(mesh.code == 0);
    REQUIRE(spice.code == 0);
    const Eigen::MatrixXd a = parse_csv(mesh.out, "mesh");
    const Eigen::MatrixXd b = parse_csv(spice.out, "spice");
    REQUIRE(a.rows() == b.rows());
    CHECK((a - b).cwiseAbs().maxCoeff() <= kAgreement * b.cwiseAbs().maxCoeff());
  }
}

TEST_CASE("solve: the response and the nodes agree between the engines", "[cli]") {
  const Bench bench("1e-5,2e-5\n3e-5,4e-5\n", "0.1,0.2\n");
  Eigen::MatrixXd response[2];
  Eigen::MatrixXd nodes[2];
  const char* engines[] = {"mesh", "ngspice"};
  for (int k = 0; k < 2; ++k) {
    const auto run = bench.solve({"--wire", "5", "--response", "--engine", engines[k]});
    INFO(run.err);
    REQUIRE(run.code == 0);
    response[k] = parse_csv(run.out, engines[k]);
    const std::string file = bench.file("nodes.csv");
    REQUIRE(bench.solve({"--wire", "5", "--node-voltages", file, "--engine", engines[k]}).code ==
            0);
    nodes[k] = read_csv(file);
  }
  CHECK((response[0] - response[1]).norm() <= kAgreement * response[1].norm());
  REQUIRE(nodes[0].rows() == 4);
  REQUIRE(nodes[0].cols() == 5);
  CHECK((nodes[0] - nodes[1]).norm() <= kAgreement * nodes[1].norm());
  // The current into cell (0,0) returns through both word lines: V = 0.1 V - I 5 Ohm at its node.
  const double I =
      (nodes[0](0, 3) - nodes[0](0, 4)) * 1e-5 + (nodes[0](1, 3) - nodes[0](1, 4)) * 2e-5;
  CHECK(nodes[0](0, 3) == Approx(0.1 - 5.0 * I).epsilon(kRounding));
}

TEST_CASE("solve --json is the result alone", "[cli]") {
  const Bench bench("1e-5,2e-5\n3e-5,4e-5\n", "0.1,0.2\n");
  const auto run = bench.solve({"--wire", "1", "--json"});
  REQUIRE(run.code == 0);
  const auto json = nlohmann::json::parse(run.out);
  CHECK(json["engine"] == "mesh");
  CHECK(json["seconds_solve"].is_number());
  CHECK(json["iterations"].is_number_integer());
  CHECK(json["residual"].get<double>() < 1e-10);
  CHECK(json["current"].size() == 1);
  CHECK(json["current"][0].size() == 2);
  const auto spice = bench.solve({"--engine", "ngspice", "--json"});
  INFO(spice.err);
  REQUIRE(spice.code == 0);
  CHECK(nlohmann::json::parse(spice.out)["residual"].is_null());
  CHECK_THAT(nlohmann::json::parse(spice.out)["engine"].get<std::string>(), StartsWith("ngspice"));
}

TEST_CASE("solve --out writes the file, whole, and nothing else", "[cli]") {
  const Bench bench("1e-5\n", "0.1\n");
  const auto quiet = bench.solve({"--out", bench.file("I.csv"), "--quiet"});
  CHECK(quiet.code == 0);
  CHECK(quiet.out.empty());
  CHECK(quiet.err.empty());
  CHECK(read_csv(bench.file("I.csv"))(0, 0) == Approx(1e-6).epsilon(kRounding));
  CHECK(bench.files() == 3);
  const auto refused = bench.solve({"--out", bench.file("I.csv") + "/under/a/file.csv"});
  CHECK(refused.code == 1);
  CHECK_THAT(refused.err, StartsWith("memspice: error: ") && Contains("cannot be written"));
  CHECK(bench.files() == 3);
}

TEST_CASE("solve takes array settings by --set, its own options win", "[cli]") {
  const Bench bench("1e-3\n", "1\n");
  const auto current = [&](std::vector<std::string> options) {
    return parse_csv(bench.solve(std::move(options)).out, "out")(0, 0);
  };
  CHECK(current({"--set", "array.wire=5"}) == Approx(1.0 / 1010.0).epsilon(kRounding));
  CHECK(current({"--set", "array.wire=5", "--wire", "10"}) ==
        Approx(1.0 / 1020.0).epsilon(kRounding));
  CHECK(bench.solve({"--set", "mapping.rows=5"}).code == 2);
}

TEST_CASE("bad matrices are named by file, line and column", "[cli]") {
  const auto [G, V, expected] = GENERATE(table<std::string, std::string, std::string>({
      {"1e-5,2e-5\n3e-5\n", "1,1\n", "G.csv:2: 1 fields: every row must have as many"},
      {"", "1\n", "G.csv: holds no numbers"},
      {"# none\n\n", "1\n", "G.csv: holds no numbers"},
      {"1e-5,nan\n", "1\n", "must be finite"},
      {"1e-5,1e999\n", "1\n", "G.csv:1: column 2"},
      {"1e-5,x\n", "1\n", "G.csv:1: column 2 \"x\": is no number"},
      {"1e-5,1e-5\n1e-5,-1e-6\n",
       "1,1\n",
       "G.csv: row 2, column 2: -1e-06 S: a conductance is zero or positive"},
      {"1e-5\n1e-5\n", "1\n", "V.csv: 1 columns: "},
      {"1e-5\n", "1,2\n", "V.csv: 2 columns: "},
      {"1e-5\n", "inf\n", "V.csv:1: column 1 \"inf\": must be finite"},
      {"1e-5\n", "", "V.csv: holds no numbers"},
  }));
  const Bench bench(G, V);
  const auto run = bench.solve({"--out", bench.file("I.csv")});
  INFO(run.err);
  CHECK(run.code == 2);
  CHECK(run.out.empty());
  CHECK_THAT(run.err, StartsWith("memspice: error: ") && Contains(expected));
  CHECK(bench.files() == 2);
}

TEST_CASE("bad amounts and combinations are refused", "[cli]") {
  const Bench bench("1e-5\n", "1\n");
  const auto [options, expected] = GENERATE(table<std::vector<std::string>, std::string>({
      {{"--wire", "-1"}, "--wire: -1: must be zero or positive"},
      {{"--driver", "1 V"}, "--driver: \"1 V\": must be a finite number in Ohm"},
      {{"--sense", "nan"}, "--sense: \"nan\": must be a finite number"},
      {{"--alpha", "-2"}, "--alpha: -2: must be zero or positive"},
      {{"--engine", "xyce"}, "--engine: \"xyce\": is not known here; one of mesh, ngspice"},
      {{"--response", "--alpha", "1"}, "only linear cells have one"},
      {{"--response", "--node-voltages", "x"}, "belong to input vectors"},
  }));
  const auto run = bench.solve(options);
  INFO(run.err);
  CHECK(run.code == 2);
  CHECK_THAT(run.err, Contains(expected));
  CHECK(run_memspice({"solve", "--conductance", bench.file("G.csv")}).code == 2);
  CHECK(run_memspice({"solve", "--conductance", bench.file("absent.csv"), "--response"}).code == 2);
}

TEST_CASE("a full disk on standard output is a failed run", "[cli]") {
  const Bench bench("1e-5\n", "1\n");
  const std::string command = cli::memspice_program() + " solve --conductance " +
                              bench.file("G.csv") + " --voltage " + bench.file("V.csv");
  const auto code = [](const std::string& line) { return std::system(line.c_str()) >> 8; };
  CHECK(code(command + " > /dev/full 2> /dev/null") == 1);
  // A reader that has gone away is no fault.
  const std::string status = bench.file("status");
  code("{ sleep 0.2; " + cli::memspice_program() + " solve --help; echo $? > " + status +
       "; } | true");
  CHECK(read_file(status) == "0\n");
}
