#include "circuit/rule_check.hpp"

#include <algorithm>
#include <map>
#include <optional>

#include "base/error.hpp"
#include "circuit/conduction.hpp"
#include "circuit/hierarchy.hpp"
#include "circuit/value_check.hpp"

namespace memspice::circuit {
namespace {

/// What an instance's model may be.
struct Model {
  std::size_t ports = 0;
  bool is_subcircuit = false;
};

std::map<std::string, Model> models_of(const Circuit& circuit) {
  std::map<std::string, Model> models;
  for (const Definition& text : circuit.definitions()) {
    models[text.name] = {text.ports.size(), !text.ports.empty()};
  }
  for (const auto& body : circuit.subcircuits()) {
    models[body->name()] = {body->ports().size(), true};
  }
  return models;
}

bool needs_model(Kind kind) {
  return kind == Kind::Diode || kind == Kind::Mosfet || kind == Kind::VoltageSwitch ||
         kind == Kind::Subcircuit;
}

/// The check of one circuit; violations are collected in `found`.
class Checker {
 public:
  Checker(const Circuit& circuit, std::vector<Violation>& found)
      : circuit_(circuit), found_(found) {}

  void check(const Conduction& conduction) {
    check_values();
    check_models();
    check_pins();
    for (const std::string& name : conduction.shorts) {
      report(Rule::ShortedSource,
             name,
             "both pins of this voltage source are on one net; connect "
             "it across two nets or leave it out");
    }
    for (const std::string& name : conduction.loops) {
      report(Rule::ShortedSource,
             name,
             "closes a loop of voltage sources; put a resistance into "
             "the loop or leave the source out");
    }
    check_paths(conduction.group);
  }

 private:
  void check_values() {
    for (const Instance& instance : circuit_.instances()) {
      const std::string fault = find_bad_value(instance);
      if (!fault.empty()) report(Rule::BadValue, instance.name, fault);
    }
  }

  void check_models() {
    const std::map<std::string, Model> models = models_of(circuit_);
    for (const Instance& instance : circuit_.instances()) {
      if (needs_model(instance.kind)) check_model(instance, models);
    }
  }

  void check_model(const Instance& instance, const std::map<std::string, Model>& models) {
    const auto model = models.find(instance.model);
    const bool is_subcircuit = instance.kind == Kind::Subcircuit;
    if (model == models.end()) {
      report(Rule::UnknownModel,
             instance.name,
             "names the definition \"" + instance.model + "\", which this circuit lacks; add it");
    } else if (model->second.is_subcircuit != is_subcircuit) {
      report(Rule::UnknownModel,
             instance.name,
             "needs a " + std::string(is_subcircuit ? ".subckt" : ".model") + ", but \"" +
                 instance.model + "\" is none; name another definition");
    } else if (is_subcircuit && model->second.ports != instance.pins.size()) {
      report(Rule::UnknownModel,
             instance.name,
             "has " + std::to_string(instance.pins.size()) + " pins, but \"" + instance.model +
                 "\" has " + std::to_string(model->second.ports) +
                 " ports; connect each port once");
    }
  }

  /// Counts pins per net; a port is connected once more, from outside.
  void check_pins() {
    std::vector<char> is_port(static_cast<std::size_t>(circuit_.net_count()), 0);
    for (const NetId port : circuit_.ports()) is_port[static_cast<std::size_t>(port.value)] = 1;
    for (int net = 1; net < circuit_.net_count(); ++net) {
      const int pins = circuit_.pins_on(NetId{net});
      if (is_port[static_cast<std::size_t>(net)]) {
        if (pins == 0) {
          report(Rule::UnconnectedPort,
                 circuit_.net_name(NetId{net}),
                 "nothing is connected to this port; connect it or drop it from the ports");
        }
      } else if (pins < 2 && !is_held(NetId{net})) {
        report(Rule::FloatingNet,
               circuit_.net_name(NetId{net}),
               "this net has " + std::string(pins == 0 ? "no pin" : "a single pin") +
                   "; connect a second one or leave the net out");
      }
    }
  }

  bool is_held(NetId net) const {
    const std::vector<InstanceId> on = circuit_.instances_on(net);
    return std::any_of(on.begin(), on.end(), [this, net](InstanceId id) {
      const Instance& instance = circuit_.instances()[static_cast<std::size_t>(id.value)];
      const bool is_pin = instance.pins[0] == net || instance.pins[1] == net;
      return is_pin && is_voltage_source(instance.kind);
    });
  }

  /// One violation per group of nets that hangs on neither ground nor a port.
  void check_paths(const std::vector<int>& group) {
    std::vector<int> members(group.size(), 0);
    for (const int g : group) ++members[static_cast<std::size_t>(g)];
    std::vector<char> is_settled(group.size(), 0);
    is_settled[0] = 1;
    for (const NetId port : circuit_.ports()) {
      is_settled[static_cast<std::size_t>(group[static_cast<std::size_t>(port.value)])] = 1;
    }
    for (std::size_t net = 0; net < group.size(); ++net) {
      const auto g = static_cast<std::size_t>(group[net]);
      if (is_settled[g]) continue;
      is_settled[g] = 1;
      report_path(NetId{static_cast<int>(net)}, members[g] - 1);
    }
  }

  void report_path(NetId net, int others) {
    const std::string with =
        others > 0 ? " (and " + std::to_string(others) + " more nets joined to it)" : "";
    report(Rule::NoDcPath,
           circuit_.net_name(net),
           "this net" + with +
               " has no path to ground through elements that conduct at DC; join it to ground "
               "by a resistor or a voltage source");
  }

  void report(Rule rule, const std::string& name, std::string message) {
    found_.push_back({rule, circuit_.name() + "." + name, std::move(message)});
  }

  const Circuit& circuit_;
  std::vector<Violation>& found_;
};

}  // namespace

std::vector<Violation> check_rules(const Circuit& circuit) {
  std::vector<Violation> found;
  KnownGroups known;
  for (const Definition* text : definitions_of(circuit)) known[text->name] = groups_of_text(*text);
  std::vector<const Circuit*> all = bodies_of(circuit);
  all.push_back(&circuit);
  for (const Circuit* body : all) {
    const Conduction conduction = find_conduction(*body, known);
    Checker(*body, found).check(conduction);
    known[body->name()] = conduction.ports;
  }
  return found;
}

void require_sound(const Circuit& circuit) {
  const std::vector<Violation> found = check_rules(circuit);
  if (found.empty()) return;
  constexpr std::size_t kShown = 5;
  std::string text = "the electrical rule check of circuit " + circuit.name() + " failed";
  for (std::size_t k = 0; k < std::min(found.size(), kShown); ++k) {
    text += (k == 0 ? ": " : " | ") + found[k].place + ": " + found[k].message;
  }
  if (found.size() > kShown) text += " | and " + std::to_string(found.size() - kShown) + " more";
  throw RunError(text);
}

}  // namespace memspice::circuit
