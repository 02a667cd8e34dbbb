#include "netlist/deck.hpp"

#include <cmath>

#include "base/error.hpp"
#include "base/text.hpp"
#include "circuit/conduction.hpp"
#include "circuit/hierarchy.hpp"
#include "circuit/rule_check.hpp"
#include "netlist/dialect.hpp"

namespace memspice::netlist {
namespace {

using circuit::Circuit;
using circuit::Instance;
using circuit::Kind;
using circuit::Probe;

void check_positive(double value, const std::string& name) {
  if (std::isfinite(value) && value > 0) return;
  reject("analysis." + name, to_text(value), "must be finite and above 0", "give it such a value");
}

void check_type(const circuit::StimulusSweep& sweep) {
  if (sweep.count >= 1 && sweep.count <= kMaxStimuli) return;
  reject("analysis",
         std::to_string(sweep.count) + " stimuli",
         "a deck takes 1 to " + std::to_string(kMaxStimuli),
         "split the stimuli over several decks");
}

void check_type(const circuit::Transient& transient) {
  check_positive(transient.stop, "stop");
  check_positive(transient.step, "step");
  if (transient.max_step != 0) check_positive(transient.max_step, "max_step");
}

void check_type(const circuit::ExternalSweep&) {}

void check_analysis(const circuit::Analysis& analysis) {
  std::visit([](const auto& type) { check_type(type); }, analysis.type);
  check_positive(analysis.accuracy.reltol, "reltol");
  check_positive(analysis.accuracy.abstol, "abstol");
  check_positive(analysis.accuracy.vntol, "vntol");
  check_positive(analysis.accuracy.gmin, "gmin");
  check_positive(analysis.accuracy.iterations, "iterations");
  check_positive(analysis.temperature, "temperature");
  if (analysis.probes.empty() && !analysis.all_nets) {
    reject("analysis", "no probe", "at least one quantity must be read", "add a probe");
  }
}

/// Every Swept source has one level per stimulus, and there is a sweep that steps it.
void check_swept(const Circuit& circuit, const circuit::Analysis& analysis) {
  const auto* sweep = std::get_if<circuit::StimulusSweep>(&analysis.type);
  for (const Instance& instance : circuit.instances()) {
    const auto* swept = std::get_if<circuit::Swept>(&instance.waveform);
    if (swept == nullptr) continue;
    const std::size_t wanted = sweep == nullptr ? 0 : static_cast<std::size_t>(sweep->count);
    if (swept->levels.size() == wanted) continue;
    reject(circuit.name() + "." + instance.name,
           std::to_string(swept->levels.size()) + " levels",
           "the analysis has " + std::to_string(wanted) + " stimuli",
           "give the source one level per stimulus");
  }
}

bool is_external(const Instance& instance) {
  return std::holds_alternative<circuit::External>(instance.waveform);
}

/// Voltages from outside need a program that gives them: ngspice's library, and the analysis that
/// says so. In a deck for others such a source would be 0 V without a word.
void check_external(const Circuit& circuit, const circuit::Analysis& analysis, Dialect dialect) {
  const bool is_given = std::holds_alternative<circuit::ExternalSweep>(analysis.type);
  if (is_given && dialect == Dialect::Ngspice) return;
  for (const Instance& instance : circuit.instances()) {
    if (!is_external(instance) && !is_given) continue;
    reject(circuit.name() + "." + instance.name,
           dialect_name(dialect),
           "voltages from outside are for ngspice's external sweep alone",
           "give the source a waveform of its own");
  }
}

/// Walks down "tile.net" from instance to instance.
class ProbeFinder {
 public:
  ProbeFinder(const Circuit& top, const Probe& probe) : circuit_(&top), probe_(probe) {}

  ProbePath find() {
    std::vector<std::string> parts = split(probe_.name, '.');
    ProbePath path;
    path.name = to_lower(parts.back());
    parts.pop_back();
    for (const std::string& part : parts) path.instances.push_back(descend(part));
    if (probe_.kind == Probe::Kind::NetVoltage) {
      if (!circuit_->find_net(path.name) || path.name == "0") fail("names no net");
      if (is_port(path.name) && !path.instances.empty()) {
        fail("is a port; probe the net outside that it is joined to:");
      }
    } else {
      const auto id = circuit_->find_instance(path.name);
      if (id) path.source = &circuit_->instances()[static_cast<std::size_t>(id->value)];
      if (!id || !circuit::is_voltage_source(path.source->kind)) fail("names no voltage source");
    }
    return path;
  }

