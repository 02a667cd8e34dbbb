// An exported deck and its manifest are the machine that a run simulates: over cells, pairs, source
// lines, access devices, drivers and senses, what ngspice answers is what memspice's own solver
// gives for the conductances, wires and voltages that the manifest states.

#include <catch2/catch.hpp>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/csv.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "crossbar/access_law.hpp"
#include "flow/plan.hpp"
#include "flow/run_flow.hpp"
#include "flow/tiny_flow.hpp"
#include "mapping/perturb.hpp"
#include "support/batch_ngspice.hpp"

using namespace memspice;
using Catch::Matchers::Contains;
using memspice::testing::TinyFlow;
using Json = nlohmann::json;

namespace {

/// Two solutions of the same equations: SPICE's reltol, far below what a wrong line would show.
constexpr double kSolver = 1e-5;
/// memspice takes a transistor's bit-line end to be at 0 V (crossbar/access_law.hpp), where drops
/// on bit lines and senses lift it by some millivolts of 1 V of overdrive.
constexpr double kTransistor = 1e-2;
/// Readouts have a gain of 1e4 and so an input resistance of R_f / 1e4 that row tiles share, and
/// inverters err by 2 / 1e4.
constexpr double kReadout = 1e-2;

struct Array {
  std::string topology, pairs, source_line, cell;
  double terminal = 0.0;  ///< driver; half of it: sense [Ohm]

  config::Overrides settings(const TinyFlow& flow, const std::string& input) const {
    // An exponential selector carries nothing at 0.2 V.
    const bool has_selector = topology == "1s1r";
    config::Overrides all{"array.topology=" + topology,
                          "array.pairs=" + pairs,
                          "array.source_line=" + source_line,
                          "array.input=" + input,
                          "array.driver=" + to_text(terminal),
                          "array.sense=" + to_text(terminal / 2),
                          "converters.dac_bits=3",
                          std::string("array.read_voltage=") + (has_selector ? "0.75" : "0.2")};
    if (has_selector) {
      all.insert(all.end(), {"device.g_max=8 uS", "device.g_min=1 uS"});
    }
    if (cell == "sinh") all.push_back("device.alpha=2");
    if (cell == "own") {
      all.push_back("device.model=bent");
      all.push_back("device.card=" + (flow.folder() / "bent.toml").string());
    }
    return all;
  }
  std::string text() const {
    return topology + ", " + pairs + ", " + source_line + ", " + cell + ", " + to_text(terminal);
  }
};

std::vector<Array> all_arrays() {
  std::vector<Array> arrays;
  for (const char* topology : {"1r", "1t1r", "1s1r"}) {
    for (const char* pairs : {"neighbouring_bit_lines", "shared_bit_line"}) {
      for (const char* source : {"shared", "separate"}) {
        for (const char* cell : {"ohmic", "sinh", "own"}) {
          for (const double terminal : {0.0, 800.0}) {
            arrays.push_back({topology, pairs, source, cell, terminal});
          }
        }
      }
    }
  }
  return arrays;
}

/// Why the rules of a flow refuse an array; empty: they do not.
std::string refusal_of(const Array& array, const std::string& input) {
  if (array.source_line == "separate" && array.pairs == "shared_bit_line") return "array.pairs";
  if (array.source_line == "separate" && array.topology != "1t1r") return "array.source_line";
  if (array.source_line == "separate" && input == "amplitude") return "array.source_line";
  // Of two rules that refuse it, the one that is told first.
  if (array.cell == "own" && array.source_line == "separate") return "array.source_line";
  if (array.cell == "own" && array.topology != "1r") return "array.topology";
  return "";
}

/// An export's manifest and files.
struct Export {
  std::filesystem::path folder;
  Json manifest;
  netlist::Deck deck;

