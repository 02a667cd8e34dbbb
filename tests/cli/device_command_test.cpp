#include "cli/device_command.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <nlohmann/json.hpp>
#include <regex>

#include "base/csv.hpp"
#include "base/files.hpp"
#include "program_run.hpp"

using namespace memspice;
using Catch::Matchers::Contains;
using cli::ProgramRun;
using cli::run_memspice;
using Json = nlohmann::json;

namespace {

const std::string kExample =
    std::string(MEMSPICE_ROOT_DIR) + "/flows/examples/sinh_drift/example.toml";
const std::string kStuck = std::string(MEMSPICE_TEST_DIR) + "/cli/cards/stuck.toml";

Eigen::MatrixXd traced(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {"device", "trace"});
  const ProgramRun run = run_memspice(arguments);
  INFO(run.err);
  REQUIRE(run.code == 0);
  CHECK(run.out.starts_with("# time_s,voltage_v,current_a,state,resistance_ohm"));
  return parse_csv(run.out, "trace");
}

const std::vector<std::string> kVteam = {
    "vteam", "--drive", "sin", "--amplitude", "0.3 V", "--frequency", "1e6", "--points", "401"};

std::vector<std::string> with(std::vector<std::string> arguments, std::vector<std::string> more) {
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

/// The card of sinh_drift with one text replaced, beside a copy of its subcircuit.
struct OwnCard {
  TemporaryFolder folder;
  std::string file() const { return (folder.path() / "example.toml").string(); }
  ProgramRun show(const std::string& from, const std::string& to, const char* what = "show") {
    std::string text = read_file(kExample);
    const auto at = text.find(from);
    REQUIRE(at != std::string::npos);
    write_file(file(), text.replace(at, from.size(), to));
    const auto beside = std::filesystem::path(kExample).parent_path() / "sinh_drift.sub";
    write_file(folder.path() / "sinh_drift.sub", read_file(beside));
    return run_memspice({"device", what, file()});
  }
};

/// Exit code 2 and a message with file:line, rule and remedy.
void check_refused(const ProgramRun& run, const std::string& place, const std::string& words) {
  INFO(run.err);
  CHECK(run.code == 2);
  CHECK_THAT(run.err, Contains(place));
  CHECK_THAT(run.err, Contains(words));
  CHECK_THAT(run.err, Contains("; "));  // the remedy follows
  CHECK(run.out.empty());
}

}  // namespace

TEST_CASE("device list names every model, its cards and its engines", "[cli]") {
  const ProgramRun run = run_memspice({"device", "list", "--json"});
  REQUIRE(run.code == 0);
  const Json models = Json::parse(run.out);
  REQUIRE(models.size() >= 7);
  CHECK(models[0]["model"] == "linear_ion_drift");
  for (const Json& model : models) {
    CHECK_FALSE(model["cards"].empty());
    CHECK(model["engines"] == Json{"ode", "ngspice"});
  }
  const std::string folder = std::string(MEMSPICE_ROOT_DIR) + "/flows/examples";
  const ProgramRun own = run_memspice({"device", "list", folder});
  REQUIRE(own.code == 0);
  CHECK(std::regex_search(own.out, std::regex("sinh_drift +ngspice only +example")));
  CHECK(run_memspice({"device", "list", "/nonexistent"}).code == 2);
}

TEST_CASE("device show prints values, meanings and sources", "[cli]") {
  const ProgramRun run =
      run_memspice({"device", "show", "vteam", "--set", "v_off=30 mV", "--json"});
  REQUIRE(run.code == 0);
  const Json shown = Json::parse(run.out);
  CHECK(shown["parameters"]["v_off"]["value"] == 0.03);
  CHECK(shown["parameters"]["v_off"]["unit"] == "V");
  CHECK(shown["parameters"]["v_off"]["source"] == "given by --set");
  const ProgramRun own = run_memspice({"device", "show", kExample});
  REQUIRE(own.code == 0);
  CHECK_THAT(own.out, Contains("ngspice only") && Contains("voltage scale of the drift"));
  CHECK_THAT(own.out, Contains("x_init carries the conductance, 2 uS to 50 uS, 32 levels"));
  check_refused(run_memspice({"device", "show", "vteem"}), "vteem", "vteam");
  check_refused(
      run_memspice({"device", "show", "vteam", "--card", "no"}), "card", "kvatinsky_2015");
}