 private:
  bool is_port(const std::string& name) const {
    for (const circuit::NetId port : circuit_->ports()) {
      if (circuit_->net_name(port) == name) return true;
    }
    return false;
  }

  std::string descend(const std::string& part) {
    const auto id = circuit_->find_instance(part);
    if (!id) fail("names no subcircuit instance \"" + part + "\"");
    const Instance& instance = circuit_->instances()[static_cast<std::size_t>(id->value)];
    for (const auto& body : circuit_->subcircuits()) {
      if (instance.kind != Kind::Subcircuit || body->name() != instance.model) continue;
      circuit_ = body.get();
      return instance.name;
    }
    fail("\"" + part + "\" has no generated subcircuit to look into");
  }

  [[noreturn]] void fail(const std::string& rule) const {
    reject("probe",
           "\"" + probe_.name.substr(0, 80) + "\"",
           rule + " of circuit " + circuit_->name(),
           "probe a net by its name, a voltage source by its name");
  }

  const Circuit* circuit_;
  const Probe& probe_;
};

std::string definition_lines(const Circuit& circuit, const DialectWriter& writer) {
  std::string text;
  for (const circuit::Definition* definition : circuit::definitions_of(circuit)) {
    text += writer.definition(*definition);
  }
  return text;
}

std::string element_lines(const Circuit& circuit, const DialectWriter& writer) {
  std::string text;
  for (const Instance& instance : circuit.instances()) text += writer.element(circuit, instance);
  return text;
}

std::string subcircuit_lines(const Circuit& body, const DialectWriter& writer) {
  return writer.subcircuit_begin(body) + element_lines(body, writer) + writer.subcircuit_end(body);
}

std::string library_lines(const Circuit& circuit, const DialectWriter& writer) {
  std::string text = definition_lines(circuit, writer);
  for (const Circuit* body : circuit::bodies_of(circuit)) text += subcircuit_lines(*body, writer);
  return text;
}

}  // namespace

Deck write_deck(const Circuit& circuit, const circuit::Analysis& analysis, Dialect dialect) {
  circuit::require_sound(circuit);
  check_analysis(analysis);
  std::vector<const Circuit*> circuits = circuit::bodies_of(circuit);
  circuits.push_back(&circuit);
  for (const Circuit* each : circuits) {
    check_swept(*each, analysis);
    check_external(*each, analysis, dialect);
  }

  const DialectWriter& writer = dialect_writer(dialect);
  Deck deck;
  deck.title = circuit.name();
  for (const Probe& probe : analysis.probes) {
    deck.vectors.push_back(writer.vector(ProbeFinder(circuit, probe).find()));
  }
  deck.all_nets = analysis.all_nets;
  if (const auto* sweep = std::get_if<circuit::StimulusSweep>(&analysis.type)) {
    deck.points = sweep->count;
  }
  // ngspice compares each saved name with each vector: a long list costs more than all vectors.
  constexpr std::size_t kMaxSaved = 1000;
  const bool saves_all = analysis.all_nets || analysis.probes.size() > kMaxSaved;
  deck.text = "* memspice: " + circuit.name() + "\n";
  deck.text += writer.stimuli(circuits, analysis);
  deck.text += library_lines(circuit, writer);
  deck.text += element_lines(circuit, writer);
  deck.text += writer.analysis(analysis);
  deck.text += writer.output(analysis, deck.vectors, saves_all);
  deck.text += ".end\n";
  return deck;
}

std::string write_subcircuit(const Circuit& circuit, Dialect dialect) {
  circuit::require_sound(circuit);
  const DialectWriter& writer = dialect_writer(dialect);
  return library_lines(circuit, writer) + subcircuit_lines(circuit, writer);
}

}  // namespace memspice::netlist
