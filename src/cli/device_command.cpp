#include "cli/device_command.hpp"

#include <CLI/CLI.hpp>

#include "base/error.hpp"

namespace memspice::cli {
namespace {

constexpr const char* kDeviceExamples =
    "Examples:\n"
    "  memspice device list\n"
    "  memspice device show vteam\n"
    "  memspice device trace vteam --drive sin --amplitude 0.3 --frequency 1e6 --out vteam.csv\n"
    "  memspice device trace stanford_rram --amplitude 1.5 --frequency 1e4 --series 1000 \\\n"
    "      --temperature \"350 K\" --engine ngspice --plot loop.svg --out trace.csv\n"
    "  memspice device trace my_models/mine.toml --engine ngspice --out mine.csv\n"
    "  memspice device compare";

using Run = void (*)(const DeviceArguments&);

CLI::App* add_one(CLI::App& parent,
                  const char* name,
                  const char* text,
                  const std::shared_ptr<DeviceArguments>& arguments,
                  std::pair<Run, Action*> what) {
  CLI::App* command = parent.add_subcommand(name, text);
  add_common(*command, arguments->common, "Write the CSV to this file instead of standard output");
  command->callback(
      [arguments, what] { *what.second = [arguments, what] { what.first(*arguments); }; });
  return command;
}

void add_card(CLI::App& command, DeviceArguments& arguments) {
  command.add_option("MODEL", arguments.model, "Name of the model, or the path of a card")
      ->required();
  command.add_option("--card", arguments.card, "Parameter set: a shipped name, or a .toml file");
}

void add_trace_options(CLI::App& command, DeviceArguments& arguments) {
  command.add_option("--drive", arguments.drive, "sin, triangle or pulse");
  command.add_option("--amplitude", arguments.amplitude, "Amplitude")->type_name("V");
  command.add_option("--frequency", arguments.frequency, "Frequency")->type_name("HZ");
  command.add_option("--cycles", arguments.cycles, "Periods");
  command.add_option("--series", arguments.series, "Load resistor")->type_name("OHM");
  command.add_option("--temperature", arguments.temperature, "Ambient temperature")->type_name("K");
  command.add_option("--engine", arguments.engine, "ode (memspice's own) or ngspice");
  command.add_option("--points", arguments.points, "Points of the result");
  command.add_option("--plot", arguments.plot, "Also draw loop and waveforms")
      ->type_name("FILE.svg");
}

/// The path of a card stands for its model too.
DeviceArguments with_card_of_path(DeviceArguments arguments) {
  if (!config::is_card_path(arguments.model)) return arguments;
  if (!arguments.card.empty()) {
    throw InputError({.place = "--card",
                      .value = arguments.card,
                      .rule = "comes beside " + arguments.model + ", which is a card already",
                      .remedy = "name the model or the path of the card, not both"});
  }
  arguments.card = arguments.model;
  arguments.model = config::model_of_card(arguments.card);
  return arguments;
}

}  // namespace

config::ModelCard load_named_card(const DeviceArguments& typed) {
  DeviceArguments arguments = with_card_of_path(typed);
  if (arguments.card.empty()) {
    const auto cards = config::shipped_cards(arguments.model);
    if (cards.empty()) {
      throw InputError({.place = "--card",
                        .value = {},
                        .rule = "is missing: " + arguments.model + " ships none",
                        .remedy = "name one"});
    }
    arguments.card = cards.front();
  }
  return config::load_model_card(arguments.model, arguments.card, arguments.common.overrides);
}

std::unique_ptr<engine::Engine> make_device_engine(int workers) {
  engine::Options options;
  options.workers = workers;
  return engine::make_ngspice_engine(options);
}

void add_device(CLI::App& program, Action& chosen) {
  CLI::App* device = program.add_subcommand("device", "Memristor models: parameters and traces");
  device->require_subcommand(1);
  device->footer(kDeviceExamples);
  const auto arguments = std::make_shared<DeviceArguments>();
  CLI::App* list =
      add_one(*device, "list", "Models and their cards", arguments, {list_models, &chosen});
  list->add_option("FOLDER", arguments->folder, "Also the models in this folder");
  CLI::App* show =
      add_one(*device, "show", "A card with its sources", arguments, {show_model, &chosen});
  add_card(*show, *arguments);
  CLI::App* trace =
      add_one(*device, "trace", "A device under a drive", arguments, {trace_model, &chosen});
  add_card(*trace, *arguments);
  add_trace_options(*trace, *arguments);
  add_one(*device,
          "compare",
          "Every model through both engines: the largest differences",
          arguments,
          {compare_models, &chosen});
}

}  // namespace memspice::cli
