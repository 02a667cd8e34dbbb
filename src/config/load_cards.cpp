// Technology and device cards: figures that each name their source.

#include <cmath>

#include "config/card_value.hpp"
#include "config/flow_options.hpp"
#include "config/named_card.hpp"
#include "config/read_analog.hpp"
#include "config/read_cost.hpp"
#include "config/read_figure.hpp"
#include "config/read_nonideality.hpp"
#include "config/section.hpp"

namespace memspice::config {
namespace {

/// Words for people; nothing depends on them.
void read_description(TomlDocument& card) {
  std::string text;
  Section(card, "").read({"description", "words for people"}, text);
}

void require_window(TomlDocument& card, const device::ReadCard& read) {
  const auto levels = static_cast<int>(read.levels.value);
  if (levels != read.levels.value || levels > 65536) {
    card.reject("levels",
                "value",
                {.place = {},
                 .value = {},
                 .rule = "must be a whole number, 0 to 65536",
                 .remedy = "0 means a continuum"});
  }
  const device::ConductanceWindow window{
      .g_min = read.g_min.value, .g_max = read.g_max.value, .levels = levels};
  try {
    window.validate("card");
  } catch (const InputError& error) {
    const std::string& place = error.fault().place;
    card.reject(place.substr(place.rfind('.') + 1), "value", error.fault());
  }
}

}  // namespace

device::Technology load_technology(const std::string& name) {
  TomlDocument card(named_card_file("technology", name));
  device::Technology technology;
  technology.name = card.file().stem().string();
  require_name(card, "name", technology.name);
  read_description(card);
  technology.wire_row = read_figure(card, "wire_row", Unit::Ohm, Bound::NotNegative);
  technology.wire_column = read_figure(card, "wire_column", Unit::Ohm, Bound::NotNegative);
  technology.driver = read_figure(card, "driver", Unit::Ohm, Bound::NotNegative);
  technology.sense = read_figure(card, "sense", Unit::Ohm, Bound::NotNegative);
  technology.read_voltage = read_figure(card, "read_voltage", Unit::Volt, Bound::Positive);
  technology.read_time = read_figure(card, "read_time", Unit::Second, Bound::Positive);
  if (card.has_table("line_capacitance")) {
    technology.line_capacitance =
        read_figure(card, "line_capacitance", Unit::Farad, Bound::Positive);
  }
  technology.analog = read_analog(card);
  technology.cost = read_cost(card);
  card.finish();
  return technology;
}

device::ReadCard load_read_card(const std::string& model, const std::string& card_name) {
  TomlDocument card(named_card_file(model, card_name));
  device::ReadCard read;
  read.model = model;
  read.name = card.file().stem().string();
  require_name(card, "model", model);
  require_name(card, "name", read.name);
  read_description(card);
  read.g_min = read_figure(card, "g_min", Unit::Siemens, Bound::NotNegative);
  read.g_max = read_figure(card, "g_max", Unit::Siemens, Bound::Positive);
  read.levels = read_figure(card, "levels", Unit::None, Bound::NotNegative);
  read.alpha = read_figure(card, "alpha", Unit::PerVolt, Bound::NotNegative);
  read_effects_of_card(card);
  card.finish();
  require_window(card, read);
  return read;
}

device::NonidealityOptions load_card_effects(const std::string& model, const std::string& card) {
  TomlDocument document(named_card_file(model, card));
  return read_effects_of_card(document);
}

}  // namespace memspice::config
