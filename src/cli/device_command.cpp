#include "cli/device_command.hpp"

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

Command device_one(const char* name,
                   const char* text,
                   const std::shared_ptr<DeviceArguments>& arguments,
                   void (*run)(const DeviceArguments&)) {
  Command command{.name = name, .text = text, .run = [arguments, run] { run(*arguments); }};
  add_common(command, arguments->common, "Write the CSV to this file instead of standard output");
  return command;
}

void add_card(Command& command, DeviceArguments& arguments) {
  command.add({
      {"MODEL",
       "MODEL",
       &arguments.model,
       "Name of the model, or the path of a card",
       Need::Required},
      {"--card",
       "NAME|FILE.toml",
       &arguments.card,
       "Parameter set: a shipped name, or a .toml file"},
  });
}

void add_trace_options(Command& command, DeviceArguments& arguments) {
  command.add({
      {"--drive", "SHAPE", &arguments.drive, "sin, triangle or pulse"},
      {"--amplitude", "V", &arguments.amplitude, "Amplitude"},
      {"--frequency", "HZ", &arguments.frequency, "Frequency"},
      {"--cycles", "N", &arguments.cycles, "Periods"},
      {"--series", "OHM", &arguments.series, "Load resistor"},
      {"--temperature", "K", &arguments.temperature, "Ambient temperature"},
      {"--engine", "NAME", &arguments.engine, "ode (memspice's own) or ngspice"},
      {"--points", "N", &arguments.points, "Points of the result"},
      {"--plot", "FILE.svg", &arguments.plot, "Also draw loop and waveforms"},
  });
}

constexpr const char* kFitExamples =
    "A file of measurements is CSV; its columns are headed by name and unit, which tell its kind:\n"
    "  iv          voltage_V,current_A[,state][,device][,cycle]   read sweeps: G and curvature\n"
    "  programmed  target_uS,conductance_uS[,device][,cycle]      what write-verify left\n"
    "  retention   time_s,conductance_uS[,device]                 drift\n"
    "  spread      device,cycle,conductance_uS[,state]            spread\n"
    "  hysteresis  time_s,voltage_V,current_A                     a dynamic model: what switches\n"
    "  pulses      amplitude_V,width_s,conductance_uS[,pulse]     the same from pulse trains\n"
    "Prefixes count (mV, uA, kOhm); resistance_Ohm may stand for conductance_S. Every figure "
    "comes\n"
    "with its 95 % interval; what the data do not tell is said so, and taken from --base.\n\n"
    "Examples:\n"
    "  memspice device fit sweeps.csv\n"
    "  memspice device fit sweeps.csv programmed.csv retention.csv --plot fit.svg --out mine.toml\n"
    "  memspice device fit programmed.csv --base linear --out mine.toml\n"
    "  memspice device fit loop.csv --model vteam --plot fit.svg --out mine.toml\n"
    "  memspice device fit log.csv --columns voltage_V,current_uA --kind iv --set g_min=\"1 uS\"\n"
    "Then: [device] card = \"mine.toml\" in a flow, or memspice device show mine.toml";

Command fit_command(const std::shared_ptr<DeviceArguments>& arguments) {
  Command fit{.name = "device fit",
              .text = "A card out of measurements, each figure with its confidence",
              .examples = kFitExamples,
              .run = [arguments] { fit_device(*arguments); }};
  add_common(fit, arguments->common, "Write the card to this file: FILE.toml");
  fit.add({
      {"DATA.csv", "DATA.csv", &arguments->data, "Measurements of one device", Need::Required},
      {"--kind",
       "KIND",
       &arguments->kind,
       "iv, programmed, retention, spread, hysteresis or pulses, where unclear"},
      {"--model",
       "NAME",
       &arguments->model,
       "Of hysteresis and pulses: vteam, yakopcic or stanford_rram; of iv: table"},
      {"--columns", "NAMES", &arguments->columns, "Headings of a file that has none"},
      {"--base", "NAME|FILE.toml", &arguments->base, "Card that gives what the data do not tell"},
      {"--plot", "FILE.svg", &arguments->plot, "Also draw data and laws"},
  });
  return fit;
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

Command device_command() {
  const auto arguments = std::make_shared<DeviceArguments>();
  Command list = device_one("device list", "Models and their cards", arguments, list_models);
  list.add({{"FOLDER", "FOLDER", &arguments->folder, "Also the models in this folder"}});
  Command show = device_one("device show", "A card with its sources", arguments, show_model);
  add_card(show, *arguments);
  Command trace = device_one("device trace", "A device under a drive", arguments, trace_model);
  add_card(trace, *arguments);
  add_trace_options(trace, *arguments);
  Command compare = device_one("device compare",
                               "Every model through both engines: the largest differences",
                               arguments,
                               compare_models);
  return {.name = "device",
          .text = "Memristor models: parameters and traces",
          .examples = kDeviceExamples,
          .commands = {list, show, trace, compare, fit_command(arguments)}};
}

}  // namespace memspice::cli
