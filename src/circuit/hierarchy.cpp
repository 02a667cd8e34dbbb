#include "circuit/hierarchy.hpp"

#include <map>
#include <string>

#include "base/error.hpp"

namespace memspice::circuit {
namespace {

[[noreturn]] void reject_second(const Circuit& top, const std::string& name) {
  throw InputError({.place = top.name(),
                    .value = name,
                    .rule = "names two different subcircuits or definitions",
                    .remedy = "SPICE has one space of names; rename one of them"});
}

void collect(const Circuit& top,
             const Circuit& parent,
             std::map<std::string, const Circuit*>& seen,
             std::vector<const Circuit*>& bodies) {
  for (const auto& body : parent.subcircuits()) {
    const auto [known, is_new] = seen.emplace(body->name(), body.get());
    if (!is_new && known->second != body.get()) reject_second(top, body->name());
    if (!is_new) continue;
    collect(top, *body, seen, bodies);
    bodies.push_back(body.get());
  }
}

}  // namespace

std::vector<const Circuit*> bodies_of(const Circuit& top) {
  std::map<std::string, const Circuit*> seen;
  std::vector<const Circuit*> bodies;
  collect(top, top, seen, bodies);
  return bodies;
}

std::vector<const Definition*> definitions_of(const Circuit& top) {
  std::vector<const Circuit*> circuits = bodies_of(top);
  std::map<std::string, const Definition*> seen;
  for (const Circuit* body : circuits) seen.emplace(body->name(), nullptr);
  circuits.push_back(&top);
  std::vector<const Definition*> definitions;
  for (const Circuit* owner : circuits) {
    for (const Definition& definition : owner->definitions()) {
      const auto [known, is_new] = seen.emplace(definition.name, &definition);
      if (is_new) definitions.push_back(&definition);
      if (known->second == nullptr || known->second->text != definition.text) {
        reject_second(top, definition.name);
      }
    }
  }
  return definitions;
}

}  // namespace memspice::circuit
