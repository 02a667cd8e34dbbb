#include "config/subcircuit_card.hpp"

#include <algorithm>
#include <cmath>

#include "base/text.hpp"
#include "config/card_value.hpp"
#include "config/read_figure.hpp"
#include "config/section.hpp"
#include "netlist/model_text.hpp"

namespace memspice::config {
namespace {

constexpr double kAnything = 1e300;

/// The .subckt line, its continuations joined.
std::string header_of(const circuit::Definition& definition) {
  std::string header;
  for (const std::string& line : split(definition.text, '\n')) {
    if (!header.empty() && !line.starts_with('+')) break;
    header += header.empty() ? line : ' ' + line.substr(1);
  }
  return header;
}

std::vector<std::string> parameter_names(const circuit::Definition& definition) {
  std::vector<std::string> names;
  for (const std::string& word : split(header_of(definition), ' ')) {
    const auto equals = word.find('=');
    if (equals != std::string::npos && equals > 0) names.push_back(word.substr(0, equals));
  }
  return names;
}

/// What the card says of one parameter besides its value.
device::ParameterRule rule_of(const std::string& name, TomlDocument& card) {
  device::ParameterRule rule{
      .name = name, .unit = "", .low = -kAnything, .high = kAnything, .meaning = ""};
  Section section(card, name);
  section.read({"unit", "of the parameter"}, rule.unit);
  section.read({"meaning", "of the parameter, for people"}, rule.meaning);
  if (card.peek(name, "low") != nullptr) rule.low = read_card_value(card, rule, "low");
  if (card.peek(name, "high") != nullptr) rule.high = read_card_value(card, rule, "high");
  if (rule.low > rule.high) {
    section.reject("low", "must not be above high", "exchange the two or mend their units");
  }
  if (rule.meaning.empty()) rule.meaning = "parameter of the subcircuit";
  return rule;
}

/// at_0 or at_1: a text whose unit tells whether the parameter moves G or R.
double read_end(TomlDocument& card, const std::string& key, bool& is_resistance) {
  Section section(card, "read");
  std::string text;
  section.read({key, "conductance, or resistance, at an end of the parameter"}, text);
  is_resistance = trim(text).ends_with("Ohm");
  const Unit unit = is_resistance ? Unit::Ohm : Unit::Siemens;
  double value = 0.0;
  section.read({key, "conductance, or resistance, at an end of the parameter"},
               value,
               unit,
               Bound::NotNegative);
  return value;
}

void read_ends(TomlDocument& card, device::ReadLaw& law) {
  Section section(card, "read");
  if (!section.has("at_0") && !section.has("at_1")) return;
  for (const char* key : {"at_0", "at_1"}) {
    if (!section.has(key)) card.note_missing("read", key, "\"2 uS\"");
    if (!section.has(key)) return;
  }
  bool at_0_is_resistance = false;
  law.at_0 = read_end(card, "at_0", at_0_is_resistance);
  law.at_1 = read_end(card, "at_1", law.is_in_resistance);
  if (at_0_is_resistance != law.is_in_resistance) {
    section.reject("at_1", "must be in the unit of at_0", "give both in S or both in Ohm");
  }
  if (law.at_0 == law.at_1) {
    section.reject("at_1", "must differ from at_0", "give the two ends of the parameter's range");
  }
}

void read_window(TomlDocument& card, device::ReadLaw& law) {
  Section section(card, "read");
  for (const auto& [key, value] :
       {std::pair("g_min", &law.window.g_min), std::pair("g_max", &law.window.g_max)}) {
    if (!section.read(
            {key, "end of the conductance window"}, *value, Unit::Siemens, Bound::NotNegative)) {
      card.note_missing("read", key, "\"2 uS\"");
    }
  }
  section.read({"levels", "distinct conductances; 0: a continuum"},
               law.window.levels,
               {.low = 0, .high = 65536});
  section.read({"alpha", "curvature of the cells"}, law.alpha, Unit::PerVolt, Bound::NotNegative);
}

void require_reach(TomlDocument& card,
                   const device::ReadLaw& law,
                   const device::ParameterTable& table) {
  const Section section(card, "read");
  section.validate([&](const std::string& place) { law.window.validate(place); });
  const auto rule = std::find_if(
      table.begin(), table.end(), [&](const auto& entry) { return entry.name == law.parameter; });
  if (rule == table.end()) {
    std::vector<std::string> names;
    for (const auto& entry : table) names.push_back(entry.name);
    section.reject("parameter", "is no parameter of the subcircuit", suggest(law.parameter, names));
  }
  for (const auto& [key, G] :
       {std::pair("g_min", law.window.g_min), std::pair("g_max", law.window.g_max)}) {
    const double value = law.parameter_for(G);
    if (std::isfinite(value) && value >= rule->low && value <= rule->high) continue;
    section.reject(key,
                   "needs " + law.parameter + " = " + to_text_rounded(value, 6) +
                       ", outside its range " + to_text(rule->low) + " to " + to_text(rule->high),
                   "narrow the window, or mend at_0 and at_1");
  }
}

}  // namespace

device::ParameterTable subcircuit_table(const std::string& file, TomlDocument& card) {
  const circuit::Definition definition = netlist::read_definition_file(file);
  device::ParameterTable table;
  for (const std::string& name : parameter_names(definition)) {
    if (name != "read") {
      table.push_back(rule_of(name, card));
      continue;
    }
    throw InputError({.place = file,
                      .value = "parameter read",
                      .rule = "is the name of a card's own table",
                      .remedy = "rename the parameter"});
  }
  return table;
}

std::optional<device::ReadLaw> read_read_law(TomlDocument& card,
                                             const device::ParameterTable& table) {
  Section section(card, "read");
  section.unread_keys();  // the table is known, whether it is there or not
  if (card.peek("read", "parameter") == nullptr && section.unread_keys().empty()) {
    return std::nullopt;
  }
  device::ReadLaw law;
  std::string source;
  section.require(
      {"parameter", "the one that carries the conductance"}, law.parameter, "\"x_init\"");
  read_ends(card, law);
  read_window(card, law);
  section.require({"source", kSourceMeaning}, source, "\"where the window comes from\"");
  card.finish();
  require_reach(card, law, table);
  return law;
}

}  // namespace memspice::config
