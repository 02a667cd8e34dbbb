#include "netlist/source_words.hpp"

namespace memspice::netlist {
namespace {

using circuit::Kind;

void add(Line& line, const circuit::Dc& dc) {
  line.add("dc").add(dc.level);
}

void add(Line&, const circuit::Swept&) {}

void add(Line& line, const circuit::External&) {
  line.add("external");
}

void add(Line& line, const circuit::Sine& sine) {
  line.add("dc").add(sine.offset).add("sin(").add(sine.offset).add(sine.amplitude);
  line.add(sine.frequency).add(sine.delay).add(")");
}

void add(Line& line, const circuit::Pulse& pulse) {
  line.add("dc").add(pulse.low).add("pulse(").add(pulse.low).add(pulse.high).add(pulse.delay);
  line.add(pulse.rise).add(pulse.fall).add(pulse.width).add(pulse.period).add(")");
}

void add(Line& line, const circuit::PiecewiseLinear& pieces) {
  line.add("dc").add(pieces.levels.front()).add("pwl(");
  for (std::size_t k = 0; k < pieces.times.size(); ++k) {
    line.add(pieces.times[k]).add(pieces.levels[k]);
  }
  line.add(")");
}

}  // namespace

bool is_swept(const circuit::Instance& instance) {
  return std::holds_alternative<circuit::Swept>(instance.waveform) &&
         (instance.kind == Kind::VoltageSource || instance.kind == Kind::CurrentSource);
}

char element_letter(Kind kind) {
  switch (kind) {
    case Kind::Resistor:
      return 'r';
    case Kind::Capacitor:
      return 'c';
    case Kind::VoltageSource:
      return 'v';
    case Kind::CurrentSource:
      return 'i';
    case Kind::BehaviouralVoltage:
    case Kind::BehaviouralCurrent:
      return 'b';
    case Kind::VoltageControlledVoltage:
      return 'e';
    case Kind::VoltageControlledCurrent:
      return 'g';
    case Kind::Diode:
      return 'd';
    case Kind::Mosfet:
      return 'm';
    case Kind::VoltageSwitch:
      return 's';
    case Kind::Subcircuit:
      return 'x';
  }
  return '*';
}

void add_waveform(Line& line, const circuit::Waveform& waveform) {
  std::visit([&line](const auto& of) { add(line, of); }, waveform);
}

}  // namespace memspice::netlist
