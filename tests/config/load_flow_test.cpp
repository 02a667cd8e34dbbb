#include "config/flow_options.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>

#include "base/error.hpp"
#include "base/files.hpp"

using namespace memspice;
using config::FlowOptions;
using config::load_flow;

namespace {

/// A flow with the given lines behind the tables that every flow needs.
class SmallFlowFile {
 public:
  explicit SmallFlowFile(const std::string& more = "") : path_(folder_.path() / "flow.toml") {
    write_file(path_,
               "seed = 7\n[network]\nfile = \"net.onnx\"\n[data]\nimages = \"t.gz\"\n"
               "labels = \"l.gz\"\ncalibration_images = \"c.gz\"\ncalibration_labels = \"d.gz\"\n" +
                   more);
  }
  FlowOptions load(const config::Overrides& overrides = {}) const {
    return load_flow(path_, overrides);
  }
  /// The message of the InputError, without the temporary folder.
  std::string message(const config::Overrides& overrides = {}) const {
    try {
      load_flow(path_, overrides);
    } catch (const InputError& error) {
      std::string text = error.what();
      const std::string folder = folder_.path().string() + '/';
      for (auto at = text.find(folder); at != std::string::npos; at = text.find(folder)) {
        text.erase(at, folder.size());
      }
      return text;
    }
    return "accepted";
  }
  const std::filesystem::path& folder() const { return folder_.path(); }

 private:
  TemporaryFolder folder_;
  std::filesystem::path path_;
};

constexpr int kFirstLine = 9;  // of what a test appends

std::string at_line(int line, int column) {
  return "flow.toml:" + std::to_string(kFirstLine + line) + ':' + std::to_string(column) + ": ";
}

}  // namespace

TEST_CASE("load_flow takes cards and defaults for absent keys", "[config]") {
  const FlowOptions options = SmallFlowFile().load();
  CHECK(options.name == "flow");
  CHECK(options.seed == 7);
  CHECK(options.out == std::filesystem::path("results/flow"));
  CHECK(options.data.calibration.limit == 200);
  CHECK(options.device.window.levels == 32);
  CHECK(options.device.alpha == 2.5);
  CHECK(options.array.wiring.row == 1.007);
  CHECK(options.array.read_voltage == 0.2);
  CHECK(options.mapping.rows == 64);
  CHECK(options.fidelity.standard == simulate::Fidelity::Calibrated);
  CHECK(options.path.standard == study::LayerPath::Crossbar);
  CHECK(options.store.empty());
}

TEST_CASE("load_flow reads every table in SI", "[config]") {
  const FlowOptions options =
      SmallFlowFile(
          "calibration_limit = 50\nlimit = 10\nfolder = \"/data\"\n"
          "[device]\ncard = \"linear\"\ng_min = \"3 uS\"\ng_max = 3e-5\nlevels = 16\nalpha = \"4 "
          "1/V\"\n"
          "[array]\nwire_row = \"2 Ohm\"\nwire_column = 3\ndriver = \"0.1 kOhm\"\nsense = 0\n"
          "read_voltage = \"300 mV\"\nread_time = \"5 ns\"\ntopology = \"1r\"\n"
          "[mapping]\nrows = 32\ncolumns = 16\nscheme = \"im2col\"\n"
          "weight_scale = \"output\"\nbias = \"digital\"\n"
          "[converters]\ndac_bits = 0\nadc_bits = 6\nadc_range = \"full_scale\"\nadc_percentile = "
          "100\ngain = \"calibrated\"\n"
          "[characterize]\ntiles = 3\nvectors = 8\nheld_out = 4\n"
          "[fidelity]\ndefault = \"ideal\"\nconv1 = \"mesh\"\n[path]\nfc3 = \"float\"\n"
          "[spice]\nworkers = 3\ntime_limit = \"2 s\"\n[store]\npath = "
          "\"s.db\"\n")
          .load();
  CHECK(options.data.test.folder == "/data");
  CHECK(options.data.test.limit == 10);
  CHECK(options.data.calibration.limit == 50);
  CHECK(options.device.window.g_min == Approx(3e-6).epsilon(1e-15));
  CHECK(options.device.window.g_max == 3e-5);
  CHECK(options.device.window.levels == 16);
  CHECK(options.device.alpha == 4.0);
  CHECK(options.array.wiring.row == 2.0);
  CHECK(options.array.wiring.column == 3.0);
  CHECK(options.array.wiring.driver == Approx(100.0).epsilon(1e-15));
  CHECK(options.array.wiring.sense == 0.0);
  CHECK(options.array.read_voltage == Approx(0.3).epsilon(1e-15));
  CHECK(options.array.read_time == Approx(5e-9).epsilon(1e-15));
  CHECK(options.mapping.rows == 32);
  CHECK(options.mapping.columns == 16);
  CHECK(options.mapping.weight_scale == mapping::WeightScale::Output);
  CHECK(options.mapping.bias == mapping::Bias::Digital);
  CHECK(options.converters.dac_bits == 0);
  CHECK(options.converters.adc_bits == 6);
  CHECK(options.converters.adc_range == mapping::AdcRange::FullScale);
  CHECK(options.converters.adc_percentile == 100.0);
  CHECK(options.converters.gain == mapping::Gain::Calibrated);
  CHECK(options.characterize.tiles == 3);
  CHECK(options.characterize.vectors == 8);
  CHECK(options.characterize.held_out == 4);
  CHECK(options.fidelity.standard == simulate::Fidelity::Ideal);
  CHECK(options.fidelity.layers.at("conv1") == simulate::Fidelity::Mesh);
  CHECK(options.path.of("fc3") == study::LayerPath::Float);
  CHECK(options.spice.workers == 3);
  CHECK(options.spice.time_limit == 2.0);
  CHECK(options.store.filename() == "s.db");
}

