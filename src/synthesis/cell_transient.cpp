#include "synthesis/cell_transient.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "base/error.hpp"
#include "device/state_check.hpp"
#include "netlist/deck.hpp"
#include "netlist/gear.hpp"
#include "netlist/initial_state.hpp"

namespace memspice::synthesis {
namespace {

using circuit::Circuit;
using circuit::Kind;
using circuit::NetId;

/// Of the tolerances of an array's transient: what a cell carries is held against its lines.
constexpr double kFiner = 1e-2;

circuit::Waveform waveform_of(const Eigen::VectorXd& t, const Eigen::VectorXd& V) {
  if (V.maxCoeff() == V.minCoeff()) return circuit::Dc{V(0)};  // no breakpoints
  return circuit::PiecewiseLinear{.times = {t.begin(), t.end()}, .levels = {V.begin(), V.end()}};
}

/// The end of a cell: a source, behind R where there is one.
NetId add_end(Circuit& circuit, const std::string& name, circuit::Waveform waveform, double R) {
  const NetId source = circuit.add_net(name);
  circuit.add({.name = name,
               .kind = Kind::VoltageSource,
               .pins = {source, circuit::kGround},
               .waveform = std::move(waveform)});
  if (R == 0.0) return source;
  const NetId end = circuit.add_net("end_" + name);
  circuit.add({.name = "r" + name, .pins = {source, end}, .value = R});
  return end;
}

netlist::Deck deck_of(const DynamicCell& cell,
                      const circuit::Definition& started,
                      const CellDrive& drive) {
  Circuit circuit("pulse");
  circuit.add_definition(started);
  const NetId p = add_end(circuit, "p", waveform_of(drive.t, drive.V_p), drive.R_p);
  const NetId n = add_end(circuit, "n", waveform_of(drive.t, drive.V_n), drive.R_n);
  const NetId x = circuit.add_net("x");
  // A net needs two pins; no current loads the state.
  circuit.add({.name = "state", .kind = Kind::CurrentSource, .pins = {x, circuit::kGround}});
  const double width = drive.t(drive.t.size() - 1);
  add_dynamic_cell(circuit, cell, "cell", {.p = p, .n = n, .x = x}, drive.x, width);
  circuit::Analysis analysis = pulse_analysis(width, width);
  analysis.accuracy.reltol *= kFiner;
  analysis.accuracy.abstol *= kFiner;
  analysis.probes = {{circuit::Probe::Kind::NetVoltage, "x"},
                     {circuit::Probe::Kind::SourceCurrent, "p"}};
  return netlist::with_gear(netlist::write_deck(circuit, analysis));
}

CellPath path_of(engine::Waveforms waveforms, const CellDrive& drive) {
  CellPath path{.t = {}, .x = {}, .I = {}, .summary = std::move(waveforms.summary)};
  if (!path.ok()) return path;
  std::string fault = device::find_start_fault(waveforms.values(0, 0), drive.x);
  if (fault.empty()) {
    fault = device::find_bound_fault(
        waveforms.axis, waveforms.values.col(0), {.low = 0.0, .high = 1.0});
  }
  if (!fault.empty()) {
    path.summary.termination = engine::Termination::NoConvergence;
    path.summary.message = std::move(fault);
    return path;
  }
  path.t = std::move(waveforms.axis);
  path.x = waveforms.values.col(0).cwiseMax(0.0).cwiseMin(1.0);
  path.I = -waveforms.values.col(1);  // SPICE counts a source's current into its + pin
  return path;
}

}  // namespace

Eigen::Index CellPath::nearest(double time) const {
  Eigen::Index at = 0;
  (t.array() - time).abs().minCoeff(&at);
  return at;
}

std::string explain_failure(const engine::Summary& summary) {
  const std::string deck = summary.saved_deck.empty() ? "" : " " + summary.saved_deck;
  return "ngspice: " + summary.message + deck;
}

void throw_if_lost(const engine::Summary& summary,
                   const std::string& place,
                   const std::string& what) {
  using engine::Termination;
  const bool is_lost =
      summary.termination == Termination::Crashed || summary.termination == Termination::TimedOut;
  if (!is_lost) return;
  throw RunError({.place = place,
                  .value = what,
                  .rule = "got no answer: " + summary.message,
                  .remedy = summary.saved_deck.empty() ? "run memspice doctor"
                                                       : "the deck is " + summary.saved_deck});
}

std::vector<CellPath> follow_cells(const DynamicCell& cell,
                                   std::span<const CellDrive> drives,
                                   engine::Engine& engine) {
  const circuit::Definition started = netlist::start_states(cell.definition);
  std::vector<netlist::Deck> decks;
  for (const CellDrive& drive : drives) decks.push_back(deck_of(cell, started, drive));
  std::vector<engine::Waveforms> answers = engine.run_all(decks);
  std::vector<CellPath> paths;
  for (std::size_t k = 0; k < drives.size(); ++k) {
    paths.push_back(path_of(std::move(answers[k]), drives[k]));
  }
  return paths;
}

}  // namespace memspice::synthesis
