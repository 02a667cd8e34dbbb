#include "config/fitted_card.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "base/text.hpp"
#include "config/card_value.hpp"
#include "config/table_card.hpp"
#include "config/toml_text.hpp"
#include "device/memristor.hpp"
#include "device/static_memristor.hpp"

namespace memspice::config {
namespace {

constexpr int kDigits = 6;  // of a figure in a card: far beyond any confidence
constexpr const char* kEffects = "nonideality.";

std::string with_unit(double value, const std::string& unit, int digits) {
  return to_text_rounded(value, digits) + (unit.empty() ? "" : ' ' + unit);
}

/// As TOML: a quantity with its unit, a plain number, a choice by its name.
std::string written_value(double value, const device::ParameterRule& rule) {
  if (!rule.choices.empty()) return in_quotes(rule.choices.at(static_cast<std::size_t>(value)));
  const std::string text = with_unit(value, rule.unit, kDigits);
  return rule.unit.empty() ? text : in_quotes(text);
}

/// "fitted to a.csv; 95 %: 2.4 to 2.6 1/V, by ...".
std::string source_text(const device::FittedFigure& figure) {
  std::string text = figure.data.empty() ? figure.basis : "fitted to " + figure.data;
  if (figure.confidence) {
    text += "; 95 %: " + to_text_rounded(figure.confidence->low, 4) + " to " +
            with_unit(figure.confidence->high, figure.unit, 4);
  }
  if (!figure.data.empty() && !figure.basis.empty()) text += "; " + figure.basis;
  return escape_controls(text);
}

std::string table_text(const std::string& name,
                       const std::string& value,
                       const std::string& source) {
  return "\n[" + name + "]\nvalue = " + value + "\nsource = " + toml_string(source) + '\n';
}

std::string why_undetermined(const device::DeviceFit& fit, const std::string& key) {
  for (const device::Undetermined& figure : fit.undetermined) {
    if (figure.key == key) return ": " + figure.why;
  }
  return "";
}

[[noreturn]] void reject_untold(const FittedCard& card, const device::ParameterRule& rule) {
  reject(card.files.front().name,
         rule.name,
         "is not told by the data" + why_undetermined(card.fit, rule.name),
         "add a measurement that tells it, or --base CARD to take it from, or --set " + rule.name +
             "=VALUE");
}

/// A card of the read model states its levels too, even where they are its standard.
bool is_needed(const std::string& model, const device::ParameterRule& rule) {
  return rule.is_required || (model == device::StaticMemristor::kName && rule.name == "levels");
}

/// The tables of the model's own parameters.
std::string parameter_tables(const FittedCard& card) {
  std::string text;
  for (const device::ParameterRule& rule : device::parameter_table(card.fit.model)) {
    if (const device::FittedFigure* figure = card.fit.find(rule.name)) {
      text += table_text(rule.name, written_value(figure->value, rule), source_text(*figure));
    } else if (!is_needed(card.fit.model, rule)) {
      continue;
    } else if (card.base) {
      const device::Figure& taken = card.base->card.parameters.at(rule.name);
      text += table_text(rule.name,
                         written_value(taken.value, rule),
                         escape_controls("not told by the data; of card " + card.base->card.name +
                                         ": " + taken.source));
    } else {
      reject_untold(card, rule);
    }
  }
  return text;
}

/// [nonideality.EFFECT] with its figures and one source for them.
std::string effect_tables(const FittedCard& card) {
  std::map<std::string, std::vector<const device::FittedFigure*>> effects;
  for (const device::FittedFigure& figure : card.fit.figures) {
    if (!figure.key.starts_with(kEffects)) continue;
    effects[figure.key.substr(0, figure.key.rfind('.'))].push_back(&figure);
  }
  std::string text;
  for (const auto& [effect, figures] : effects) {
    std::vector<std::string> sources;
    text += "\n[" + effect + "]\n";
    for (const device::FittedFigure* figure : figures) {
      const std::string key = figure->key.substr(figure->key.rfind('.') + 1);
      const std::string value = with_unit(figure->value, figure->unit, kDigits);
      text += key + " = " + (figure->unit.empty() ? value : in_quotes(value)) + '\n';
      sources.push_back(key + " " + source_text(*figure));
    }
    text += "source = " + toml_string(join(sources, "; ")) + '\n';
  }
  return text;
}

std::string header_text(const FittedCard& card) {
  std::string text = "# Fitted by memspice device fit to:\n";
  for (const MeasuredFile& file : card.files) {
    text +=
        "#   " + escape_controls(file.name) + " (" + file.kind + "), SHA-256 " + file.hash + '\n';
  }
  for (const device::FitResidual& residual : card.fit.residuals) {
    text += "# Residual of " + residual.what + ": " + with_unit(residual.rms, residual.unit, 3) +
            " rms, " + with_unit(residual.largest, residual.unit, 3) + " at most, " +
            std::to_string(residual.points) + " points\n";
  }
  for (const std::string& note : card.fit.notes) text += "# " + escape_controls(note) + ".\n";
  for (const device::Undetermined& figure : card.fit.undetermined) {
    text += "# Not told by the data: " + figure.key + ": " + escape_controls(figure.why) + ".\n";
  }
  return text;
}

}  // namespace

std::string fitted_card_text(const FittedCard& card) {
  std::vector<std::string> names;
  for (const MeasuredFile& file : card.files) names.push_back(escape_controls(file.name));
  const std::string source = "fitted to " + join(names, ", ");
  return header_text(card) + "\nmodel = " + toml_string(card.fit.model) +
         "\nname = " + toml_string(card.name) + "\ndescription = " + toml_string(source) + '\n' +
         (card.fit.table ? table_card_text(*card.fit.table, source)
                         : parameter_tables(card) + effect_tables(card));
}

std::string unit_of_parameter(const std::string& model, const std::string& name) {
  const device::ParameterTable table = device::parameter_table(model);
  return std::ranges::find(table, name, &device::ParameterRule::name)->unit;
}

std::map<std::string, double> parse_held_values(const std::string& model, const Overrides& sets) {
  const device::ParameterTable table = device::parameter_table(model);
  std::vector<std::string> names;
  for (const device::ParameterRule& rule : table) names.push_back(rule.name);
  std::map<std::string, double> held;
  for (const std::string& set : sets) {
    const auto equals = set.find('=');
    const std::string name(trim(set.substr(0, equals)));
    const auto rule = std::ranges::find(table, name, &device::ParameterRule::name);
    if (equals == std::string::npos || rule == table.end()) {
      reject("--set", in_quotes(set), "names no parameter of " + model, suggest(name, names));
    }
    held[name] = parse_card_value(set.substr(equals + 1), *rule, "--set " + name);
  }
  return held;
}

}  // namespace memspice::config