TEST_CASE("tiles are a number, all of them, or left to the forecast", "[config]") {
  const auto tiles = [](const std::string& value) {
    return SmallFlowFile("[characterize]\ntiles = " + value + "\n").load().characterize.tiles;
  };
  CHECK(SmallFlowFile("").load().characterize.tiles == tile::kAutoTiles);
  CHECK(tiles("\"auto\"") == tile::kAutoTiles);
  CHECK(tiles("\"all\"") == tile::kAllTiles);
  CHECK(tiles("3") == 3);
  CHECK_THROWS_WITH(tiles("0"), Catch::Contains("\"auto\", \"all\" or 1 to 1000000"));
  CHECK_THROWS_WITH(tiles("\"every\""),
                    Catch::Contains("characterize.tiles") || Catch::Contains("every"));
  CHECK_THROWS_WITH(tiles("1.5"), Catch::Contains("whole number"));
  const auto all = SmallFlowFile("").load({"characterize.tiles=all"});
  CHECK(all.characterize.tiles == tile::kAllTiles);
}

TEST_CASE("tiles are asked with every node held unless the flow says otherwise", "[config]") {
  CHECK(SmallFlowFile("").load().spice_method == tile::SpiceMethod::Pinned);
  CHECK(SmallFlowFile("[spice]\nmethod = \"direct\"\n").load().spice_method ==
        tile::SpiceMethod::Direct);
  CHECK_THROWS_WITH(SmallFlowFile("[spice]\nmethod = \"dirct\"\n").load(),
                    Catch::Contains("did you mean \"direct\""));
}

TEST_CASE("the shipped flows load", "[config]") {
  for (const char* name : {"lenet5_fashion.toml", "characterize_tile.toml"}) {
    const auto file = std::filesystem::path(MEMSPICE_ROOT_DIR) / "flows" / name;
    const FlowOptions options = load_flow(file);
    CHECK(std::filesystem::exists(options.network_file));
    CHECK(options.data.test.images != options.data.calibration.images);
  }
}

TEST_CASE("wire sets rows and columns, particular keys and the command line win", "[config]") {
  const auto wires = [](const std::string& text, const config::Overrides& overrides) {
    const auto wiring = SmallFlowFile("[array]\n" + text).load(overrides).array.wiring;
    return std::pair{wiring.row, wiring.column};
  };
  CHECK(wires("wire = 2\n", {}) == std::pair{2.0, 2.0});
  CHECK(wires("wire_row = 2\nwire_column = 3\n", {"array.wire=5 Ohm"}) == std::pair{5.0, 5.0});
  CHECK(wires("wire = 2\n", {"array.wire_row=7"}) == std::pair{7.0, 2.0});
  CHECK(wires("wire = 2\n", {"array.wire=5", "array.wire=0"}) == std::pair{0.0, 0.0});
}

TEST_CASE("overrides are TOML or bare words", "[config]") {
  const FlowOptions options = SmallFlowFile().load({"seed=9",
                                                    "device.card=linear",
                                                    "array.wire=\"2 Ohm\"",
                                                    "array.driver = 50 Ohm",
                                                    "fidelity.conv1=mesh",
                                                    "fidelity./a.b/Conv=ideal",
                                                    "data.folder=2024",
                                                    "device.levels=1e2"});
  CHECK(options.seed == 9);
  CHECK(options.device.card == "linear");
  CHECK(options.array.wiring.row == 2.0);
  CHECK(options.array.wiring.driver == 50.0);
  CHECK(options.fidelity.layers.at("conv1") == simulate::Fidelity::Mesh);
  CHECK(options.fidelity.layers.at("/a.b/Conv") == simulate::Fidelity::Ideal);
  CHECK(options.data.test.folder == "2024");
  CHECK(options.device.window.levels == 100);
}

