// memspice device trace: one device under a drive, in either engine.

#include <nlohmann/json.hpp>

#include "base/csv.hpp"
#include "base/error.hpp"
#include "base/files.hpp"
#include "base/names.hpp"
#include "base/units.hpp"
#include "cli/device_command.hpp"
#include "device/memristor.hpp"
#include "periphery/trace_device.hpp"
#include "report/trace_plot.hpp"

namespace memspice::cli {
namespace {

device::TraceOptions read_trace(const DeviceArguments& arguments) {
  device::TraceOptions trace;
  trace.drive.shape = device::parse_shape(arguments.drive, "--drive");
  trace.drive.amplitude = parse_quantity(arguments.amplitude, Unit::Volt, "--amplitude");
  trace.drive.frequency = parse_quantity(arguments.frequency, Unit::Hertz, "--frequency");
  trace.drive.cycles = arguments.cycles;
  trace.series = parse_quantity(arguments.series, Unit::Ohm, "--series");
  trace.points = arguments.points;
  trace.validate("trace");
  return trace;
}

void require_engine(const DeviceArguments& arguments, const config::ModelCard& model) {
  enum class Simulator { Ode, Ngspice };
  constexpr Names<2> names{"ode", "ngspice"};
  const auto simulator = parse_choice<Simulator>(names, arguments.engine, "--engine");
  if (simulator == Simulator::Ngspice || model.has_class) return;
  throw InputError({.place = "--engine",
                    .value = "\"ode\"",
                    .rule = "cannot run " + model.card.model +
                            ": it is a card and a subcircuit, without a C++ class",
                    .remedy = "add --engine ngspice"});
}

/// The ambient temperature is a parameter of the models that have one, and SPICE's own in ngspice.
double set_temperature(const DeviceArguments& arguments, config::ModelCard& model) {
  constexpr double kSpiceDefault = 300.15;  // [K], 27 degrees Celsius
  const auto parameter = model.card.parameters.find(device::kAmbientTemperature);
  const bool has_parameter = parameter != model.card.parameters.end();
  if (arguments.temperature.empty()) return has_parameter ? parameter->second.value : kSpiceDefault;
  const double T = parse_quantity(arguments.temperature, Unit::Kelvin, "--temperature");
  if (!(T > 0.0 && T <= 2000.0)) {
    throw InputError({.place = "--temperature",
                      .value = arguments.temperature,
                      .rule = "must be above 0 K and at most 2000 K",
                      .remedy = "give it in kelvin: \"350 K\""});
  }
  if (has_parameter) {
    parameter->second = {.value = T, .source = "given by --temperature"};
  } else if (model.has_class) {
    throw InputError({.place = "--temperature",
                      .value = arguments.temperature,
                      .rule = model.card.model + " has no temperature: nothing would change",
                      .remedy = "leave it out, or take stanford_rram"});
  }
  return T;
}

device::Trace run_trace(const DeviceArguments& arguments,
                        const config::ModelCard& model,
                        double temperature) {
  const device::TraceOptions trace = read_trace(arguments);
  if (arguments.engine == "ode") return device::trace(*config::make_model(model), trace);
  const auto engine = make_device_engine(1);
  device::Trace result =
      periphery::trace_in_spice(config::device_under_test(model, temperature), trace, *engine);
  // A table's subcircuit shows no state: it rests where the card has it.
  if (model.currents) result.state.setConstant(config::make_model(model)->initial_state());
  return result;
}

Eigen::MatrixXd columns_of(const device::Trace& trace) {
  Eigen::MatrixXd columns(trace.time.size(), 5);
  columns << trace.time, trace.voltage, trace.current, trace.state, trace.resistance;
  return columns;
}

/// What was written, in a sentence or as JSON.
void tell_trace(const DeviceArguments& arguments,
                const config::ModelCard& model,
                const device::Trace& trace) {
  const std::string& out = arguments.common.out;
  if (arguments.common.json) {
    const nlohmann::ordered_json json{{"model", model.card.model},
                                      {"card", model.card.name},
                                      {"engine", arguments.engine},
                                      {"points", trace.time.size()},
                                      {"steps", trace.summary.steps},
                                      {"loop_area", device::loop_area(trace)},
                                      {"out", out}};
    print(json.dump() + '\n');
  } else if (!out.empty()) {
    tell(arguments.common,
         model.card.model + ": " + std::to_string(trace.time.size()) + " points in " + out + '\n');
  }
}

/// Of a card, with its checks: the ambient temperature goes into it.
device::Trace trace_card(const DeviceArguments& arguments, config::ModelCard& model) {
  require_engine(arguments, model);
  const double temperature = set_temperature(arguments, model);
  device::Trace trace = run_trace(arguments, model, temperature);
  if (!trace.ok()) throw RunError(model.card.model + ": " + trace.summary.message);
  return trace;
}

}  // namespace

device::Trace trace_as_asked(const DeviceArguments& arguments) {
  config::ModelCard model = load_named_card(arguments);
  return trace_card(arguments, model);
}

void trace_model(const DeviceArguments& arguments) {
  apply_common(arguments.common);
  config::ModelCard model = load_named_card(arguments);
  const device::Trace trace = trace_card(arguments, model);
  const std::string csv =
      format_csv(columns_of(trace), "time_s,voltage_v,current_a,state,resistance_ohm");
  if (!arguments.plot.empty()) {
    write_file(arguments.plot,
               report::plot_trace(
                   trace, model.card.model + ", " + model.card.name + ", " + arguments.engine));
  }
  if (!arguments.common.out.empty()) {
    write_file(arguments.common.out, csv);
  } else if (!arguments.common.json) {
    print(csv);
  }
  tell_trace(arguments, model, trace);
}

}  // namespace memspice::cli
