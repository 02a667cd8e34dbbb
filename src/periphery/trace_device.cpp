#include "periphery/trace_device.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "base/text.hpp"
#include "device/memristor.hpp"
#include "device/static_memristor.hpp"
#include "netlist/deck.hpp"
#include "netlist/gear.hpp"
#include "netlist/initial_state.hpp"
#include "netlist/model_text.hpp"
#include "synthesis/rate_limit.hpp"

namespace memspice::periphery {
namespace {

using device::Trace;
using device::TraceOptions;
using device::TraceSummary;

circuit::Waveform waveform_of(const device::Drive& drive) {
  if (drive.shape == device::Drive::Shape::Sine) {
    return circuit::Sine{.amplitude = drive.amplitude, .frequency = drive.frequency};
  }
  circuit::PiecewiseLinear line;
  for (const device::Corner& corner : device::corners(drive)) {
    line.times.push_back(corner.t);
    line.levels.push_back(corner.level);
  }
  return line;
}

/// The parameters that the subcircuit takes: the card's own, except that the static read model's
/// subcircuit is one cell, whose conductance the card's window and state give.
std::vector<circuit::Parameter> parameters_of(const device::MemristorCard& card) {
  std::vector<circuit::Parameter> parameters;
  if (card.model == device::StaticMemristor::kName) {
    return {{"g", device::make_memristor(card)->conductance_of(card.parameters.at("x_init").value)},
            {"alpha", card.parameters.at("alpha").value}};
  }
  for (const auto& [name, figure] : card.parameters) parameters.push_back({name, figure.value});
  return parameters;
}

/// The drive, behind its series resistor if there is one, on net `p`.
void add_drive(circuit::Circuit& circuit, circuit::NetId p, const TraceOptions& options) {
  const circuit::NetId in = options.series > 0.0 ? circuit.add_net("in") : p;
  circuit.add({.name = "drive",
               .kind = circuit::Kind::VoltageSource,
               .pins = {in, circuit::kGround},
               .waveform = waveform_of(options.drive)});
  if (options.series == 0.0) return;
  circuit.add({.name = "series", .pins = {in, p}, .value = options.series});
}

/// The subcircuit; an ohmic cell (static read with alpha = 0) is a resistor.
circuit::Instance device_instance(const DeviceUnderTest& device,
                                  const circuit::Definition& definition,
                                  std::vector<circuit::NetId> pins) {
  std::vector<circuit::Parameter> parameters = parameters_of(device.card);
  const bool is_ohmic = device.card.model == device::StaticMemristor::kName &&
                        device.card.parameters.at("alpha").value == 0.0;
  if (is_ohmic) {
    return {.name = "device", .pins = std::move(pins), .value = 1.0 / parameters.front().value};
  }
  return {.name = "device",
          .kind = circuit::Kind::Subcircuit,
          .pins = std::move(pins),
          .model = definition.name,
          .parameters = std::move(parameters)};
}

circuit::Circuit trace_circuit(const DeviceUnderTest& device, const TraceOptions& options) {
  circuit::Circuit circuit("trace");
  const circuit::Definition definition = netlist::start_states(
      device.definition ? *device.definition : netlist::read_definition_file(device.subcircuit));
  circuit.add_definition(definition);
  const circuit::NetId p = circuit.add_net("p");
  add_drive(circuit, p, options);
  std::vector<circuit::NetId> pins{p, circuit::kGround};
  // The third port is the state, further ones are nodes of the model's own.
  for (std::size_t k = 2; k < definition.ports.size(); ++k) {
    const std::string name = k == 2 ? "x" : "own_" + definition.ports[k];
    pins.push_back(circuit.add_net(name));
    // A net needs two pins; no current loads the state.
    circuit.add({.name = "open_" + name,
                 .kind = circuit::Kind::CurrentSource,
                 .pins = {pins.back(), circuit::kGround}});
  }
  circuit::Instance instance = device_instance(device, definition, std::move(pins));
  synthesis::limit_rate(instance, definition, options.drive.duration());
  circuit.add(std::move(instance));
  return circuit;
}

/// Tolerances for a transient: its truncation error grows with reltol, and with 1e-7 Gear's
/// formulas stay below 0.1 % of full scale at a few thousand steps.
circuit::Analysis trace_analysis(const TraceOptions& options, bool with_state, double temperature) {
  constexpr int kStepsPerCycle = 1000;
  const double T = options.drive.duration();
  const double step =
      std::min(T / (options.points - 1), T / (kStepsPerCycle * options.drive.cycles));
  using Probe = circuit::Probe;
  circuit::Analysis analysis{
      .type = circuit::Transient{.stop = T, .step = step, .max_step = step},
      .accuracy = {.reltol = 1e-7, .abstol = 1e-12, .vntol = 1e-9, .gmin = 1e-18},
      .probes = {{Probe::Kind::NetVoltage, "p"}, {Probe::Kind::SourceCurrent, "drive"}},
      .temperature = temperature};
  if (with_state) analysis.probes.push_back({Probe::Kind::NetVoltage, "x"});
  return analysis;
}

/// `values` over `axis`, linear in between, at `times`.
Eigen::VectorXd sample(const Eigen::VectorXd& axis,
                       const Eigen::VectorXd& values,
                       const Eigen::VectorXd& times) {
  Eigen::VectorXd result(times.size());
  Eigen::Index k = 1;
  for (Eigen::Index n = 0; n < times.size(); ++n) {
    while (k + 1 < axis.size() && axis(k) < times(n)) ++k;
    const double width = axis(k) - axis(k - 1);
    const double share = width > 0.0 ? std::clamp((times(n) - axis(k - 1)) / width, 0.0, 1.0) : 1.0;
    result(n) = values(k - 1) + share * (values(k) - values(k - 1));
  }
  return result;
}

/// v / I where v is far enough from 0 to divide by; elsewhere the value before (at first: after).
Eigen::VectorXd resistance_of(const Trace& trace, double amplitude) {
  constexpr double kSmallest = 1e-3;  // of the amplitude: v and I there still have six digits
  Eigen::VectorXd R(trace.time.size());
  double last = -1.0;
  for (Eigen::Index k = 0; k < R.size(); ++k) {
    const bool is_clear = std::abs(trace.voltage(k)) > kSmallest * std::abs(amplitude);
    if (is_clear && trace.current(k) != 0.0) last = trace.voltage(k) / trace.current(k);
    R(k) = last;
  }
  const auto first = std::find_if(R.begin(), R.end(), [](double value) { return value >= 0.0; });
  if (first != R.end()) std::fill(R.begin(), first, *first);
  return R;
}

/// What ngspice's words and the drive say of a failed run, with what helps.
TraceSummary failure(const engine::Waveforms& waveforms, double stop) {
  std::string message = "ngspice: " + waveforms.summary.message;
  if (waveforms.ok()) {
    const double reached = waveforms.axis.size() > 0 ? waveforms.axis.tail(1)(0) : 0.0;
    message = "ngspice stopped at t = " + to_text_rounded(reached, 6) + " s of " +
              to_text_rounded(stop, 6) + " s";
  }
  if (!waveforms.summary.saved_deck.empty()) {
    message += "; its deck: " + waveforms.summary.saved_deck;
  }
  if (waveforms.summary.termination != engine::Termination::Rejected) {
    message +=
        "; widen the model's smoothing (`smooth`, `edge`), limit the step (--points 10001), or add "
        "a series resistor";
  }
  return {.termination = TraceSummary::Termination::Simulator, .message = message};
}

/// What cannot be in the states of a finished run; empty when all can.
std::string find_fault(const DeviceUnderTest& device, const engine::Waveforms& waveforms) {
  if (waveforms.values.cols() < 3) return "";
  const Eigen::VectorXd x = waveforms.values.col(2);
  const auto x_init = device.card.parameters.find(device::kInitialState);
  std::string fault;
  if (x_init != device.card.parameters.end()) {
    fault = device::find_start_fault(x(0), x_init->second.value);
  }
  if (fault.empty()) fault = device::find_bound_fault(waveforms.axis, x, device.bounds);
  return fault;
}

/// How the run failed; empty: it gives a trace.
std::optional<TraceSummary> failure_of(const DeviceUnderTest& device,
                                       const engine::Waveforms& waveforms,
                                       double stop) {
  const Eigen::Index rows = waveforms.axis.size();
  if (!waveforms.ok() || rows < 2 || waveforms.axis(rows - 1) < stop * (1.0 - 1e-6)) {
    return failure(waveforms, stop);
  }
  const std::string fault = find_fault(device, waveforms);
  if (fault.empty()) return std::nullopt;
  return TraceSummary{.termination = TraceSummary::Termination::Simulator,
                      .message = "ngspice: " + fault};
}

/// Of a card whose subcircuit shows no state [1].
double resting_state(const device::MemristorCard& card) {
  const auto x_init = card.parameters.find(device::kInitialState);
  return x_init == card.parameters.end() ? 0.0 : x_init->second.value;
}

}  // namespace

netlist::Deck trace_deck(const DeviceUnderTest& device, const TraceOptions& options) {
  options.validate("trace");
  const circuit::Circuit circuit = trace_circuit(device, options);
  const bool with_state = netlist::shows_state(circuit.definitions().front());
  return netlist::with_gear(
      netlist::write_deck(circuit, trace_analysis(options, with_state, device.temperature)));
}

Trace trace_in_spice(const DeviceUnderTest& device,
                     const TraceOptions& options,
                     engine::Engine& engine) {
  const engine::Waveforms waveforms = engine.run(trace_deck(device, options));
  const double stop = options.drive.duration();
  Trace trace;
  if (const auto failed = failure_of(device, waveforms, stop)) {
    trace.summary = *failed;
    return trace;
  }
  trace.time = device::uniform_times(stop, options.points);
  const auto column = [&](Eigen::Index k) {
    return sample(waveforms.axis, waveforms.values.col(k), trace.time);
  };
  trace.voltage = column(0);
  trace.current = 0.0 - column(1).array();  // SPICE counts a source's current into its + pin
  const bool shows_state = waveforms.values.cols() > 2;
  trace.state = shows_state ? column(2)
                            : Eigen::VectorXd::Constant(options.points, resting_state(device.card));
  trace.resistance = resistance_of(trace, options.drive.amplitude);
  trace.summary.steps = waveforms.axis.size();
  return trace;
}

}  // namespace memspice::periphery