TEST_CASE("device trace draws the same curve in both engines", "[cli]") {
  const Eigen::MatrixXd ode = traced(kVteam);
  const Eigen::MatrixXd spice = traced(with(kVteam, {"--engine", "ngspice"}));
  REQUIRE(ode.rows() == 401);
  REQUIRE(spice.rows() == 401);
  CHECK((ode.col(3) - spice.col(3)).cwiseAbs().mean() < 0.005);
  CHECK(ode(100, 1) == Approx(0.3));                           // a quarter of the period
  CHECK(ode.col(3).maxCoeff() - ode.col(3).minCoeff() > 0.5);  // it switches
  check_refused(run_memspice({"device", "trace", "vteam", "--engine", "hspice"}),
                "--engine",
                "did you mean \"ngspice\"?");
}

TEST_CASE("device trace --series divides the drive and --set changes a parameter", "[cli]") {
  const std::vector<std::string> rests = {"static_read",
                                          "--card",
                                          "linear",
                                          "--amplitude",
                                          "1 V",
                                          "--points",
                                          "5",
                                          "--set",
                                          "x_init=1"};
  for (const char* engine : {"ode", "ngspice"}) {
    // 50 uS is 20 kOhm: with as much in series it takes half of the volt at the quarter period.
    const Eigen::MatrixXd half = traced(with(rests, {"--series", "20 kOhm", "--engine", engine}));
    CHECK(half(1, 1) == Approx(0.5));
    CHECK(half(1, 2) == Approx(25e-6));
    CHECK(half(1, 4) == Approx(20e3));
  }
}

TEST_CASE("device trace --temperature reaches both engines, where the model has it", "[cli]") {
  const std::vector<std::string> hot = {"stanford_rram",
                                        "--drive",
                                        "sin",
                                        "--amplitude",
                                        "0.9 V",
                                        "--frequency",
                                        "1e4",
                                        "--series",
                                        "1 kOhm",
                                        "--points",
                                        "401"};
  const Eigen::MatrixXd cool = traced(hot);
  const Eigen::MatrixXd ode = traced(with(hot, {"--temperature", "350 K"}));
  const Eigen::MatrixXd by_set = traced(with(hot, {"--set", "t_0=350 K"}));
  const Eigen::MatrixXd spice =
      traced(with(hot, {"--temperature", "350 K", "--engine", "ngspice"}));
  CHECK(ode == by_set);
  CHECK((ode.col(3) - spice.col(3)).cwiseAbs().maxCoeff() < 0.005);
  // Hopping is activated by 0.6 eV: 52 K more make it about 30 times faster.
  CHECK(ode.col(3).maxCoeff() > cool.col(3).maxCoeff() + 0.1);
  check_refused(run_memspice({"device", "trace", "vteam", "--temperature", "350 K"}),
                "--temperature",
                "no temperature");
}

TEST_CASE("device trace --plot draws a well-formed picture with both curves", "[cli]") {
  TemporaryFolder folder;
  const std::string file = (folder.path() / "loop.svg").string();
  traced(with(kVteam, {"--plot", file}));
  const std::string svg = read_file(file);
  CHECK(svg.starts_with("<svg "));
  CHECK(svg.ends_with("</svg>\n"));
  const std::regex polyline("<polyline[^>]*points=\"([^\"]*)\"");
  const auto begin = std::sregex_iterator(svg.begin(), svg.end(), polyline);
  REQUIRE(std::distance(begin, std::sregex_iterator()) == 4);  // loop, v, I, x
  for (auto it = begin; it != std::sregex_iterator(); ++it) {
    const std::string points = (*it)[1];
    CHECK(std::count(points.begin(), points.end(), ',') == 401);
    CHECK_THAT(points, !Contains("nan") && !Contains("inf"));
  }
  const auto count = [&](const std::string& what) {
    std::size_t n = 0;
    for (auto at = svg.find(what); at != std::string::npos; at = svg.find(what, at + 1)) ++n;
    return n;
  };
  CHECK(count("<text") == count("</text>"));
  CHECK(count("<g") == count("</g>"));
}

TEST_CASE("a model of a card and a subcircuit alone runs in ngspice", "[cli]") {
  const std::vector<std::string> drive = {kExample,
                                          "--amplitude",
                                          "1.3 V",
                                          "--frequency",
                                          "1",
                                          "--cycles",
                                          "2",
                                          "--points",
                                          "801",
                                          "--engine",
                                          "ngspice"};
  const Eigen::MatrixXd loop = traced(drive);
  CHECK(loop.col(3).maxCoeff() > 0.5);  // it switches
  CHECK(loop.col(3).maxCoeff() < 1.0 + 1e-6);
  const double full_scale = loop.col(2).cwiseAbs().maxCoeff();
  for (const int k : {0, 200, 400, 600, 800}) CHECK(std::abs(loop(k, 2)) < 1e-4 * full_scale);
  // At rest the current is its own closed form: G v_c sinh(v / v_c).
  const Eigen::MatrixXd read = traced({kExample,
                                       "--amplitude",
                                       "0.2 V",
                                       "--frequency",
                                       "1",
                                       "--points",
                                       "5",
                                       "--engine",
                                       "ngspice"});
  const double G = 2e-6 + 48e-6 * 0.1;
  CHECK(read(1, 2) == Approx(G * 0.5 * std::sinh(0.2 / 0.5)).epsilon(1e-4));
  check_refused(run_memspice({"device", "trace", kExample}), "--engine", "ngspice");
}