TEST_CASE("the data folder: --set before MEMSPICE_DATA before the flow", "[config]") {
  const SmallFlowFile flow("folder = \"here\"\n");
  CHECK(flow.load().data.test.folder == flow.folder() / "here");
  ::setenv("MEMSPICE_DATA", "/from/environment", 1);
  CHECK(flow.load().data.test.folder == "/from/environment");
  CHECK(flow.load({"data.folder=/typed"}).data.test.folder == "/typed");
  ::unsetenv("MEMSPICE_DATA");
}

TEST_CASE("unknown keys and tables are refused with their place", "[config]") {
  CHECK(SmallFlowFile("[mapping]\ncollumns = 64\n").message() ==
        at_line(1, 1) + "unknown key \"collumns\" in [mapping]; did you mean \"columns\"?");
  CHECK(SmallFlowFile("[maping]\ncolumns = 64\n").message() ==
        "flow.toml:9:2: unknown table [maping]; did you mean \"mapping\"?");
  CHECK(SmallFlowFile("[tiles]\n").message().find("flow.toml:9:2: unknown table [tiles]; ") == 0);
  CHECK(SmallFlowFile().message({"array.wires=1"}) ==
        "--set array.wires: unknown key \"wires\" in [array]; did you mean \"wire\"?");
  CHECK(SmallFlowFile().message({"sed=1"}) ==
        "--set sed: unknown key \"sed\" at the top; did you mean \"seed\"?");
  CHECK(
      SmallFlowFile("[mapping.rows]\nx = 1\n").message().find("mapping.rows = a table: must be") !=
      std::string::npos);
  CHECK(SmallFlowFile().message({"mapping={rows=3}"}).find("must be a table; write [mapping]") !=
        std::string::npos);
}

TEST_CASE("a value that does not fit names place, value, rule and remedy", "[config]") {
  const auto [text, expected] = GENERATE(table<std::string, std::string>({
      {"[mapping]\nrows = \"many\"\n",
       "mapping.rows = \"many\": must be a whole number, 1 to 4096"},
      {"[mapping]\nrows = 0\n", "mapping.rows = 0: must be 1 to 4096"},
      {"[mapping]\nrows = 64.5\n", "mapping.rows = 64.5: must be a whole number"},
      {"[mapping]\ncolumns = 63\n", "mapping.columns = 63: must be even"},
      {"[mapping]\nscheme = \"im2kol\"\n", "did you mean \"im2col\"?"},
      {"[mapping]\nweight_scale = \"outputs\"\n", "did you mean \"output\"?"},
      {"[mapping]\nbias = \"none\"\n", "mapping.bias = \"none\": is not known here"},
      {"[array]\nwire = -1\n", "array.wire = -1: must be zero or positive"},
      {"[array]\nwire_row = \"-1 Ohm\"\n", "array.wire_row = \"-1 Ohm\": must be zero or positive"},
      {"[array]\nwire = \"1 V\"\n", "array.wire = \"1 V\": must be a finite number in Ohm"},
      {"[array]\nwire = nan\n", "array.wire = nan: must be finite"},
      {"[array]\nwire = inf\n", "array.wire = inf: must be finite"},
      {"[array]\nwire = true\n", "array.wire = true: must be a number"},
      {"[array]\nwire = [1]\n", "array.wire = an array: must be a number"},
      {"[array]\nwire = 1979-05-27\n", "array.wire = a date or time: must be a number"},
      {"[array]\nread_voltage = 0\n", "array.read_voltage = 0: must be above zero"},
      {"[array]\ntopology = \"2t2r\"\n", "array.topology = \"2t2r\": is not known here"},
      {"[device]\ng_max = \"1 uS\"\n", "device.g_max = \"1 uS\": must be above g_min"},
      {"[device]\ng_min = \"30 uS\"\n", "device.g_max = 20 uS: must be above g_min, 30 uS"},
      {"[device]\nlevels = 1\n", "device.levels = 1: must be at least 2"},
      {"[device]\nalpha = -1\n", "device.alpha = -1: must be zero or positive"},
      {"[device]\nalpha = 1e6\n", "device.alpha = 1e+06: times read_voltage must be at most 20"},
      {"[device]\nmodel = \"vteam\"\n", "device.model = \"vteam\": needs a card"},
      {"[device]\ncard = \"nowhere\"\n",
       "device.card = \"nowhere\": is no shipped card of device_models/static_read"},
      {"[converters]\nadc_bits = 1\n", "converters.adc_bits = 1: must be 2 to 16"},
      {"[converters]\nadc_percentile = 0\n", "converters.adc_percentile = 0: must be above 0"},
      {"[characterize]\nvectors = 3\n", "characterize.vectors = 3: must be 8 to"},
      {"[fidelity]\ndefault = \"exactly\"\n", "fidelity.default = \"exactly\":"},
      {"[fidelity]\nconv1 = 3\n", "fidelity.conv1 = 3: must be a string"},
      {"[path]\nconv1 = \"analog\"\n", "path.conv1 = \"analog\": is not known here"},
      {"[spice]\ntime_limit = \"0 s\"\n", "spice.time_limit = \"0 s\": must be above zero"},
      {"limit = -1\n", "data.limit = -1: must be 0 to"},
      {"kind = \"png\"\n", "data.kind = \"png\": is not known here"},
      {"folder = \"\"\n", "data.folder = \"\": must not be empty"},
  }));
  const std::string message = SmallFlowFile(text).message();
  INFO(message);
  CHECK(message.find(expected) != std::string::npos);
  CHECK(message.find("flow.toml") == 0);
}

