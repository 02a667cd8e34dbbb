#include "cli/device_command.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/csv.hpp"
#include "base/error.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "base/units.hpp"
#include "config/memristor_card.hpp"
#include "device/memristor.hpp"
#include "flow/trace_device.hpp"
#include "report/text_table.hpp"
#include "report/trace_plot.hpp"

namespace memspice::cli {
namespace {

constexpr const char* kExamples =
    "Examples:\n"
    "  memspice device list\n"
    "  memspice device show vteam\n"
    "  memspice device trace vteam --drive sin --amplitude 0.3 --frequency 1e6 --out vteam.csv\n"
    "  memspice device trace stanford_rram --amplitude 1.5 --frequency 1e4 --series 1000 \\\n"
    "      --set t_0=\"350 K\" --engine ngspice --plot loop.svg --out trace.csv\n"
    "  memspice device compare";

struct Options {
  CommonOptions common;
  std::string model, card, drive = "sin", engine = "ode", plot;
  std::string amplitude = "1 V", frequency = "1 Hz", series = "0 Ohm";
  int cycles = 1, points = 1001;
};

std::unique_ptr<engine::Engine> make_engine(int workers) {
  engine::Options options;
  options.workers = workers;
  return engine::make_ngspice_engine(options);
}

/// The named card, or the first that is shipped with the model.
std::string card_of(const Options& options) {
  if (!options.card.empty()) return options.card;
  const auto cards = config::shipped_cards(options.model);
  if (!cards.empty()) return cards.front();
  throw InputError({.place = "--card",
                    .value = {},
                    .rule = "is missing: " + options.model + " ships none",
                    .remedy = "name one"});
}

void list_models(const Options& options) {
  auto json = nlohmann::ordered_json::array();
  report::TextTable table({{"model", report::Align::Left}, {"cards", report::Align::Left}});
  for (const std::string& model : device::memristor_models()) {
    const auto cards = config::shipped_cards(model);
    table.add({model, join(cards, ", ")});
    json.push_back({{"model", model}, {"cards", cards}});
  }
  print(options.common.json ? json.dump() + '\n' : table.str());
}

bool has_class(const std::string& model) {
  const auto models = device::memristor_models();
  return std::find(models.begin(), models.end(), model) != models.end();
}

/// The value as the card writes it: a choice by its name, else with its unit.
std::string written(const device::ParameterRule& rule, double value) {
  if (!rule.choices.empty()) return rule.choices.at(static_cast<std::size_t>(value));
  return rule.unit.empty() ? to_text(value) : to_text(value) + ' ' + rule.unit;
}

void show_model(const Options& options) {
  if (!has_class(options.model))
    device::parameter_table(options.model);  // throws, with a suggestion
  const auto card =
      config::load_memristor_card(options.model, card_of(options), options.common.overrides);
  nlohmann::ordered_json json{
      {"model", card.model}, {"card", card.name}, {"description", card.description}};
  report::TextTable table({{"parameter", report::Align::Left},
                           {"value", report::Align::Left},
                           {"meaning", report::Align::Left},
                           {"source", report::Align::Left}});
  for (const device::ParameterRule& rule : device::parameter_table(card.model)) {
    const device::Figure& figure = card.parameters.at(rule.name);
    table.add({rule.name, written(rule, figure.value), rule.meaning, figure.source});
    json["parameters"][rule.name] = {
        {"value", figure.value}, {"unit", rule.unit}, {"source", figure.source}};
  }
  const std::string head = card.model + ", card " + card.name + ": " + card.description + "\n\n";
  print(options.common.json ? json.dump() + '\n' : head + table.str());
}

device::TraceOptions read_trace(const Options& options) {
  device::TraceOptions trace;
  trace.drive.shape = device::parse_shape(options.drive, "--drive");
  trace.drive.amplitude = parse_quantity(options.amplitude, Unit::Volt, "--amplitude");
  trace.drive.frequency = parse_quantity(options.frequency, Unit::Hertz, "--frequency");
  trace.drive.cycles = options.cycles;
  trace.series = parse_quantity(options.series, Unit::Ohm, "--series");
  trace.points = options.points;
  trace.validate("trace");
  return trace;
}

device::Trace run_trace(const Options& options,
                        const device::MemristorCard& card,
                        const device::TraceOptions& trace) {
  if (options.engine == "ode") return device::trace(*device::make_memristor(card), trace);
  if (options.engine != "ngspice") {
    throw InputError({.place = "--engine",
                      .value = '"' + options.engine + '"',
                      .rule = "is not known here",
                      .remedy = "one of ode, ngspice"});
  }
  const auto engine = make_engine(1);
  return flow::trace_in_spice(
      {.card = card, .subcircuit = config::subcircuit_file(options.model, card_of(options))},
      trace,
      *engine);
}

Eigen::MatrixXd columns_of(const device::Trace& trace) {
  Eigen::MatrixXd columns(trace.time.size(), 5);
  columns << trace.time, trace.voltage, trace.current, trace.state, trace.resistance;
  return columns;
}

/// What was written, in a sentence or as JSON.
void tell_trace(const Options& options, const device::Trace& trace) {
  if (options.common.json) {
    const nlohmann::ordered_json json{{"model", options.model},
                                      {"card", card_of(options)},
                                      {"engine", options.engine},
                                      {"points", trace.time.size()},
                                      {"steps", trace.summary.steps},
                                      {"loop_area", device::loop_area(trace)},
                                      {"out", options.common.out}};
    print(json.dump() + '\n');
  } else if (!options.common.out.empty()) {
    tell(options.common,
         options.model + ": " + std::to_string(trace.time.size()) + " points in " +
             options.common.out + '\n');
  }
}

void trace_model(const Options& options) {
  apply_common(options.common);
  const auto card =
      config::load_memristor_card(options.model, card_of(options), options.common.overrides);
  const device::Trace trace = run_trace(options, card, read_trace(options));
  if (!trace.ok()) throw RunError(options.model + ": " + trace.summary.message);
  const std::string csv =
      format_csv(columns_of(trace), "time_s,voltage_v,current_a,state,resistance_ohm");
  if (!options.plot.empty()) {
    write_file(options.plot,
               report::plot_trace(trace, card.model + ", " + card.name + ", " + options.engine));
  }
  if (!options.common.out.empty()) {
    write_file(options.common.out, csv);
  } else if (!options.common.json) {
    print(csv);
  }
  tell_trace(options, trace);
}

std::string percent(double share) {
  return to_text_rounded(100.0 * share, 2) + " %";
}

void compare_models(const Options& options) {
  apply_common(options.common);
  const auto engine = make_engine(jobs_of(options.common));
  auto json = nlohmann::ordered_json::array();
  report::TextTable table({{"model", report::Align::Left},
                           {"card", report::Align::Left},
                           {"drive", report::Align::Left},
                           {"current"},
                           {"state"},
                           {"current, edges unshifted"},
                           {"points in edges"}});
  int failures = 0;
  for (const flow::EngineAgreement& row : flow::compare_engines(*engine)) {
    const device::TraceDifference& d = row.difference;
    failures += !row.failure.empty();
    json.push_back({{"model", row.model},
                    {"card", row.card},
                    {"drive", row.drive},
                    {"current", d.current},
                    {"state", d.state},
                    {"current_unshifted", d.current_unshifted},
                    {"state_unshifted", d.state_unshifted},
                    {"failure", row.failure}});
    if (row.failure.empty()) {
      table.add({row.model,
                 row.card,
                 row.drive,
                 percent(d.current),
                 percent(d.state),
                 percent(d.current_unshifted),
                 percent(d.edge_share)});
    } else {
      table.add({row.model, row.card, row.drive, "failed", row.failure});
    }
  }
  print(options.common.json ? json.dump() + '\n'
                            : "Largest differences between " + engine->version() +
                                  " and the ODE engine, of full scale:\n\n" + table.str());
  if (failures > 0) throw RunError(std::to_string(failures) + " comparison(s) failed");
}

using Run = void (*)(const Options&);

CLI::App* add_one(CLI::App& parent,
                  const char* name,
                  const char* text,
                  const std::shared_ptr<Options>& options,
                  std::pair<Run, Action*> what) {
  CLI::App* command = parent.add_subcommand(name, text);
  add_common(*command, options->common, "Write the CSV to this file instead of standard output");
  command->callback([options, what] { *what.second = [options, what] { what.first(*options); }; });
  return command;
}

void add_card(CLI::App& command, Options& options) {
  command.add_option("MODEL", options.model, "Name of the model")->required();
  command.add_option("--card", options.card, "Parameter set: a shipped name, or a .toml file");
}

void add_trace_options(CLI::App& command, Options& options) {
  command.add_option("--drive", options.drive, "sin, triangle or pulse");
  command.add_option("--amplitude", options.amplitude, "Amplitude")->type_name("V");
  command.add_option("--frequency", options.frequency, "Frequency")->type_name("HZ");
  command.add_option("--cycles", options.cycles, "Periods");
  command.add_option("--series", options.series, "Load resistor")->type_name("OHM");
  command.add_option("--engine", options.engine, "ode (memspice's own) or ngspice");
  command.add_option("--points", options.points, "Points of the result");
  command.add_option("--plot", options.plot, "Also draw loop and waveforms")->type_name("FILE.svg");
}

}  // namespace

void add_device(CLI::App& program, Action& chosen) {
  CLI::App* device = program.add_subcommand("device", "Memristor models: parameters and traces");
  device->require_subcommand(1);
  device->footer(kExamples);
  const auto options = std::make_shared<Options>();
  add_one(*device, "list", "Models and their cards", options, {list_models, &chosen});
  CLI::App* show =
      add_one(*device, "show", "A card with its sources", options, {show_model, &chosen});
  add_card(*show, *options);
  CLI::App* trace =
      add_one(*device, "trace", "A device under a drive", options, {trace_model, &chosen});
  add_card(*trace, *options);
  add_trace_options(*trace, *options);
  add_one(*device,
          "compare",
          "Every model through both engines: the largest differences",
          options,
          {compare_models, &chosen});
}

}  // namespace memspice::cli
