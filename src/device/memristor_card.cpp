#include "device/memristor_card.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"

namespace memspice::device {
namespace {

[[noreturn]] void reject_parameter(const std::string& name,
                                   std::string value,
                                   std::string rule,
                                   std::string remedy) {
  throw InputError({.place = "card." + name,
                    .value = std::move(value),
                    .rule = std::move(rule),
                    .remedy = std::move(remedy)});
}

void require_known(const MemristorCard& card, const ParameterTable& table) {
  std::vector<std::string> names;
  for (const ParameterRule& rule : table) names.push_back(rule.name);
  for (const auto& [name, figure] : card.parameters) {
    if (std::find(names.begin(), names.end(), name) == names.end()) {
      reject_parameter(name, "", "is no parameter of " + card.model, suggest(name, names));
    }
  }
}

std::string in_unit(double value, const std::string& unit) {
  return unit.empty() ? to_text(value) : to_text(value) + ' ' + unit;
}

void require_in_range(const ParameterRule& rule, double value) {
  if (value >= rule.low && value <= rule.high) return;
  reject_parameter(rule.name,
                   in_unit(value, rule.unit),
                   "must be " + in_unit(rule.low, rule.unit) + " to " +
                       in_unit(rule.high, rule.unit) + ": " + rule.meaning,
                   "choose a value in that range; mind the sign and the unit");
}

}  // namespace

MemristorCard complete_card(const MemristorCard& card, const ParameterTable& table) {
  require_known(card, table);
  MemristorCard complete = card;
  for (const ParameterRule& rule : table) {
    if (!complete.parameters.contains(rule.name)) {
      if (rule.is_required) {
        reject_parameter(
            rule.name, "", "is missing: " + rule.meaning, "give its value, unit and source");
      }
      complete.parameters[rule.name] = {.value = rule.fallback, .source = "default of the model"};
    }
    require_in_range(rule, complete.parameters[rule.name].value);
  }
  return complete;
}

}  // namespace memspice::device