TEST_CASE("bad cards are refused with file, line, rule and remedy", "[cli]") {
  OwnCard own;
  check_refused(own.show("[v_s]\nvalue = \"50 mV\"\nunit = \"V\"\nlow = \"10 mV\"\nhigh = \"1 V\"\n"
                         "meaning = \"voltage scale of the drift\"\nsource = \"example\"\n",
                         ""),
                "example.toml:3:",
                "[v_s]: is missing");
  check_refused(own.show("\"50 mV\"", "\"50 mA\""), "example.toml:", "v_s");
  check_refused(own.show("\"50 mV\"", "\"-50 mV\""), "example.toml:", "must be 0.01 V to 1 V");
  check_refused(own.show("value = 0.1\n", "value = 1.1\n"), "example.toml:", "initial state x");
  check_refused(own.show("g_max = \"50 uS\"", "g_max = \"1 uS\""), "example.toml:", "g_max");
  check_refused(own.show("g_max = \"50 uS\"", "g_max = \"90 uS\""), "example.toml:", "outside");
  check_refused(
      own.show("parameter = \"x_init\"", "parameter = \"x_unit\""), "example.toml:", "x_init");
  check_refused(own.show("[edge]", "[egde]"), "example.toml:", "edge");
  check_refused(own.show("\"50 mV\"", "\"50 mA\"", "trace"), "example.toml:", "v_s");
  check_refused(
      run_memspice({"device", "show", "vteam", "--set", "v_off=-0.1 V"}), "v_off", "above zero");
  check_refused(
      run_memspice({"device", "show", "vteam", "--set", "w_off=-1 nm"}), "w_off", "upside down");
  check_refused(
      run_memspice({"device", "show", "static_read", "--set", "g_min=1 mS"}), "g_m", "upside down");
  check_refused(
      run_memspice({"device", "trace", "vteam", "--set", "x_init=2"}), "x_init", "initial state");
}

TEST_CASE("a model that does not converge is told with time, node, deck and remedy", "[cli]") {
  TemporaryFolder folder;
  const std::string out = (folder.path() / "out.csv").string();
  const ProgramRun late =
      run_memspice({"device", "trace", kStuck, "--engine", "ngspice", "--out", out});
  INFO(late.err);
  CHECK(late.code == 1);
  CHECK_THAT(late.err, Contains("imestep too small") && Contains("time = 0.08"));  // sin = 0.5
  CHECK_THAT(late.err, Contains("x_device.q"));
  CHECK_THAT(late.err, Contains("smooth") && Contains("--points"));
  std::smatch deck;
  REQUIRE(std::regex_search(late.err, deck, std::regex("its deck: ([^; \n]+)")));
  CHECK(std::filesystem::exists(deck[1].str()));
  std::filesystem::remove(deck[1].str());
  CHECK_FALSE(std::filesystem::exists(out));
  // A start that has no solution: the operating point before the transient fails.
  const ProgramRun early =
      run_memspice({"device", "trace", kStuck, "--engine", "ngspice", "--set", "v_jump=-1 V"});
  INFO(early.err);
  CHECK(early.code == 1);
  CHECK(early.out.empty());
  CHECK_THAT(early.err, Contains("x_device.q"));
  if (std::regex_search(early.err, deck, std::regex("its deck: ([^; \n]+)"))) {
    std::filesystem::remove(deck[1].str());
  }
}

TEST_CASE("device compare holds every model to half a per cent", "[cli]") {
  const ProgramRun run = run_memspice({"device", "compare", "--json", "--jobs", "1"});
  INFO(run.err);
  REQUIRE(run.code == 0);
  const Json rows = Json::parse(run.out);
  CHECK(rows.size() >= 3 * 10);
  bool has_static = false;
  for (const Json& row : rows) {
    INFO(row.dump());
    CHECK(row["failure"] == "");
    CHECK(row["current"] < 0.005);
    CHECK(row["state"] < 0.005);
    has_static = has_static || row["model"] == "static_read";
  }
  CHECK(has_static);
}