  Eigen::MatrixXd csv(const std::string& file) const { return read_csv(folder / file); }
  /// Of the memristors alone [S].
  Eigen::MatrixXd memristors(const Json& tile) const {
    const bool bare = tile["memristor_file"].is_null();
    return csv(tile[bare ? "conductance_file" : "memristor_file"].get<std::string>());
  }
};

Export export_of(const config::FlowOptions& options,
                 const std::string& what,
                 const std::filesystem::path& folder,
                 flow::ExportRequest request = {}) {
  request.what = what;
  request.folder = folder.string();
  request.images = 2;
  Export found{.folder = folder, .manifest = {}, .deck = {}};
  for (const std::string& file : flow::export_flow(options, request).files) {
    if (file.ends_with(".json")) found.manifest = Json::parse(read_file(file));
    if (file.ends_with(".cir")) found.deck.text = read_file(file);
  }
  return found;
}

device::Access access_of(const Json& access) {
  if (access.is_null()) return {};
  if (access["kind"] == "exponential") {
    return device::ExponentialSelector{access["i_0_ampere"], access["v_0_volt"]};
  }
  REQUIRE(access["kind"] == "transistor");
  return device::AccessTransistor{.transconductance = access["transconductance"],
                                  .width = access["width_metre"],
                                  .length = access["length_metre"],
                                  .threshold = access["threshold_volt"],
                                  .modulation = access["modulation_per_volt"],
                                  .gate_voltage = access["gate_on_volt"],
                                  .gate_off = access["gate_off_volt"]};
}

crossbar::Wiring wiring_of(const Json& ohm) {
  return {
      .row = ohm["row"], .column = ohm["column"], .driver = ohm["driver"], .sense = ohm["sense"]};
}

/// Currents of an array's bit lines, lines x points [A]. V: its word lines or gates x points [V].
Eigen::MatrixXd simulate(const Json& manifest, const Eigen::MatrixXd& G, const Eigen::MatrixXd& V) {
  const Json& device = manifest["device"];
  const bool own = device.contains("subcircuit");
  const crossbar::SinhLaw memristor(own ? 2.0 : device["alpha_per_volt"].get<double>());
  const device::Access access = access_of(device["access"]);
  const crossbar::AccessLaw law(memristor, access);
  const crossbar::Wiring wiring = wiring_of(manifest["wiring_ohm"]);
  if (manifest["array"]["source_line"] == "shared") {
    return crossbar::solve_cells(G, law, wiring, V).current;
  }
  const auto& transistor = std::get<device::AccessTransistor>(access);
  const double swing = transistor.gate_voltage - transistor.gate_off;
  const Eigen::MatrixXd gates = (V.array() - transistor.gate_off) / swing;
  const double read_voltage = manifest["array"]["read_volt"];
  return crossbar::solve_gated(G, law, wiring, read_voltage, gates).current;
}

double relative_error(const Eigen::MatrixXd& found, const Eigen::MatrixXd& wanted) {
  REQUIRE(found.rows() == wanted.rows());
  REQUIRE(found.cols() == wanted.cols());
  REQUIRE(wanted.cwiseAbs().maxCoeff() > 0.0);
  return (found - wanted).cwiseAbs().maxCoeff() / wanted.cwiseAbs().maxCoeff();
}

/// The array's cells by the definition of the two layouts, from the plan's columns 2j and 2j + 1.
Eigen::MatrixXd cells_of(const Eigen::MatrixXd& G, const std::string& pairs) {
  if (pairs == "neighbouring_bit_lines") return G;
  Eigen::MatrixXd cells(2 * G.rows(), G.cols() / 2);
  for (Eigen::Index i = 0; i < G.rows(); ++i) {
    for (Eigen::Index j = 0; j < cells.cols(); ++j) {
      cells(2 * i, j) = G(i, 2 * j);
      cells(2 * i + 1, j) = G(i, 2 * j + 1);
    }
  }
  return cells;
}

/// Returns the manifest.
Json check_tile(const Array& array,
                const std::string& input,
                const TinyFlow& flow,
                const std::string& layer = "conv",
                const config::Overrides& more = {}) {
  INFO(array.text() << ", " << input);
  config::Overrides settings = array.settings(flow, input);
  settings.insert(settings.end(), more.begin(), more.end());
  const config::FlowOptions options = flow.load(settings);
  const TemporaryFolder folder;
  Export tile = export_of(options, "tile:" + layer + ":0:0", folder.path());
  const Json& manifest = tile.manifest;
  const auto mapped = flow::map_inputs(options, flow::open_inputs(options));
  const Eigen::MatrixXd& G = mapped.plan.tile(layer + "_b0_r0_c0").G;
  const Eigen::MatrixXd cells = tile.csv(manifest["conductance_file"]);
  CHECK(relative_error(cells, cells_of(G, array.pairs)) < 1e-12);
  CHECK(manifest["word_lines"] == cells.rows());
  CHECK(manifest["bit_lines"] == cells.cols());
  CHECK(manifest["array"]["topology"] == array.topology);
  CHECK(manifest["cells"]["are"] == "perfect");

  const Eigen::MatrixXd V = tile.csv(manifest["voltage_file"]).transpose();
  const int bits = input == "pulses" ? 3 : 1;
  CHECK(V.rows() == cells.rows());
  CHECK(manifest["stimuli"]["points"] == V.cols());
  CHECK(manifest["stimuli"]["vectors"].get<int>() * bits == V.cols());
  tile.deck.vectors = manifest["probes"].get<std::vector<std::string>>();
  const Eigen::MatrixXd I = test::run_batch_ngspice(tile.deck).transpose();
  const double error = relative_error(I, simulate(manifest, tile.memristors(manifest), V));
  CHECK(error < (array.topology == "1t1r" ? kTransistor : kSolver));
  return manifest;
}

/// Voltages of a layer's outputs from those of its inputs, elements x stimuli.
Eigen::MatrixXd simulate_layer(const Export& network, const Json& layer, const Eigen::MatrixXd& x) {
  const Json& manifest = network.manifest;
  const bool is_shared = manifest["array"]["pairs"] == "shared_bit_line";
  Eigen::MatrixXd y = Eigen::MatrixXd::Zero(layer["outputs"].get<Eigen::Index>(), x.cols());
  for (const Json& crossbar : manifest["crossbars"]) {
    if (crossbar["layer"] != layer["layer"]) continue;
    const Json& tile = manifest["tiles"][crossbar["tile"].get<std::string>()];
    const Eigen::MatrixXd G = network.memristors(tile);
    const auto read = crossbar["word_lines_read"].get<std::vector<int>>();
    const bool has_bias = !tile["bias_word_line"].is_null();
    Eigen::MatrixXd V(static_cast<Eigen::Index>(read.size()) + (has_bias ? 1 : 0), x.cols());
    for (std::size_t i = 0; i < read.size(); ++i) {
      if (read[i] >= 0) {
        V.row(static_cast<Eigen::Index>(i)) = x.row(read[i]);
      } else {
        V.row(static_cast<Eigen::Index>(i)).setZero();
      }
    }
    if (has_bias) V.bottomRows(1).setConstant(layer["bias_volts"].get<double>());
    Eigen::MatrixXd lines = V;
    if (is_shared) {
      lines.resize(2 * V.rows(), V.cols());
      for (Eigen::Index i = 0; i < V.rows(); ++i) {
        lines.row(2 * i) = V.row(i);
        lines.row(2 * i + 1) = -V.row(i);
      }
    }
    const Eigen::MatrixXd I = simulate(manifest, G, lines);
    const auto feed = crossbar["pairs_feed"].get<std::vector<int>>();
    for (std::size_t j = 0; j < feed.size(); ++j) {
      const auto line = static_cast<Eigen::Index>(j);
      if (is_shared) {
        y.row(feed[j]) += I.row(line);
      } else {
        y.row(feed[j]) += I.row(2 * line) - I.row(2 * line + 1);
      }
    }
  }
  return layer["feedback_ohm"].get<double>() * y;
}

const Json& layer_of(const Json& manifest, const std::string& name) {
  for (const Json& layer : manifest["layers"]) {
    if (layer["layer"] == name) return layer;
  }
  throw RunError({.place = name, .value = {}, .rule = "is not in the manifest", .remedy = {}});
}

void check_circuit(const Array& array, const std::string& what, const TinyFlow& flow) {
  INFO(array.text() << ", " << what);
  const config::FlowOptions options = flow.load(array.settings(flow, "amplitude"));
  const TemporaryFolder folder;
  Export found = export_of(options, what, folder.path());
  const Json& manifest = found.manifest;
  const Eigen::MatrixXd x = found.csv(manifest["sources"][0]["voltage_file"]).transpose();
  Eigen::MatrixXd wanted;
  if (what == "network") {
    const Eigen::MatrixXd conv = simulate_layer(found, layer_of(manifest, "conv"), x);
    wanted = simulate_layer(found, layer_of(manifest, "fc"), conv.cwiseMax(0.0));
  } else {
    wanted = simulate_layer(found, layer_of(manifest, what.substr(6)), x);
  }
  for (const Json& net : manifest["output_nets"])
    found.deck.vectors.push_back(net.get<std::string>());
  const Eigen::MatrixXd y = test::run_batch_ngspice(found.deck).transpose();
  CHECK(relative_error(y, wanted) < kReadout + (array.topology == "1t1r" ? kTransistor : 0.0));
  const Json& devices = manifest["devices"];
  // Pairs of (9 + 1) x 2 at each of 4 positions, or at the one that slides; and of (8 + 1) x 3.
  const int conv = 2 * 10 * 2, fc = 2 * 9 * 3;
  CHECK(devices["memristors"] == (what == "network"      ? 4 * conv + fc
                                  : what == "layer:conv" ? conv
                                                         : fc));
}

}  // namespace

