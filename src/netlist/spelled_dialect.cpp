#include "netlist/spelled_dialect.hpp"

#include "base/text.hpp"
#include "netlist/definition_text.hpp"
#include "netlist/line.hpp"
#include "netlist/source_words.hpp"

namespace memspice::netlist {
namespace {

using circuit::Circuit;
using circuit::Instance;
using circuit::Kind;

/// The parameter that carries a swept source's level; bodies share one space of names with it.
std::string level_name(const Circuit& circuit, const Instance& instance) {
  return "level_" + circuit.name() + "_" + instance.name;
}

struct SweptSource {
  std::string name;
  const circuit::Swept* levels;
};

std::vector<SweptSource> swept_sources(const std::vector<const Circuit*>& circuits) {
  std::vector<SweptSource> sources;
  for (const Circuit* circuit : circuits) {
    for (const Instance& instance : circuit->instances()) {
      if (!is_swept(instance)) continue;
      sources.push_back(
          {level_name(*circuit, instance), &std::get<circuit::Swept>(instance.waveform)});
    }
  }
  return sources;
}

}  // namespace

std::string SpelledDialect::element_name(const Instance& instance) const {
  char letter = element_letter(instance.kind);
  if (!is_xyce()) {
    if (instance.kind == Kind::BehaviouralVoltage) letter = 'e';
    if (instance.kind == Kind::BehaviouralCurrent) letter = 'g';
    if (instance.kind == Kind::VoltageSwitch) letter = 'g';
  }
  return std::string(1, letter) + "_" + instance.name;
}

std::string SpelledDialect::definition(const circuit::Definition& definition) const {
  return spell_definition(definition, spelling_);
}

std::string SpelledDialect::element(const Circuit& circuit, const Instance& instance) const {
  Line line(element_name(instance));
  const bool is_resistor = instance.kind == Kind::VoltageSwitch && !is_xyce();
  const std::size_t pins = is_resistor ? 2 : instance.pins.size();
  for (std::size_t k = 0; k < pins; ++k) line.add(circuit.net_name(instance.pins[k]));
  if (is_resistor) {
    const std::string place = circuit.name() + "." + instance.name;
    const std::string control =
        circuit.net_name(instance.pins[2]) + " " + circuit.net_name(instance.pins[3]);
    const SwitchModel model = find_switch_model(circuit.definitions(), instance.model, place);
    return line.add(hspice_switch_words(model, control)).str();
  }
  add_body(line, circuit, instance);
  return line.str();
}

void SpelledDialect::add_body(Line& line, const Circuit& circuit, const Instance& instance) const {
  switch (instance.kind) {
    case Kind::Resistor:
    case Kind::Capacitor:
    case Kind::VoltageControlledVoltage:
    case Kind::VoltageControlledCurrent:
      line.add(instance.value);
      break;
    case Kind::VoltageSource:
    case Kind::CurrentSource:
      add_waveform(line, instance.waveform);
      if (is_swept(instance)) {
        line.add("dc").add(spelling_.open + level_name(circuit, instance) + spelling_.close);
      }
      break;
    case Kind::BehaviouralVoltage:
    case Kind::BehaviouralCurrent:
      add_expression(line, circuit, instance);
      break;
    default:
      line.add(instance.model);
  }
  add_parameters(line, instance);
}

void SpelledDialect::add_expression(Line& line,
                                    const Circuit& circuit,
                                    const Instance& instance) const {
  const std::string place = circuit.name() + "." + instance.name;
  const bool is_voltage = instance.kind == Kind::BehaviouralVoltage;
  const std::string xyce_key = is_voltage ? "v=" : "i=";
  const std::string hspice_key = is_voltage ? "vol=" : "cur=";
  const Term term = parse_term(to_lower(instance.expression), place);
  line.add((is_xyce() ? xyce_key : hspice_key) + spell_quoted(term, spelling_, place));
}

void SpelledDialect::add_parameters(Line& line, const Instance& instance) const {
  const bool is_call = instance.kind == Kind::Subcircuit;
  if (is_call && is_xyce() && !instance.parameters.empty()) line.add("params:");
  for (const circuit::Parameter& parameter : instance.parameters) {
    line.add(parameter.name, parameter.value);
  }
}

std::string SpelledDialect::subcircuit_begin(const Circuit& body) const {
  Line line(".subckt " + body.name());
  for (const circuit::NetId port : body.ports()) line.add(body.net_name(port));
  return line.str();
}

std::string SpelledDialect::subcircuit_end(const Circuit& body) const {
  return ".ends " + body.name() + "\n";
}

std::string SpelledDialect::stimuli(const std::vector<const Circuit*>& circuits,
                                    const circuit::Analysis& analysis) const {
  const auto* sweep = std::get_if<circuit::StimulusSweep>(&analysis.type);
  if (sweep == nullptr) return "";
  const std::vector<SweptSource> sources = swept_sources(circuits);
  // The number itself is a column, so that a circuit without swept sources has a table too.
  Line names(is_xyce() ? ".global_param" : ".param");
  Line columns(is_xyce() ? ".data stimuli\n+ stimulus_index" : ".data stimuli stimulus_index");
  names.add("stimulus_index", 0);
  for (const SweptSource& source : sources) {
    names.add(source.name, source.levels->levels.front());
    columns.add(source.name);
  }
  std::string text = names.str() + columns.str();
  for (int k = 0; k < sweep->count; ++k) {
    Line row("+ " + to_text(static_cast<long long>(k)));
    for (const SweptSource& source : sources) {
      row.add(source.levels->levels[static_cast<std::size_t>(k)]);
    }
    text += row.str();
  }
  return text + ".enddata\n";
}

std::string SpelledDialect::vector(const ProbePath& probe) const {
  std::string path;
  for (const std::string& instance : probe.instances) {
    path += "x_" + instance + (is_xyce() ? ":" : ".");
  }
  if (probe.source == nullptr) return "v(" + path + probe.name + ")";
  return "i(" + path + element_name(*probe.source) + ")";
}

}  // namespace memspice::netlist
