// memspice show, memspice solve --plot, and the line that runs a result again.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "base/csv.hpp"
#include "base/files.hpp"
#include "flow/tiny_flow.hpp"
#include "program_run.hpp"

using namespace memspice;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;
using cli::run_memspice;

TEST_CASE("show writes every cell of the crossbar that is asked for", "[cli][show]") {
  const testing::TinyFlow tiny;
  const std::string out = (tiny.folder() / "cells.csv").string();
  const auto run = run_memspice(
      {"show", tiny.file().string(), "--tile", "conv:0:0", "--spice", "--out", out, "--json"});
  INFO(run.err);
  REQUIRE(run.code == 0);
  const auto json = nlohmann::json::parse(run.out);
  CHECK(json["tile"] == "conv_b0_r0_c0");
  CHECK(json["largest_spice_error"].get<double>() < 1e-6 * json["largest_current"].get<double>());
  const std::string table = read_file(out);
  CHECK_THAT(table, StartsWith("word_line,bit_line,conductance_S"));
  const Eigen::MatrixXd cells = parse_csv(table.substr(table.find('\n') + 1), out);
  CHECK(cells.rows() == json["word_lines"].get<long>() * json["bit_lines"].get<long>());
  CHECK(cells.cols() == 8);
  // Ohmic cells: the current is G times the voltage across.
  const Eigen::VectorXd current = cells.col(2).cwiseProduct(cells.col(3) - cells.col(4));
  CHECK((current - cells.col(6)).cwiseAbs().maxCoeff() < 1e-15);
}

TEST_CASE("show names what there is where something is not", "[cli][show]") {
  const testing::TinyFlow tiny;
  const auto show = [&](std::vector<std::string> more) {
    std::vector<std::string> arguments{"show", tiny.file().string()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_memspice(arguments);
  };
  const auto tile = show({"--tile", "conv:9:0"});
  CHECK(tile.code == 2);
  CHECK_THAT(tile.err, Contains("conv:9:0") && Contains("conv_b0_r0_c0"));
  CHECK_THAT(show({"--tile", "conv:0:0", "--image", "99"}).err, Contains("8 images"));
  CHECK_THAT(show({"--tile", "conv:0:0", "--vector", "4"}).err, Contains("4 vectors"));
  CHECK_THAT(show({"--tile", "conv:0:0", "--out", "x.bmp"}).err, Contains(".svg, .csv or .npz"));
}

TEST_CASE("solve --plot draws the array under its first vector", "[cli][solve]") {
  const TemporaryFolder folder;
  const auto file = [&](const char* name) { return (folder.path() / name).string(); };
  write_file(file("G.csv"), "1e-5,2e-5\n3e-5,4e-5\n");
  write_file(file("V.csv"), "0.2,0.1\n");
  for (const std::string engine : {"mesh", "ngspice"}) {
    const auto run = run_memspice({"solve",
                                   "--conductance",
                                   file("G.csv"),
                                   "--voltage",
                                   file("V.csv"),
                                   "--driver",
                                   "1 kOhm",
                                   "--engine",
                                   engine,
                                   "--plot",
                                   file("a.svg"),
                                   "--out",
                                   file("I.csv")});
    INFO(run.err);
    REQUIRE(run.code == 0);
    const std::string svg = read_file(file("a.svg"));
    // 0.2 V (1 - 1/(1 + 1 kOhm 30 uS)) = 5.825 mV of the first line.
    CHECK_THAT(svg, Contains("word line 0, bit line 0: 5.83 mV"));
    CHECK((svg.find("in ngspice less") != std::string::npos) == (engine == "ngspice"));
  }
  CHECK_THAT(
      run_memspice({"solve", "--conductance", file("G.csv"), "--response", "--plot", file("b.svg")})
          .err,
      Contains("--plot"));
}

TEST_CASE("the line for another run gives the same numbers", "[cli][provenance]") {
  const testing::TinyFlow tiny;
  const std::string out = (tiny.folder() / "first").string();
  const auto run = run_memspice({"run",
                                 tiny.file().string(),
                                 "--set",
                                 "array.wire=\"7 Ohm\"",
                                 "--seed",
                                 "5",
                                 "--out",
                                 out,
                                 "--quiet"});
  INFO(run.err);
  REQUIRE(run.code == 0);
  const auto first = nlohmann::json::parse(read_file(out + "/results.json"));
  const auto& from = first["provenance"];
  CHECK(from["overrides"] == nlohmann::json{"array.wire=\"7 Ohm\"", "seed=5"});
  CHECK_THAT(from["command"].get<std::string>(), Contains("--out " + out));
  std::string line = from["rerun"].get<std::string>();
  REQUIRE_THAT(line,
               StartsWith("memspice run ") && Contains("--set 'array.wire=\"7 Ohm\"'") &&
                   Contains("--seed 5"));
  line.replace(0, 8, cli::memspice_program());
  line = "cd " + tiny.folder().string() + " && " + line + " --quiet";
  REQUIRE(std::system(line.c_str()) == 0);
  std::filesystem::path again;
  for (const auto& entry : std::filesystem::directory_iterator(tiny.folder() / "results")) {
    again = entry.path();
  }
  const auto second = nlohmann::json::parse(read_file(again / "results.json"));
  CHECK(first["accuracy"] == second["accuracy"]);
  CHECK(first["calibration"] == second["calibration"]);
}