TEST_CASE("an exported tile is the array that a run simulates", "[flow][export]") {
  const TinyFlow flow;
  int exported = 0;
  for (const Array& array : all_arrays()) {
    for (const std::string input : {"amplitude", "pulses"}) {
      const std::string refused = refusal_of(array, input);
      if (refused.empty()) {
        check_tile(array, input, flow);
        ++exported;
        continue;
      }
      INFO(array.text() << ", " << input);
      CHECK_THROWS_WITH(flow.load(array.settings(flow, input)), Contains(refused));
    }
  }
  // Both inputs and both terminals of: 1r x 2 pairs x 3 cells, 1s1r and 1t1r x 2 pairs x 2 cells;
  // and of 1t1r with separate source lines the pulses alone, 2 cells.
  CHECK(exported == 4 * (6 + 4 + 4) + 2 * 2);
}

TEST_CASE("single cells and their unit column are exported as a run simulates them",
          "[flow][export]") {
  const TinyFlow flow;
  const config::Overrides single{
      "mapping.signed=unit_column", "mapping.rows=10", "mapping.columns=3"};
  for (const char* topology : {"1r", "1t1r"}) {
    for (const std::string input : {"amplitude", "pulses"}) {
      const Array array{topology, "neighbouring_bit_lines", "shared", "ohmic", 800.0};
      const Json manifest = check_tile(array, input, flow, "conv", single);
      CHECK(manifest["bit_lines"] == 2 + 1);
      CHECK(manifest["array"]["pairs"] == "unit_column");
      CHECK_THAT(manifest["output"].get<std::string>(), Contains("I_unit"));
    }
  }
  const TemporaryFolder folder;
  for (const char* what : {"layer:conv", "network"}) {
    CHECK_THROWS_WITH(export_of(flow.load(single), what, folder.path()),
                      Contains("unit column") && Contains("mapping.signed"));
  }
}

