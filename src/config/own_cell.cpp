#include "config/own_cell.hpp"

#include "base/error.hpp"
#include "netlist/model_text.hpp"
#include "synthesis/table_cell.hpp"

namespace memspice::config {

tile::OwnCell load_own_cell(const std::string& model, const std::string& card) {
  const ModelCard loaded = load_model_card(model, card);
  if (!loaded.read) {
    throw InputError({.place = card_file(model, card).string() + ":1:1",
                      .value = "[read]",
                      .rule = "is missing: no array can be built of " + model + " without it",
                      .remedy = "add [read] with parameter, g_min, g_max and source"});
  }
  tile::OwnCell cell{.definition = loaded.currents == nullptr
                                       ? netlist::read_definition_file(loaded.subcircuit)
                                       : synthesis::table_cell(*loaded.currents),
                     .parameters = {},
                     .law = *loaded.read};
  for (const auto& [name, figure] : loaded.card.parameters) {
    cell.parameters.push_back({name, figure.value});
  }
  return cell;
}

}  // namespace memspice::config
