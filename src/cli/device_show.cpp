// memspice device list and show: which models there are, and what a card says.

#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "base/units.hpp"
#include "cli/device_command.hpp"
#include "report/text_table.hpp"

namespace memspice::cli {
namespace {

using nlohmann::ordered_json;

const char* engines_of(bool has_class) {
  return has_class ? "ode, ngspice" : "ngspice only";
}

/// The value as the card writes it: a choice by its name, else with its unit.
std::string written(const device::ParameterRule& rule, double value) {
  if (!rule.choices.empty()) return rule.choices.at(static_cast<std::size_t>(value));
  return rule.unit.empty() ? to_text(value) : to_text(value) + ' ' + rule.unit;
}

std::string describe_read(const device::ReadLaw& read) {
  const std::string levels =
      read.window.levels == 0 ? "continuous" : std::to_string(read.window.levels) + " levels";
  return "\nArrays: " + read.parameter + " carries the conductance, " +
         format_quantity(read.window.g_min, Unit::Siemens) + " to " +
         format_quantity(read.window.g_max, Unit::Siemens) + ", " + levels + "\n";
}

/// How cells differ, as flows take it from the card.
std::string describe_effects(const device::NonidealityOptions& effects) {
  std::string text;
  for (const auto& [name, figures] : device::describe(effects)) {
    text += (text.empty() ? "\nCells: " : "; ") + name + ' ' + figures;
  }
  return text.empty() ? text : text + '\n';
}

ordered_json json_of(const device::ReadLaw& read) {
  return {{"parameter", read.parameter},
          {"g_min", read.window.g_min},
          {"g_max", read.window.g_max},
          {"levels", read.window.levels}};
}

std::string table_of(const config::ModelCard& model) {
  report::TextTable table({{"parameter", report::Align::Left},
                           {"value", report::Align::Left},
                           {"meaning", report::Align::Left},
                           {"source", report::Align::Left}});
  for (const device::ParameterRule& rule : model.table) {
    const device::Figure& figure = model.card.parameters.at(rule.name);
    table.add({rule.name, written(rule, figure.value), rule.meaning, figure.source});
  }
  return model.card.model + ", card " + model.card.name + ": " + model.card.description +
         "\nEngines: " + engines_of(model.has_class) + "; subcircuit " +
         (model.currents == nullptr ? model.subcircuit : "out of the table") + "\n\n" +
         table.str() + (model.read ? describe_read(*model.read) : "") +
         describe_effects(model.effects);
}

ordered_json json_of(const config::ModelCard& model) {
  ordered_json json{
      {"model", model.card.model},
      {"card", model.card.name},
      {"description", model.card.description},
      {"engines", model.has_class ? ordered_json{"ode", "ngspice"} : ordered_json{"ngspice"}},
      {"subcircuit", model.subcircuit}};
  for (const device::ParameterRule& rule : model.table) {
    const device::Figure& figure = model.card.parameters.at(rule.name);
    json["parameters"][rule.name] = {
        {"value", figure.value}, {"unit", rule.unit}, {"source", figure.source}};
  }
  if (model.read) json["read"] = json_of(*model.read);
  for (const auto& [name, figures] : device::describe(model.effects)) json["cells"][name] = figures;
  return json;
}

std::vector<config::ModelEntry> models_of(const DeviceArguments& arguments) {
  std::vector<config::ModelEntry> models = config::shipped_models();
  if (arguments.folder.empty()) return models;
  const auto own = config::models_under(arguments.folder);
  models.insert(models.end(), own.begin(), own.end());
  return models;
}

std::string table_of(const std::vector<config::ModelEntry>& models) {
  report::TextTable table({{"model", report::Align::Left},
                           {"engines", report::Align::Left},
                           {"cards", report::Align::Left}});
  for (const config::ModelEntry& model : models) {
    table.add({model.name, engines_of(model.has_class), join(model.cards, ", ")});
  }
  return table.str();
}

}  // namespace

std::string models_as_json(const DeviceArguments& arguments) {
  auto json = ordered_json::array();
  for (const config::ModelEntry& model : models_of(arguments)) {
    json.push_back(
        {{"model", model.name},
         {"engines", model.has_class ? ordered_json{"ode", "ngspice"} : ordered_json{"ngspice"}},
         {"cards", model.cards},
         {"folder", model.folder.string()}});
  }
  return json.dump();
}

std::string model_as_json(const DeviceArguments& arguments) {
  return json_of(load_named_card(arguments)).dump();
}

void list_models(const DeviceArguments& arguments) {
  print(arguments.common.json ? models_as_json(arguments) + '\n' : table_of(models_of(arguments)));
}

void show_model(const DeviceArguments& arguments) {
  print(arguments.common.json ? model_as_json(arguments) + '\n'
                              : table_of(load_named_card(arguments)));
}

}  // namespace memspice::cli