TEST_CASE("channels that share a crossbar are exported as the array that a run simulates",
          "[flow][export]") {
  const TinyFlow flow(8, memspice::testing::tiny_network(true));
  const config::Overrides packed{
      "mapping.packing=block_diagonal", "mapping.rows=20", "mapping.columns=4"};
  for (const char* pairs : {"neighbouring_bit_lines", "shared_bit_line"}) {
    for (const char* topology : {"1r", "1t1r"}) {
      const Array array{topology, pairs, "shared", "ohmic", 800.0};
      const Json manifest = check_tile(array, "amplitude", flow, "depth", packed);
      CHECK(manifest["groups"] == 2);
      CHECK(manifest["outputs"] == 2);
      // 2 x 9 inputs and one bias line for both.
      CHECK(manifest["word_lines"].get<int>() * manifest["bit_lines"].get<int>() == 19 * 4);
      config::Overrides settings = array.settings(flow, "amplitude");
      settings.insert(settings.end(), packed.begin(), packed.end());
      const TemporaryFolder folder;
      Export layer = export_of(flow.load(settings), "layer:depth", folder.path());
      const Eigen::MatrixXd x = layer.csv(layer.manifest["sources"][0]["voltage_file"]).transpose();
      for (const Json& net : layer.manifest["output_nets"]) {
        layer.deck.vectors.push_back(net.get<std::string>());
      }
      const Eigen::MatrixXd y = test::run_batch_ngspice(layer.deck).transpose();
      const Eigen::MatrixXd wanted = simulate_layer(layer, layer_of(layer.manifest, "depth"), x);
      CHECK(relative_error(y, wanted) < kReadout + kTransistor);
      CHECK(layer.manifest["devices"]["memristors"] == 19 * 4);
    }
  }
}

