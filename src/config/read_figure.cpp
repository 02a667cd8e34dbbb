#include "config/read_figure.hpp"

#include "base/text.hpp"

namespace memspice::config {
namespace {

/// `prefix`: "" or "name.", in front of both keys.
device::Figure read_at(TomlDocument& card,
                       const std::string& table,
                       const std::string& prefix,
                       Unit unit,
                       Bound bound) {
  device::Figure figure;
  Section section(card, table);
  if (!section.read({prefix + "value", "the figure"}, figure.value, unit, bound)) {
    card.note_missing(table, prefix + "value", example_quantity(unit));
  }
  section.require({prefix + "source", kSourceMeaning}, figure.source, kSourceExample);
  return figure;
}

}  // namespace

std::string example_quantity(Unit unit) {
  return unit == Unit::None ? "1" : "\"1 " + std::string(symbol(unit)) + '"';
}

device::Figure read_figure(TomlDocument& card, const std::string& name, Unit unit, Bound bound) {
  return read_at(card, name, "", unit, bound);
}

device::Figure read_figure(
    TomlDocument& card, const std::string& table, const std::string& name, Unit unit, Bound bound) {
  card.find(table, name);  // the group itself is a key of the table, known once it is read
  return read_at(card, table, name + '.', unit, bound);
}

std::string read_card_name(TomlDocument& card) {
  std::string name, description;
  Section top(card, "");
  top.read({"description", "words for people"}, description);
  top.require({"name", "the card's own"}, name, in_quotes(card.file().stem().string()));
  return name;
}

}  // namespace memspice::config
