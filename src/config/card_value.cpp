#include "config/card_value.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "base/text.hpp"
#include "base/units.hpp"
#include "config/section.hpp"

namespace memspice::config {
namespace {

constexpr std::array kUnits = {Unit::Ohm,
                               Unit::Siemens,
                               Unit::Volt,
                               Unit::Ampere,
                               Unit::Farad,
                               Unit::Second,
                               Unit::Hertz,
                               Unit::Watt,
                               Unit::Joule,
                               Unit::Metre,
                               Unit::SquareMetre,
                               Unit::Kelvin,
                               Unit::PerVolt,
                               Unit::ElectronVolt};

/// Units such as "m2/(V s)" take no prefix: the text is a number and exactly that unit.
double parse_compound(const std::string& text, const std::string& unit, const std::string& place) {
  const std::string_view all = trim(text);
  if (all.ends_with(unit)) {
    const auto number = parse_double(trim(all.substr(0, all.size() - unit.size())));
    if (number && std::isfinite(*number)) return *number;
  }
  throw InputError({.place = place,
                    .value = '"' + text + '"',
                    .rule = "must be a number in " + unit,
                    .remedy = "write \"1e-9 " + unit + "\", without a prefix"});
}

double parse_choice(const std::string& text, const device::ParameterRule& rule) {
  const auto at = std::find(rule.choices.begin(), rule.choices.end(), text);
  if (at != rule.choices.end()) return static_cast<double>(at - rule.choices.begin());
  throw InputError({.place = rule.name,
                    .value = '"' + text + '"',
                    .rule = "is no " + rule.meaning,
                    .remedy = suggest(text, rule.choices)});
}

std::optional<double> as_number(const Scalar& value) {
  if (const auto* whole = std::get_if<long long>(&value)) return static_cast<double>(*whole);
  if (const auto* number = std::get_if<double>(&value)) return *number;
  return std::nullopt;
}

std::string remedy_for(const device::ParameterRule& rule) {
  if (!rule.choices.empty()) return "one of " + join(rule.choices, ", ");
  return rule.unit.empty() ? "write a plain number" : "write a number in " + rule.unit;
}

}  // namespace

std::string example_of(const device::ParameterRule& rule) {
  if (!rule.choices.empty()) return '"' + rule.choices.front() + '"';
  return rule.unit.empty() ? "1" : "\"1 " + rule.unit + '"';
}

double parse_amount(const std::string& text, const std::string& unit, const std::string& place) {
  for (const Unit known : kUnits) {
    if (symbol(known) == unit) return parse_quantity(text, known, place);
  }
  return unit.empty() ? parse_quantity(text, Unit::None, place) : parse_compound(text, unit, place);
}

double parse_card_value(const std::string& text,
                        const device::ParameterRule& rule,
                        const std::string& place) {
  return rule.choices.empty() ? parse_amount(text, rule.unit, place) : parse_choice(text, rule);
}

double read_card_value(TomlDocument& card,
                       const device::ParameterRule& rule,
                       const std::string& key) {
  const Section section(card, rule.name);
  const Entry* entry = card.find(rule.name, key);
  return section.at(key, [&]() -> double {
    if (const auto* text = std::get_if<std::string>(&entry->value)) {
      return parse_card_value(*text, rule, rule.name);
    }
    const auto number = as_number(entry->value);
    if (rule.choices.empty() && number && std::isfinite(*number)) return *number;
    throw InputError({.place = rule.name,
                      .value = entry->written,
                      .rule = rule.choices.empty() ? "must be a finite number" : "must be a name",
                      .remedy = remedy_for(rule)});
  });
}

void require_name(TomlDocument& card, const char* key, const std::string& expected) {
  std::string name;
  Section top(card, "");
  top.require({key, "of the card: the file is called so"}, name, '"' + expected + '"');
  if (!name.empty() && name != expected) {
    top.reject(key, "must be \"" + expected + '"', "rename the card or mend this line");
  }
}

}  // namespace memspice::config