TEST_CASE("an exported layer or network has the arrays that a run simulates", "[flow][export]") {
  const TinyFlow flow;
  for (const Array& array : all_arrays()) {
    if (!refusal_of(array, "amplitude").empty()) continue;
    for (const std::string what : {"layer:conv", "layer:fc", "network"}) {
      check_circuit(array, what, flow);
    }
  }
}

TEST_CASE("what a layer's circuit cannot hold is refused by name", "[flow][export]") {
  const TinyFlow flow;
  const auto refused = [&](const config::Overrides& settings, const std::string& what) {
    const TemporaryFolder folder;
    try {
      export_of(flow.load(settings), what, folder.path());
    } catch (const InputError& error) {
      return std::string(error.what());
    }
    return std::string("accepted");
  };
  for (const std::string what : {"layer:fc", "network"}) {
    CHECK_THAT(refused({"array.input=pulses"}, what), Contains("array.input"));
    CHECK_THAT(
        refused({"array.topology=1t1r", "array.source_line=separate", "array.input=pulses"}, what),
        Contains("array.input"));
    CHECK_THAT(refused({"mapping.scheme=subimage"}, what), Contains("mapping.scheme"));
    CHECK_THAT(refused({"mapping.weight_scale=output"}, what), Contains("mapping.weight_scale"));
    CHECK_THAT(refused({"converters.gain=calibrated"}, what), Contains("converters.gain"));
    CHECK_THAT(refused({"array.read_voltage=2"}, what), Contains("array.read_voltage"));
    CHECK_THAT(refused({"path.fc=bitstream"}, what), Contains("path.fc"));
    CHECK_THAT(refused({"path.fc=float"}, what), Contains("path.fc"));
    CHECK_THAT(refused({"fidelity.fc=float"}, what), Contains("fidelity.fc"));
    // A layer alone asks nothing of the others.
    CHECK_THAT(refused({"path.conv=float"}, what),
               what == "network" ? Contains("path.conv") : Contains("accepted"));
  }
  CHECK_THAT(refused({"path.fc=float"}, "tile:fc:0:0"), Contains("path.fc"));
  CHECK(refused({}, "layer:relu") == "accepted");
  CHECK_THAT(refused({}, "cell:memristr"), Contains("static_read") && Contains("nmos_access"));
}

TEST_CASE("a chip's deck holds the cells that a run draws for it", "[flow][export]") {
  const TinyFlow flow;
  const config::Overrides effects{"nonideality.device_to_device.sigma=0.4",
                                  "nonideality.stuck.off=0.1",
                                  "nonideality.opens.word_lines=0.2",
                                  "nonideality.opens.bit_lines=0.2",
                                  "nonideality.drift.nu=0.05",
                                  "nonideality.drift.times=[1e3]",
                                  "monte_carlo.samples=5",
                                  "array.driver=300",
                                  "array.sense=100"};
  const config::FlowOptions options = flow.load(effects);
  const auto mapped = flow::map_inputs(options, flow::open_inputs(options));
  const TemporaryFolder folder;
  int opens = 0;
  for (const int k : {0, 3}) {
    for (const double time : {options.nonideality.drift.t0, 1e3}) {
      Export tile = export_of(options, "tile:conv:0:0", folder.path(), {.chip = k, .time = time});
      mapping::ChipState state = mapping::draw_chip(options.seed, static_cast<std::uint64_t>(k), 0);
      state.time = time;
      const auto plan = mapping::perturb(mapped.plan, options.nonideality, state);
      const mapping::Tile& cells = plan.tile("conv_b0_r0_c0");
      opens += static_cast<int>(cells.open_word_lines.size() + cells.open_bit_lines.size());
      CHECK(relative_error(tile.csv(tile.manifest["conductance_file"]), cells.G) < 1e-12);
      const Json& about = tile.manifest["cells"];
      CHECK(about["are"] == "sample");
      CHECK(about["sample"] == k);
      CHECK(about["seed"] == options.seed);
      CHECK(about["time_second"] == time);
      CHECK(tile.manifest["open_word_lines"] == cells.open_word_lines);
      // The run's own response of these cells, open lines cut off.
      tile.deck.vectors = tile.manifest["probes"].get<std::vector<std::string>>();
      const Eigen::MatrixXd I = test::run_batch_ngspice(tile.deck).transpose();
      const Eigen::MatrixXd V = tile.csv(tile.manifest["voltage_file"]).transpose();
      const Eigen::MatrixXd G_eff = flow::array_of(options).connected(cells).response(cells.G);
      CHECK(relative_error(I, G_eff.transpose() * V) < kSolver);
    }
  }
  CHECK(opens > 0);
}

