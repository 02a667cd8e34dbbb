#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "base/column_table.hpp"
#include "base/csv.hpp"
#include "base/files.hpp"
#include "config/memristor_card.hpp"
#include "program_run.hpp"
#include "support/made_up_device.hpp"

using namespace memspice;
using Catch::Matchers::Contains;
using cli::ProgramRun;
using cli::run_memspice;
using Json = nlohmann::json;

namespace {

/// Tables of one made-up device.
struct Bench {
  TemporaryFolder folder;
  Bench() {
    const test::MadeUpDevice device;
    write_file(at("sweeps.csv"), test::measure_sweeps(device, RandomStream(1, "sweeps")));
    write_file(at("programmed.csv"), test::measure_programmed(device, RandomStream(1, "written")));
    write_file(at("retention.csv"), test::measure_retention(device, RandomStream(1, "retention")));
  }
  std::string at(const std::string& name) const { return (folder.path() / name).string(); }
  ProgramRun fit(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {"device", "fit"});
    return run_memspice(arguments);
  }
};

}  // namespace

TEST_CASE("device fit puts measurements together into a card that flows read", "[cli]") {
  const Bench bench;
  const std::string out = bench.at("mine.toml");
  const ProgramRun run = bench.fit({bench.at("programmed.csv"),
                                    bench.at("sweeps.csv"),
                                    bench.at("retention.csv"),
                                    "--plot",
                                    bench.at("fit.svg"),
                                    "--out",
                                    out,
                                    "--json"});
  INFO(run.err);
  REQUIRE(run.code == 0);
  const Json json = Json::parse(run.out);
  CHECK(json["model"] == "static_read");
  CHECK(json["residuals"].size() == 3);
  const test::MadeUpDevice truth;
  const auto interval_of = [&](const char* key) { return json["figures"][key]["interval"]; };
  CHECK(interval_of("alpha")[0] < truth.alpha);
  CHECK(interval_of("alpha")[1] > truth.alpha);
  const device::ReadCard card = config::load_read_card("static_read", out);
  CHECK(card.levels.value == 16.0);
  CHECK_THAT(card.alpha.source, Contains("fitted to sweeps.csv; 95 %: "));
  const device::NonidealityOptions effects = config::load_card_effects("static_read", out);
  CHECK(effects.programming.sigma == Approx(truth.programming_sigma).epsilon(0.25));
  CHECK(effects.drift.nu == Approx(truth.nu).epsilon(0.25));
  CHECK_THAT(read_file(out), Contains("# Fitted by memspice") && Contains("SHA-256"));
  const std::string plot = read_file(bench.at("fit.svg"));
  CHECK_THAT(plot, Contains("voltage [mV]") && Contains("current [uA]") && Contains("time [s]"));
  const ProgramRun show = run_memspice({"device", "show", out});
  CHECK_THAT(show.out, Contains("Cells: ") && Contains("programming error"));
}

TEST_CASE("device fit writes the same card wherever the data lie", "[cli]") {
  const Bench here, there;
  for (const Bench* bench : {&here, &there}) {
    REQUIRE(bench->fit({bench->at("sweeps.csv"), "--out", bench->at("mine.toml")}).code == 0);
  }
  CHECK(read_file(here.at("mine.toml")) == read_file(there.at("mine.toml")));
}

TEST_CASE("device fit invents nothing that the data do not tell", "[cli]") {
  const Bench bench;
  const std::string data = bench.at("programmed.csv"), out = bench.at("mine.toml");
  const ProgramRun untold = bench.fit({data, "--out", out});
  CHECK(untold.code == 2);
  CHECK_THAT(untold.err,
             Contains("programmed.csv: alpha: is not told by the data") && Contains("--base"));
  CHECK_FALSE(std::filesystem::exists(out));
  REQUIRE(bench.fit({data, "--out", out, "--base", "linear"}).code == 0);
  const device::ReadCard based = config::load_read_card("static_read", out);
  CHECK(based.alpha.value == 0.0);
  CHECK_THAT(based.alpha.source, Contains("not told by the data; of card linear"));
  REQUIRE(bench.fit({data, "--out", out, "--set", "alpha=3 1/V"}).code == 0);
  CHECK(config::load_read_card("static_read", out).alpha.source == "given by --set");
}

