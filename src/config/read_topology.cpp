#include "config/read_topology.hpp"

#include <algorithm>
#include <filesystem>

#include "base/error.hpp"
#include "base/text.hpp"
#include "config/named_card.hpp"
#include "config/read_figure.hpp"
#include "config/section.hpp"

namespace memspice::config {
namespace {

/// [key] value = ..., source = "...": both must be there.
double read_value(TomlDocument& card, const std::string& key, Unit unit) {
  double value = 0.0;
  std::string source;
  Section section(card, key);
  if (!section.read({"value", "the figure"}, value, unit)) card.note_missing(key, "value", "1");
  section.require({"source", kSourceMeaning}, source, kSourceExample);
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

void read_access(Section& array, ArrayOptions& options) {
  std::string card = options.topology == "1t1r" ? "nmos_generic" : "exponential_selector";
  if (options.topology == "1r") return;
  array.read({"access", "1t1r, 1s1r: card in device_models/access/, or a path"}, card);
  options.access = read_through(array, "access", [&] { return load_access_card(card); });
  if (device::cell_name(options.access) != options.topology) {
    array.reject(
        "access",
        "is no device of a " + options.topology + " cell",
        options.topology == "1t1r" ? "name a transistor's card" : "name a selector's card");
  }
  auto* transistor = std::get_if<device::AccessTransistor>(&options.access);
  if (transistor == nullptr) return;
  array.read({"gate_voltage", "1t1r: of selected gates", {.of_card = true}},
             transistor->gate_voltage,
             Unit::Volt);
  array.validate([&](const std::string& place) { transistor->validate(place); });
}

}  // namespace

device::Access load_access_card(const std::string& name) {
  TomlDocument card(named_card_file("access", name));
  Section top(card, "");
  std::string kind;
  top.require({"kind", "what stands in series with the memristor"}, kind, "\"transistor\"");
  read_card_name(card);
  constexpr Names<3> names{"transistor", "exponential", "threshold"};
  constexpr std::array readers{read_transistor, read_exponential, read_threshold};
  const auto at = top.at("kind", [&] { return parse_choice<std::size_t>(names, kind, "kind"); });
  const device::Access access = readers[at](card);
  card.finish();
  device::validate_access(access, name);
  return access;
}

void read_topology(TomlDocument& flow, FlowOptions& options) {
  ArrayOptions& array = options.array;
  Section section(flow, "array");
  const std::vector<std::string> topologies{"1r", "1t1r", "1s1r"};
  std::size_t topology = 0;
  section.choose({"topology", "what stands at a crossing: with a transistor, with a selector"},
                 topology,
                 topologies);
  array.topology = topologies[topology];
  read_access(section, array);
  section.choose({"pairs", "how the two cells of a weight lie"},
                 array.pairs,
                 {"neighbouring_bit_lines", "shared_bit_line"});
  section.choose({"source_line", "separate: read through source lines along the bit lines"},
                 array.source_line,
                 {"shared", "separate"});
  const bool separate = array.source_line == crossbar::SourceLine::AlongBitLine;
  // A selector opens for the whole read voltage only; a gate is on or off.
  array.pulses = array.topology == "1s1r" || separate;
  section.choose({"input",
                  "of word lines: one amplitude, or the DAC's bits one after the other",
                  {.standard = "amplitude; pulses for 1s1r and separate"}},
                 array.pulses,
                 {"amplitude", "pulses"});
}

}  // namespace memspice::config