TEST_CASE("a chip's network has its open lines", "[flow][export]") {
  const TinyFlow flow;
  const config::FlowOptions options = flow.load({"nonideality.device_to_device.sigma=0.4",
                                                 "nonideality.opens.word_lines=0.3",
                                                 "monte_carlo.samples=2",
                                                 "array.driver=300"});
  const TemporaryFolder folder;
  Export found = export_of(options, "network", folder.path(), {.chip = 1});
  const Json& manifest = found.manifest;
  CHECK(manifest["cells"]["sample"] == 1);
  // An open word line with wires that lead nowhere brings no current: its cells as if absent would
  // be another circuit, so the deck itself is asked for a line that no driver reaches.
  for (const auto& [name, tile] : manifest["tiles"].items()) {
    const auto body = found.deck.text.find(".subckt " + name + ' ');
    REQUIRE(body != std::string::npos);
    const std::string text =
        found.deck.text.substr(body, found.deck.text.find(".ends", body) - body);
    for (const int line : tile["open_word_lines"]) {
      CHECK(text.find("driver_" + std::to_string(line) + "_r") == std::string::npos);
    }
  }
  for (const Json& net : manifest["output_nets"])
    found.deck.vectors.push_back(net.get<std::string>());
  CHECK(test::run_batch_ngspice(found.deck).allFinite());
}

TEST_CASE("a programmed deck holds what writing leaves in its cells", "[flow][export]") {
  const TinyFlow flow;
  const config::FlowOptions options = flow.load({"array.topology=1t1r",
                                                 "device.g_min=5 uS",
                                                 "device.g_max=40 uS",
                                                 "programming.model=stanford_rram",
                                                 "programming.card=hfox_jiang_2014",
                                                 "programming.scheme=1t1r",
                                                 "programming.tolerance=0.01"});
  const auto mapped = flow::map_inputs(options, flow::open_inputs(options));
  const TemporaryFolder folder;
  const Export tile = export_of(options, "tile:fc:0:0", folder.path(), {.programmed = true});
  CHECK(tile.manifest["cells"]["are"] == "programmed");
  const Eigen::MatrixXd G = tile.csv(tile.manifest["conductance_file"]);
  const Eigen::MatrixXd& target = mapped.plan.tile("fc_b0_r0_c0").G;
  // Reads see memristor and transistor together; the loop ends within 1 % of the memristor's
  // target, which is the larger part of the cell.
  CHECK(((G - target).array() / target.array()).abs().maxCoeff() < 0.01);
  CHECK((G - target).cwiseAbs().maxCoeff() > 0.0);
}

TEST_CASE("cells that a flow does not have are refused, and what is left out is told",
          "[flow][export]") {
  const TinyFlow flow;
  const TemporaryFolder folder;
  const auto request = [&](flow::ExportRequest asked) {
    asked.what = "tile:fc:0:0";
    asked.folder = folder.path().string();
    return asked;
  };
  const config::FlowOptions plain = flow.load();
  CHECK(flow::export_flow(plain, request({})).notes.empty());
  CHECK_THROWS_WITH(flow::export_flow(plain, request({.chip = 0})),
                    Contains("--chip") && Contains("[nonideality]"));
  CHECK_THROWS_WITH(flow::export_flow(plain, request({.programmed = true})),
                    Contains("--programmed"));
  const config::FlowOptions effects =
      flow.load({"nonideality.stuck.on=0.1", "monte_carlo.samples=2"});
  CHECK_THROWS_WITH(flow::export_flow(effects, request({.chip = 2})),
                    Contains("--chip") && Contains("2 samples"));
  CHECK_THROWS_WITH(flow::export_flow(effects, request({.chip = 1, .time = 5.0})),
                    Contains("--time"));
  const auto told = flow::export_flow(effects, request({}));
  REQUIRE(told.notes.size() == 1);
  CHECK_THAT(told.notes.front(), Contains("perfect") && Contains("--chip"));
}
