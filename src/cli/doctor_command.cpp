#include <cmath>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/parallel.hpp"
#include "base/text.hpp"
#include "base/vectors.hpp"
#include "circuit/analysis.hpp"
#include "circuit/circuit.hpp"
#include "cli/command.hpp"
#include "cli/versions.hpp"
#include "config/bench_options.hpp"
#include "engine/engine.hpp"
#include "netlist/deck.hpp"
#include "report/text_table.hpp"

namespace memspice::cli {
namespace {

constexpr const char* kDoctorExamples =
    "Shows what this build is made of and runs a one-line self-test through ngspice. Exit code 1\n"
    "when something is broken.\n"
    "\n"
    "Examples:\n"
    "  memspice doctor\n"
    "  memspice doctor --set spice.library=/opt/ngspice/lib/libngspice.so.0";

/// What the self-test found.
struct Checkup {
  std::string ngspice;  ///< "ngspice-39"
  double expected = 0.75;
  double measured = 0.0;  ///< [V]
  std::string fault;      ///< empty: sound
  bool sound() const { return fault.empty(); }
};

/// 1 V across 1 kOhm and 3 kOhm: 0.75 V between them.
circuit::Circuit build_divider() {
  circuit::Circuit divider("divider");
  const auto in = divider.add_net("in");
  const auto mid = divider.add_net("mid");
  divider.add({.name = "supply",
               .kind = circuit::Kind::VoltageSource,
               .pins = {in, circuit::kGround},
               .waveform = circuit::Dc{1.0}});
  divider.add({.name = "upper", .pins = {in, mid}, .value = 1e3});
  divider.add({.name = "lower", .pins = {mid, circuit::kGround}, .value = 3e3});
  return divider;
}

/// Solver tolerances are 1e-10; a working ngspice is well within this.
constexpr double kTolerance = 1e-9;

void test_divider(engine::Engine& engine, Checkup& checkup) {
  circuit::Analysis analysis;
  analysis.probes = {{.kind = circuit::Probe::Kind::NetVoltage, .name = "mid"}};
  const auto waveforms = engine.run(netlist::write_deck(build_divider(), analysis));
  if (!waveforms.ok()) {
    checkup.fault = waveforms.summary.message;
    return;
  }
  checkup.measured = waveforms.values(0, 0);
  if (!(std::abs(checkup.measured - checkup.expected) <= kTolerance)) {
    checkup.fault = "a voltage divider gave " + to_text(checkup.measured) + " V instead of " +
                    to_text(checkup.expected) + " V";
  }
}

Checkup examine(const config::BenchOptions& bench) {
  Checkup checkup;
  try {
    const TemporaryFolder folder;  // for the deck of a failed run
    engine::Options options = bench.spice;
    options.workers = 1;
    options.failed_deck_folder = folder.path().string();
    const auto engine = engine::make_ngspice_engine(options);
    checkup.ngspice = engine->version();
    test_divider(*engine, checkup);
  } catch (const RunError& error) {
    checkup.fault = error.what();
  }
  return checkup;
}

std::string to_table(const Checkup& checkup) {
  report::TextTable table({{"part", report::Align::Left}, {"found", report::Align::Left}});
  for (const auto& [part, found] : build_versions()) table.add({part, found});
  table.add({"ngspice", checkup.ngspice.empty() ? "not found" : checkup.ngspice});
  table.add({"cores", std::to_string(available_cores())});
  table.add({"vectors", vector_set()});
  table.add({"self-test",
             checkup.sound() ? "ok: a divider of 1 V gave " + to_text(checkup.measured) + " V"
                             : "FAILED"});
  return table.str();
}

nlohmann::ordered_json to_json(const Checkup& checkup) {
  nlohmann::ordered_json versions;
  for (const auto& [part, found] : build_versions()) versions[part] = found;
  versions["ngspice"] = nullptr;
  if (!checkup.ngspice.empty()) versions["ngspice"] = checkup.ngspice;
  nlohmann::ordered_json json{
      {"ok", checkup.sound()},
      {"versions", versions},
      {"cores", available_cores()},
      {"vectors", vector_set()},
      {"self_test", {{"expected", checkup.expected}, {"measured", checkup.measured}}}};
  if (!checkup.sound()) json["fault"] = checkup.fault;
  return json;
}

void doctor(const CommonOptions& options) {
  apply_common(options);
  const Checkup checkup = examine(config::load_bench(options.overrides));
  tell(options, to_table(checkup));
  if (options.json) print(to_json(checkup).dump(2) + '\n');
  if (checkup.sound()) return;
  throw RunError({.place = "doctor",
                  .value = "ngspice self-test",
                  .rule = checkup.fault,
                  .remedy = "install libngspice0, or name one with --set spice.library=PATH"});
}

}  // namespace

Command doctor_command() {
  const auto options = std::make_shared<CommonOptions>();
  Command command{.name = "doctor",
                  .text = "Libraries, versions, cores, an ngspice self-test",
                  .examples = kDoctorExamples,
                  .run = [options] { doctor(*options); }};
  add_common(command, *options, "Not used by this command");
  return command;
}

}  // namespace memspice::cli
