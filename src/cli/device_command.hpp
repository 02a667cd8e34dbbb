#pragma once
// memspice device: what all its subcommands share.

#include <memory>
#include <string>

#include "cli/command.hpp"
#include "config/memristor_card.hpp"
#include "device/trace.hpp"
#include "engine/engine.hpp"

namespace memspice::cli {

/// The arguments of every subcommand, as typed.
struct DeviceArguments {
  CommonOptions common;
  std::string model, card, folder, drive = "sin", engine = "ode", plot, temperature;
  std::string amplitude = "1 V", frequency = "1 Hz", series = "0 Ohm";
  int cycles = 1, points = 1001;
  std::vector<std::string> data;    ///< of fit: files of measurements
  std::string kind, columns, base;  ///< of fit
};

/// With the commands list, show, trace, compare and fit.
Command device_command();

void list_models(const DeviceArguments& arguments);
void show_model(const DeviceArguments& arguments);
void trace_model(const DeviceArguments& arguments);
void compare_models(const DeviceArguments& arguments);
void fit_device(const DeviceArguments& arguments);

/// What the commands above tell with --json, for callers that are no terminal; of a trace its
/// numbers. A fit's card and picture are written where the arguments say. Throw as the commands do.
std::string models_as_json(const DeviceArguments& arguments);
std::string model_as_json(const DeviceArguments& arguments);
std::string fit_to_json(const DeviceArguments& arguments);
device::Trace trace_as_asked(const DeviceArguments& arguments);

/// The model and card that MODEL and --card name: MODEL may itself be the path of a card, and
/// without --card the first shipped one is taken. --set is laid over it.
config::ModelCard load_named_card(const DeviceArguments& arguments);

std::unique_ptr<engine::Engine> make_device_engine(int workers);

}  // namespace memspice::cli
