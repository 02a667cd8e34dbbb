// What a circuit is made of, by kind and through its subcircuits.

#include <map>

#include "base/text.hpp"
#include "synthesis/analog_draft.hpp"

namespace memspice::synthesis {
namespace {

using circuit::Circuit;
using circuit::Definition;
using circuit::Instance;
using circuit::Kind;

DeviceCount& operator+=(DeviceCount& sum, const DeviceCount& more) {
  sum.memristors += more.memristors;
  sum.resistors += more.resistors;
  sum.capacitors += more.capacitors;
  sum.diodes += more.diodes;
  sum.transistors += more.transistors;
  sum.op_amps += more.op_amps;
  sum.behavioural += more.behavioural;
  return sum;
}

bool is_memristor(std::string_view name) {
  constexpr std::string_view kModels[] = {
      "static_read", "linear_ion_drift", "team", "vteam", "yakopcic", "threshold", "stanford_rram"};
  for (const std::string_view model : kModels) {
    if (name == model) return true;
  }
  return false;
}

void count_letter(DeviceCount& count, char letter) {
  if (letter == 'r') ++count.resistors;
  if (letter == 'c') ++count.capacitors;
  if (letter == 'd') ++count.diodes;
  if (letter == 'm' || letter == 'q' || letter == 'j') ++count.transistors;
  if (letter == 'b' || letter == 'e' || letter == 'g') ++count.behavioural;
}

/// A hand-written subcircuit: an op-amp, a memristor, or its own lines.
DeviceCount count_text(const Definition& definition) {
  DeviceCount count;
  if (definition.name == "op_amp") {
    count.op_amps = 1;
  } else if (is_memristor(definition.name)) {
    count.memristors = 1;
  } else {
    for (const std::string& line : split(definition.text, '\n')) {
      if (!line.empty()) count_letter(count, line.front());
    }
  }
  return count;
}

class Counter {
 public:
  DeviceCount count(const Circuit& circuit) {
    for (const auto& body : circuit.subcircuits()) {
      if (known_.count(body->name()) == 0) known_[body->name()] = count(*body);
    }
    for (const Definition& text : circuit.definitions()) {
      if (!text.ports.empty()) known_[text.name] = count_text(text);
    }
    DeviceCount sum;
    for (const Instance& instance : circuit.instances()) add(sum, instance);
    return sum;
  }

 private:
  void add(DeviceCount& sum, const Instance& instance) {
    // A crossing's memristor is one device, whatever text it is made of.
    if (instance.name.rfind("cell_", 0) == 0) {
      ++sum.memristors;
      return;
    }
    switch (instance.kind) {
      case Kind::Resistor:
        ++sum.resistors;
        break;
      case Kind::Capacitor:
        ++sum.capacitors;
        break;
      case Kind::Diode:
        ++sum.diodes;
        break;
      case Kind::Mosfet:
        ++sum.transistors;
        break;
      case Kind::Subcircuit:
        sum += known_[instance.model];
        break;
      case Kind::VoltageSource:
      case Kind::CurrentSource:
        break;
      default:
        ++sum.behavioural;
    }
  }

  std::map<std::string, DeviceCount, std::less<>> known_;
};

}  // namespace

DeviceCount count_devices(const Circuit& circuit) {
  return Counter().count(circuit);
}

}  // namespace memspice::synthesis
