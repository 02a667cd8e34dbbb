#include "config/memristor_card.hpp"

#include "base/text.hpp"
#include "config/card_value.hpp"
#include "config/read_figure.hpp"
#include "config/read_nonideality.hpp"
#include "config/section.hpp"
#include "config/subcircuit_card.hpp"
#include "config/table_card.hpp"
#include "device/memristor.hpp"
#include "device/static_memristor.hpp"
#include "device/table_memristor.hpp"
#include "synthesis/table_cell.hpp"

namespace memspice::config {
namespace {

void read_parameter(TomlDocument& document,
                    const device::ParameterRule& rule,
                    device::MemristorCard& card) {
  const Entry* entry = document.peek(rule.name, "value");
  if (entry == nullptr) {
    // A table without a value is a slip even where the parameter may be left out.
    const bool has_table = !Section(document, rule.name).unread_keys().empty();
    if (has_table) document.note_missing(rule.name, "value", example_of(rule));
    return;
  }
  device::Figure& figure = card.parameters[rule.name];
  figure.value = read_card_value(document, rule);
  Section section(document, rule.name);
  if (entry->is_override) {
    section.read({"source", kSourceMeaning}, figure.source);
    figure.source = "given by --set";
  } else {
    section.require({"source", kSourceMeaning}, figure.source, kSourceExample);
  }
}

/// The card's first missing parameter, at the line that names the model.
void require_complete(const TomlDocument& document,
                      const device::ParameterTable& table,
                      const device::MemristorCard& card) {
  for (const device::ParameterRule& rule : table) {
    if (!rule.is_required || card.parameters.contains(rule.name)) continue;
    const Entry* model = document.peek("", "model");
    throw InputError({.place = model == nullptr ? document.file().string() : model->place,
                      .value = "[" + rule.name + "]",
                      .rule = "is missing: " + rule.meaning,
                      .remedy = "add a table [" + rule.name + "] with value = " + example_of(rule) +
                                " and its source"});
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

/// --set NAME=VALUE means the parameter's value.
void override_parameters(TomlDocument& document, const Overrides& sets) {
  for (const std::string& set : sets) {
    const auto equals = set.find('=');
    const bool is_named = equals != std::string::npos && equals > 0;
    document.override_with(is_named ? set.substr(0, equals) + ".value" + set.substr(equals) : set);
  }
}

}  // namespace

ModelCard load_model_card(const std::string& model,
                          const std::string& card_name,
                          const Overrides& sets) {
  if (model == device::TableMemristor::kName) return load_table_card(card_name, sets);
  const std::filesystem::path file = card_file(model, card_name);
  TomlDocument document(file);
  override_parameters(document, sets);
  ModelCard loaded;
  device::MemristorCard& card = loaded.card;
  card.model = model;
  card.name = file.stem().string();
  require_name(document, "model", model);
  require_name(document, "name", card.name);
  Section(document, "").read({"description", "words for people"}, card.description);
  loaded.has_class = has_class(model);
  loaded.subcircuit = subcircuit_file(model, card_name);
  loaded.table = loaded.has_class ? device::parameter_table(model)
                                  : subcircuit_table(loaded.subcircuit, document);
  for (const device::ParameterRule& rule : loaded.table) read_parameter(document, rule, card);
  loaded.read = read_read_law(document, loaded.table);
  if (model == device::StaticMemristor::kName) loaded.effects = read_effects_of_card(document);
  document.finish();
  require_complete(document, loaded.table, card);
  card = at_parameter(document, [&] { return device::complete_card(card, loaded.table); });
  if (loaded.has_class) {
    at_parameter(document, [&] { return device::make_memristor(card); });
  }
  return loaded;
}

std::unique_ptr<device::Memristor> make_model(const ModelCard& model) {
  if (model.currents == nullptr) return device::make_memristor(model.card);
  return std::make_unique<device::TableMemristor>(
      model.currents, model.card.parameters.at(model.table.front().name).value);
}

periphery::DeviceUnderTest device_under_test(const ModelCard& model, double temperature) {
  return {.card = model.card,
          .subcircuit = model.subcircuit,
          .definition = model.currents == nullptr
                            ? std::nullopt
                            : std::optional(synthesis::table_cell(*model.currents)),
          .temperature = temperature,
          .bounds = device::state_bounds(model.table)};
}

device::MemristorCard load_memristor_card(const std::string& model,
                                          const std::string& card,
                                          const Overrides& sets) {
  return load_model_card(model, card, sets).card;
}

}  // namespace memspice::config
