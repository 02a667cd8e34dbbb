#include "config/memristor_card.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "base/files.hpp"
#include "base/text.hpp"
#include "config/section.hpp"
#include "device/memristor.hpp"
#include "netlist/model_text.hpp"

namespace memspice::config {
namespace {

namespace fs = std::filesystem;

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

bool is_path(const std::string& name) {
  return name.find('/') != std::string::npos || name.ends_with(".toml");
}

fs::path shipped_model_file(const std::string& model, const std::string& file) {
  try {
    return shipped_file(fs::path("device_models") / model / file);
  } catch (const RunError& error) {
    throw InputError({.place = "device_models/" + model + '/' + file,
                      .value = {},
                      .rule = error.fault().rule,
                      .remedy = "name a shipped model and card, or a path that ends in .toml"});
  }
}

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

double parse_amount(const std::string& text, const std::string& unit, const std::string& place) {
  for (const Unit known : kUnits) {
    if (symbol(known) == unit) return parse_quantity(text, known, place);
  }
  return unit.empty() ? parse_quantity(text, Unit::None, place) : parse_compound(text, unit, place);
}

double parse_choice(const std::string& text, const device::ParameterRule& rule) {
  const auto at = std::find(rule.choices.begin(), rule.choices.end(), text);
  if (at != rule.choices.end()) return static_cast<double>(at - rule.choices.begin());
  throw InputError({.place = rule.name,
                    .value = '"' + text + '"',
                    .rule = "is no " + rule.meaning,
                    .remedy = suggest(text, rule.choices)});
}

double read_value(TomlDocument& card, const device::ParameterRule& rule) {
  const Section section(card, rule.name);
  const Entry* entry = card.find(rule.name, "value");
  return section.at("value", [&]() -> double {
    if (const auto* text = std::get_if<std::string>(&entry->value)) {
      if (!rule.choices.empty()) return parse_choice(*text, rule);
      return parse_amount(*text, rule.unit, rule.name);
    }
    if (rule.choices.empty()) {
      if (const auto* whole = std::get_if<long long>(&entry->value)) {
        return static_cast<double>(*whole);
      }
      if (const auto* number = std::get_if<double>(&entry->value)) return *number;
    }
    const std::string remedy = rule.choices.empty() ? "write a number in " + rule.unit
                                                    : "one of " + join(rule.choices, ", ");
    throw InputError({.place = rule.name,
                      .value = entry->written,
                      .rule = rule.choices.empty() ? "must be a number" : "must be a name",
                      .remedy = remedy});
  });
}

std::string example_of(const device::ParameterRule& rule) {
  if (!rule.choices.empty()) return '"' + rule.choices.front() + '"';
  return rule.unit.empty() ? "1" : "\"1 " + rule.unit + '"';
}

void read_parameter(TomlDocument& document,
                    const device::ParameterRule& rule,
                    device::MemristorCard& card) {
  const Entry* entry = document.peek(rule.name, "value");
  if (entry == nullptr) {
    if (rule.is_required) document.note_missing(rule.name, "value", example_of(rule));
    // A table with a source but no value is a slip even where the parameter may be left out.
    if (!rule.is_required && document.peek(rule.name, "source") != nullptr) {
      document.note_missing(rule.name, "value", example_of(rule));
    }
    Section(document, rule.name).unread_keys();
    return;
  }
  device::Figure& figure = card.parameters[rule.name];
  figure.value = read_value(document, rule);
  Section section(document, rule.name);
  if (entry->is_override) {
    section.read("source", figure.source);
    figure.source = "given by --set";
  } else {
    section.require("source", figure.source, "\"where the value comes from\"");
  }
}

/// Runs a check of the card; its "card.<parameter>" finds the parameter's place in the file.
template <typename Check>
auto at_parameter(const TomlDocument& document, Check&& check) {
  try {
    return check();
  } catch (const InputError& error) {
    const std::string& place = error.fault().place;
    document.reject(place.substr(place.rfind('.') + 1), "value", error.fault());
  }
}

void require_name(TomlDocument& document, const char* key, const std::string& expected) {
  std::string name;
  Section top(document, "");
  top.require(key, name, '"' + expected + '"');
  if (!name.empty() && name != expected) {
    top.reject(key, "must be \"" + expected + '"', "rename the card or mend this line");
  }
}

bool has_class(const std::string& model) {
  const auto models = device::memristor_models();
  return std::find(models.begin(), models.end(), model) != models.end();
}

/// The parameters of a card-only model: the names before each '=' on its .subckt line.
device::ParameterTable subcircuit_table(const std::string& file) {
  const circuit::Definition definition = netlist::read_definition_file(file);
  const auto begin = definition.text.find(".subckt");
  std::string line = definition.text.substr(begin, definition.text.find('\n', begin) - begin);
  device::ParameterTable table;
  for (const std::string& word : split(line, ' ')) {
    const auto equals = word.find('=');
    if (equals == std::string::npos || equals == 0) continue;
    table.push_back({.name = word.substr(0, equals),
                     .unit = "",
                     .low = -1e300,
                     .high = 1e300,
                     .meaning = "parameter of " + definition.name});
  }
  return table;
}

}  // namespace

std::string subcircuit_file(const std::string& model, const std::string& card) {
  if (is_path(card)) {
    const fs::path beside = fs::path(card).parent_path() / (model + ".sub");
    std::error_code ec;
    if (fs::exists(beside, ec)) return beside.string();
  }
  return shipped_model_file(model, model + ".sub").string();
}

std::vector<std::string> shipped_cards(const std::string& model) {
  std::vector<std::string> names;
  const fs::path folder = shipped_model_file(model, model + ".sub").parent_path();
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() == ".toml") names.push_back(entry.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

device::MemristorCard load_memristor_card(const std::string& model,
                                          const std::string& card_name,
                                          const Overrides& sets) {
  const fs::path file =
      is_path(card_name) ? fs::path(card_name) : shipped_model_file(model, card_name + ".toml");
  TomlDocument document(file);
  for (const std::string& set : sets) {
    const auto equals = set.find('=');
    const bool is_named = equals != std::string::npos && equals > 0;
    document.override_with(is_named ? set.substr(0, equals) + ".value" + set.substr(equals) : set);
  }
  device::MemristorCard card;
  card.model = model;
  card.name = file.stem().string();
  require_name(document, "model", model);
  require_name(document, "name", card.name);
  Section(document, "").read("description", card.description);
  const device::ParameterTable table = has_class(model)
                                           ? device::parameter_table(model)
                                           : subcircuit_table(subcircuit_file(model, card_name));
  for (const device::ParameterRule& rule : table) read_parameter(document, rule, card);
  document.finish();
  card = at_parameter(document, [&] { return device::complete_card(card, table); });
  if (has_class(model)) {
    at_parameter(document, [&] { return device::make_memristor(card); });
  }
  return card;
}

}  // namespace memspice::config