TEST_CASE("what is wrong with a card names the card, and the key that named it", "[config]") {
  const std::string without_read =
      SmallFlowFile("[device]\nmodel = \"vteam\"\ncard = \"kvatinsky_2015\"\n").message();
  CHECK_THAT(without_read,
             Catch::Contains("kvatinsky_2015.toml") && Catch::Contains("[read]") &&
                 Catch::Contains("read because of flow.toml:11:8"));
  CHECK_THAT(
      SmallFlowFile("[device]\nmodel = \"memresistor\"\ncard = \"x.toml\"\n").message(),
      Catch::Contains("x.toml: no such file") && Catch::Contains("read because of flow.toml:11:8"));
}

TEST_CASE("an override that does not fit names itself", "[config]") {
  CHECK(SmallFlowFile().message({"array.wire=-1"}) ==
        "--set array.wire: -1: must be zero or positive; remove the minus sign");
  CHECK(SmallFlowFile().message({"mapping.rows"}).find("--set: \"mapping.rows\": must be") == 0);
  CHECK(SmallFlowFile().message({"=3"}).find("--set: \"=3\": must be table.key=value") == 0);
  CHECK(SmallFlowFile().message({"seed=1\n[x]"}).find("--set: ") == 0);
  CHECK(SmallFlowFile().message({"seed=-1"}).find("--set seed: -1: must be zero or positive") == 0);
}

TEST_CASE("missing keys are named after unknown ones", "[config]") {
  TemporaryFolder folder;
  const auto file = folder.path() / "flow.toml";
  const auto message = [&](const std::string& text) {
    write_file(file, text);
    try {
      load_flow(file);
    } catch (const InputError& error) {
      return std::string(error.what());
    }
    return std::string("accepted");
  };
  const std::string data = "[data]\nimages = \"t\"\nlabels = \"l\"\n";
  CHECK(message(data).find("key \"file\" is missing in [network]; add file = ") !=
        std::string::npos);
  CHECK(message("[network]\nfille = \"n\"\n" + data).find("did you mean \"file\"?") !=
        std::string::npos);
  const std::string network = "[network]\nfile = \"n\"\n";
  CHECK(message(network + data).find("\"calibration_images\" is missing in [data]") !=
        std::string::npos);
  CHECK(message(network + data + "[fidelity]\ndefault = \"float\"\n") == "accepted");
  CHECK(message(network + data + "calibration_images = \"t\"\ncalibration_labels = \"l\"\n")
            .find("must not be the images that are scored") != std::string::npos);
  CHECK(message(network + data + "calibration_images = \"c\"\n").find("go together") !=
        std::string::npos);
}

TEST_CASE("hostile TOML gives one clear message", "[config]") {
  TemporaryFolder folder;
  const auto file = folder.path() / "flow.toml";
  std::string dotted = "a";
  for (int k = 0; k < 300000; ++k) dotted += ".a";
  const auto text = GENERATE_REF(values<std::string>({
      "seed = ",
      "seed = 99999999999999999999999999\n",
      "[network\nfile = 1\n",
      "seed = \"\xff\xfe\"\n",
      std::string("seed = \0 1\n", 11),
      "x = " + std::string(2000, '[') + std::string(2000, ']') + "\n",
      "x = " + std::string(100000, '['),
      dotted + " = 1\n",
      '[' + dotted + "]\n",
      "seed = 1\nseed = 2\n",
      std::string((std::size_t{1} << 20) + 1, '#'),
  }));
  write_file(file, text);
  try {
    load_flow(file);
    FAIL("accepted");
  } catch (const InputError& error) {
    CHECK(std::string(error.what()).find(file.string()) == 0);
    CHECK(std::string(error.what()).size() < 500);
  }
  CHECK_THROWS_AS(load_flow(folder.path() / "absent.toml"), InputError);
  CHECK_THROWS_AS(load_flow(folder.path()), InputError);
}