TEST_CASE("a dynamic card that was fitted to a loop runs in both engines", "[cli]") {
  const Bench bench;
  const std::string loop = bench.at("loop.csv"), out = bench.at("mine.toml");
  const std::vector<std::string> drive = {
      "--drive", "triangle", "--amplitude", "1 V", "--frequency", "10", "--points", "201"};
  const auto trace = [&](const std::vector<std::string>& card, const std::string& engine) {
    std::vector<std::string> line = {"device", "trace"};
    line.insert(line.end(), card.begin(), card.end());
    line.insert(line.end(), drive.begin(), drive.end());
    line.insert(line.end(), {"--engine", engine, "--out", bench.at(engine + ".csv")});
    const ProgramRun run = run_memspice(line);
    INFO(run.err);
    REQUIRE(run.code == 0);
    return read_columns(bench.at(engine + ".csv"), {{"current", Unit::Ampere}}).at("current");
  };
  // The trace of a shipped card is what the fit has to find again.
  trace({"yakopcic", "--card", "oblea_sweeps"}, "ode");
  std::filesystem::rename(bench.at("ode.csv"), loop);
  const ProgramRun run = bench.fit({loop, "--model", "yakopcic", "--out", out, "--json"});
  INFO(run.err);
  REQUIRE(run.code == 0);
  CHECK(Json::parse(run.out)["model"] == "yakopcic");
  const Eigen::VectorXd ode = trace({out}, "ode"), spice = trace({out}, "ngspice");
  const double scale = ode.cwiseAbs().maxCoeff();
  CHECK((ode - spice).cwiseAbs().maxCoeff() < 5e-3 * scale);  // as device compare holds them
  const Eigen::VectorXd truth = read_columns(loop, {{"current", Unit::Ampere}}).at("current");
  CHECK((ode - truth).cwiseAbs().maxCoeff() < 0.02 * scale);
}

TEST_CASE("a table out of sweeps is a cell of arrays in both engines", "[cli]") {
  const Bench bench;
  const std::string out = bench.at("mine.toml");
  const ProgramRun run = bench.fit({bench.at("sweeps.csv"), "--model", "table", "--out", out});
  INFO(run.err);
  REQUIRE(run.code == 0);
  CHECK_THAT(read_file(out),
             Contains("state_8 = [") && Contains("source = \"fitted to sweeps.csv\""));
  CHECK_THAT(run_memspice({"device", "show", out}).out, Contains("ode, ngspice"));
  write_file(bench.at("G.csv"), "5e-6,20e-6\n40e-6,0\n3e-6,11e-6\n");
  write_file(bench.at("V.csv"), "0.2,-0.1,0.3\n-0.3,0.25,0.1\n");
  const auto solve = [&](std::vector<std::string> more) {
    std::vector<std::string> line = {"solve", "--conductance", bench.at("G.csv")};
    line.insert(line.end(), {"--voltage", bench.at("V.csv"), "--wire", "10", "--card", out});
    line.insert(line.end(), more.begin(), more.end());
    const ProgramRun solved = run_memspice(line);
    INFO(solved.err);
    REQUIRE(solved.code == 0);
    return parse_csv(solved.out, "answer");
  };
  const Eigen::MatrixXd mesh = solve({}), spice = solve({"--engine", "ngspice"});
  const Eigen::MatrixXd held = solve({"--engine", "ngspice", "--certificate"});
  CHECK((mesh - spice).cwiseAbs().maxCoeff() < 1e-6 * mesh.cwiseAbs().maxCoeff());
  CHECK((mesh - held).cwiseAbs().maxCoeff() < 1e-6 * mesh.cwiseAbs().maxCoeff());
  const ProgramRun own =
      run_memspice({"solve",
                    "--conductance",
                    bench.at("G.csv"),
                    "--voltage",
                    bench.at("V.csv"),
                    "--card",
                    std::string(MEMSPICE_ROOT_DIR) + "/flows/examples/sinh_drift/example.toml"});
  CHECK(own.code == 2);
  CHECK_THAT(own.err, Contains("whose law ngspice alone knows"));
}

TEST_CASE("device fit refuses what it cannot fit or write", "[cli]") {
  const Bench bench;
  const std::string data = bench.at("sweeps.csv"), loop = bench.at("loop.csv");
  std::string readings = "time_s,voltage_V,current_A\n";
  for (int k = 1; k <= 20; ++k) {
    readings += test::csv_row({double(k), k % 2 == 0 ? 1.0 : -1.0, k % 2 == 0 ? 1e-6 : -1e-6});
  }
  write_file(loop, readings);
  const std::pair<std::vector<std::string>, const char*> cases[] = {
      {{bench.at("none.csv")}, "none.csv"},
      {{data, "--out", bench.at("card.txt")}, "must end in .toml"},
      {{data, "--kind", "sweeps"}, "--kind"},
      {{data, "--set", "alpa=1"}, "did you mean \"alpha\""},
      {{data, "--set", "alpha=1 V"}, "must be a finite number in 1/V"},
      {{data, "--columns", "voltage_V"}, "is no number"},
      {{data, "--model", "table", "--base", "linear"}, "made of data alone"},
      {{data, "--model", "vteam"}, "nothing switches there"},
      {{loop, "--set", "v_on=-1 V"}, "add --model vteam, or yakopcic"},
      {{loop, "--model", "stanford"}, "one of vteam, yakopcic, stanford_rram"}};
  for (const auto& [arguments, words] : cases) {
    const ProgramRun run = bench.fit(arguments);
    INFO(words << '\n' << run.err);
    CHECK(run.code == 2);
    CHECK_THAT(run.err, Contains(words));
  }
}
