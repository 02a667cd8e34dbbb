#include "config/read_topology.hpp"

#include <algorithm>
#include <filesystem>

#include "base/error.hpp"
#include "base/text.hpp"
#include "config/named_card.hpp"
#include "config/section.hpp"

namespace memspice::config {
namespace {

/// [key] value = ..., source = "...": both must be there.
double read_value(TomlDocument& card, const std::string& key, Unit unit) {
  double value = 0.0;
  std::string source;
  Section section(card, key);
  if (!section.read("value", value, unit)) card.note_missing(key, "value", "1");
  section.require("source", source, "\"where the value comes from\"");
  return value;
}

device::Access read_transistor(TomlDocument& card) {
  return device::AccessTransistor{
      .transconductance = read_value(card, "transconductance", Unit::None),
      .width = read_value(card, "width", Unit::None),
      .length = read_value(card, "length", Unit::None),
      .threshold = read_value(card, "threshold", Unit::Volt),
      .modulation = read_value(card, "modulation", Unit::PerVolt),
      .gate_voltage = read_value(card, "gate_voltage", Unit::Volt)};
}

device::Access read_exponential(TomlDocument& card) {
  return device::ExponentialSelector{.I_0 = read_value(card, "i_0", Unit::None),
                                     .V_0 = read_value(card, "v_0", Unit::Volt)};
}

device::Access read_threshold(TomlDocument& card) {
  return device::ThresholdSelector{.G_off = read_value(card, "g_off", Unit::Siemens),
                                   .G_on = read_value(card, "g_on", Unit::Siemens),
                                   .threshold = read_value(card, "threshold", Unit::Volt),
                                   .sharpness = read_value(card, "sharpness", Unit::Volt)};
}

void validate(const device::Access& access, const std::string& place) {
  std::visit(
      [&](const auto& device) {
        if constexpr (!std::is_same_v<std::decay_t<decltype(device)>, std::monostate>) {
          device.validate(place);
        }
      },
      access);
}

/// One of two words: whether it is the second.
bool is_second(Section& array,
               const char* key,
               const std::string& first,
               const std::string& second) {
  std::string word = first;
  array.read(key, word);
  if (word != first && word != second) {
    array.reject(key, "is not known here", suggest(word, std::vector<std::string>{first, second}));
  }
  return word == second;
}

void read_access(Section& array, ArrayOptions& options) {
  std::string card = options.topology == "1t1r" ? "nmos_generic" : "exponential_selector";
  if (options.topology == "1r") return;
  array.read("access", card);
  options.access = read_through(array, "access", [&] { return load_access_card(card); });
  if (device::cell_name(options.access) != options.topology) {
    array.reject(
        "access",
        "is no device of a " + options.topology + " cell",
        options.topology == "1t1r" ? "name a transistor's card" : "name a selector's card");
  }
  auto* transistor = std::get_if<device::AccessTransistor>(&options.access);
  if (transistor == nullptr) return;
  array.read("gate_voltage", transistor->gate_voltage, Unit::Volt);
  array.validate([&](const std::string& place) { transistor->validate(place); });
}

}  // namespace

device::Access load_access_card(const std::string& name) {
  TomlDocument card(named_card_file("access", name));
  Section top(card, "");
  std::string kind;
  std::string text;
  top.require("kind", kind, "\"transistor\"");
  top.require("name", text, '"' + card.file().stem().string() + '"');
  top.read("description", text);
  const std::vector<std::string> kinds{"transistor", "exponential", "threshold"};
  if (std::find(kinds.begin(), kinds.end(), kind) == kinds.end()) {
    top.reject("kind", "is not known here", suggest(kind, kinds));
  }
  const device::Access access = kind == kinds[0]   ? read_transistor(card)
                                : kind == kinds[1] ? read_exponential(card)
                                                   : read_threshold(card);
  card.finish();
  validate(access, name);
  return access;
}

void read_topology(TomlDocument& flow, FlowOptions& options) {
  ArrayOptions& array = options.array;
  Section section(flow, "array");
  section.read("topology", array.topology);
  const std::vector<std::string> topologies{"1r", "1t1r", "1s1r"};
  if (std::find(topologies.begin(), topologies.end(), array.topology) == topologies.end()) {
    section.reject("topology", "is not known here", suggest(array.topology, topologies));
  }
  read_access(section, array);
  if (is_second(section, "pairs", "neighbouring_bit_lines", "shared_bit_line")) {
    array.pairs = crossbar::PairLayout::SharedBitLine;
  }
  if (is_second(section, "source_line", "shared", "separate")) {
    array.source_line = synthesis::SourceLine::AlongBitLine;
  }
  const bool separate = array.source_line == synthesis::SourceLine::AlongBitLine;
  // A selector opens for the whole read voltage only; a gate is on or off.
  array.pulses = array.topology == "1s1r" || separate;
  if (section.has("input")) array.pulses = is_second(section, "input", "amplitude", "pulses");
}

}  // namespace memspice::config
