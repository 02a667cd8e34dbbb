#include "netlist/ngspice_dialect.hpp"

#include "base/text.hpp"
#include "netlist/line.hpp"
#include "netlist/model_text.hpp"
#include "netlist/source_words.hpp"

namespace memspice::netlist {
namespace {

using circuit::Instance;
using circuit::Kind;

/// A swept source is a behavioural one.
char letter(const Instance& instance) {
  return is_swept(instance) ? 'b' : element_letter(instance.kind);
}

std::string element_name(const Instance& instance) {
  return std::string(1, letter(instance)) + "_" + instance.name;
}

/// A list of one level is held by repeating it: pwl needs two points.
void add_levels(Line& line, const circuit::Swept& swept) {
  line.add("0,").add(to_text(swept.levels.front()));
  const std::size_t count = std::max<std::size_t>(swept.levels.size(), 2);
  for (std::size_t k = 1; k < count; ++k) {
    const double level = swept.levels[std::min(k, swept.levels.size() - 1)];
    line.add("," + to_text(static_cast<long long>(k)) + "," + to_text(level));
  }
}

void add_source(Line& line, const Instance& instance) {
  if (!is_swept(instance)) return add_waveform(line, instance.waveform);
  const bool is_voltage = instance.kind == Kind::VoltageSource;
  line.add(is_voltage ? "v=pwl(v(stimulus_index)," : "i=pwl(v(stimulus_index),");
  add_levels(line, std::get<circuit::Swept>(instance.waveform));
  line.add(")");
}

/// What follows the pins.
void add_body(Line& line, const Instance& instance) {
  switch (instance.kind) {
    case Kind::Resistor:
    case Kind::Capacitor:
    case Kind::VoltageControlledVoltage:
    case Kind::VoltageControlledCurrent:
      line.add(instance.value);
      break;
    case Kind::VoltageSource:
    case Kind::CurrentSource:
      add_source(line, instance);
      break;
    case Kind::BehaviouralVoltage:
      line.add("v=" + instance.expression);
      break;
    case Kind::BehaviouralCurrent:
      line.add("i=" + instance.expression);
      break;
    default:
      line.add(instance.model);
  }
  for (const circuit::Parameter& parameter : instance.parameters) {
    line.add(parameter.name, parameter.value);
  }
}

/// Reading takes a net's or a branch's vector: "v(net)" and "i(v_name)" in .save and .print.
std::string printed(const std::string& vector) {
  constexpr std::string_view kBranch = "#branch";
  if (!vector.ends_with(kBranch)) return "v(" + vector + ")";
  return "i(" + vector.substr(0, vector.size() - kBranch.size()) + ")";
}

std::string sweep_lines(double last) {
  return ".global stimulus_index\nv_stimulus_index stimulus_index 0 0\n" +
         Line(".dc v_stimulus_index 0").add(last).add("1").str();
}

std::string type_lines(const circuit::StimulusSweep& sweep) {
  return sweep_lines(sweep.count - 1);
}

/// One point; whoever loads the deck asks for more.
std::string type_lines(const circuit::ExternalSweep&) {
  return sweep_lines(0);
}

std::string type_lines(const circuit::Transient& transient) {
  Line line(".tran");
  line.add(transient.step).add(transient.stop);
  if (transient.max_step > 0) line.add("0").add(transient.max_step);
  if (transient.use_initial_conditions) line.add("uic");
  return line.str();
}

}  // namespace

/// What is emitted is the checker's own rendering, never the text as it came.
std::string NgspiceDialect::definition(const circuit::Definition& definition) const {
  return read_definition(definition.text, definition.name).text;
}

std::string NgspiceDialect::element(const circuit::Circuit& circuit,
                                    const Instance& instance) const {
  Line line(element_name(instance));
  for (const circuit::NetId net : instance.pins) line.add(circuit.net_name(net));
  add_body(line, instance);
  return line.str();
}

std::string NgspiceDialect::subcircuit_begin(const circuit::Circuit& body) const {
  Line line(".subckt " + body.name());
  for (const circuit::NetId port : body.ports()) line.add(body.net_name(port));
  return line.str();
}

std::string NgspiceDialect::subcircuit_end(const circuit::Circuit& body) const {
  return ".ends " + body.name() + "\n";
}

std::string NgspiceDialect::analysis(const circuit::Analysis& analysis) const {
  const circuit::Accuracy& accuracy = analysis.accuracy;
  constexpr double kKelvinAtZeroCelsius = 273.15;
  const auto steps = static_cast<double>(accuracy.iterations);
  Line options(".options");
  options.add("reltol", accuracy.reltol).add("abstol", accuracy.abstol);
  options.add("vntol", accuracy.vntol).add("gmin", accuracy.gmin);
  options.add("itl1", steps).add("itl2", steps).add("itl4", steps).add("noacct");
  std::string text = options.str();
  // Rounded, for 300.15 K - 273.15 K is not 27 in binary.
  text += ".temp " + to_text_rounded(analysis.temperature - kKelvinAtZeroCelsius, 10) + "\n";
  for (const auto& [net, V] : analysis.start) {
    text += ".nodeset v(" + net + ")=" + to_text(V) + "\n";
  }
  return text + std::visit([](const auto& type) { return type_lines(type); }, analysis.type);
}

std::string NgspiceDialect::vector(const ProbePath& probe) const {
  std::string path;
  for (const std::string& instance : probe.instances) path += "x_" + instance + ".";
  if (probe.source == nullptr) return path + probe.name;
  const std::string prefix = path.empty() ? "" : std::string(1, letter(*probe.source)) + ".";
  return prefix + path + element_name(*probe.source) + "#branch";
}

std::string NgspiceDialect::output(const circuit::Analysis& analysis,
                                   const std::vector<std::string>& vectors,
                                   bool saves_all) const {
  const bool is_sweep = !std::holds_alternative<circuit::Transient>(analysis.type);
  Line save(".save");
  Line print(is_sweep ? ".print dc" : ".print tran");
  for (const std::string& vector : vectors) {
    save.add(printed(vector));
    print.add(printed(vector));
  }
  if (vectors.empty()) return {};
  return (saves_all ? "" : save.str()) + print.str();
}

}  // namespace memspice::netlist
