#include "config/read_analog.hpp"

#include <algorithm>

#include "config/read_figure.hpp"

namespace memspice::config {
namespace {

using device::AnalogFigures;
using device::Figure;

constexpr const char* kAnalogTable = "analog";

/// Reads what stands in one [analog.GROUP].
class Group {
 public:
  Group(TomlDocument& card, const std::string& name)
      : card_(card), section_(card, kAnalogTable), prefix_(name + ".") {
    card.find(kAnalogTable, name);  // the table itself is a key of [analog], known once it is read
  }

  double require(const std::string& key, Unit unit, Bound bound) {
    double value = 0.0;
    if (!section_.read({prefix_ + key, "a figure of the device"}, value, unit, bound)) {
      card_.note_missing(kAnalogTable, prefix_ + key, example_quantity(unit));
    }
    return value;
  }

  std::string source() {
    std::string text;
    section_.require({prefix_ + "source", kSourceMeaning}, text, "\"where the values come from\"");
    return text;
  }

 private:
  TomlDocument& card_;
  Section section_;
  std::string prefix_;
};

Figure analog_figure(TomlDocument& card,
                     const std::string& name,
                     Unit unit,
                     Bound bound = Bound::Positive) {
  return read_figure(card, kAnalogTable, name, unit, bound);
}

device::OpAmpFigures read_op_amp(TomlDocument& card) {
  device::OpAmpFigures op_amp;
  op_amp.gain = analog_figure(card, "op_amp_gain", Unit::None);
  op_amp.gain_bandwidth = analog_figure(card, "op_amp_gain_bandwidth", Unit::Hertz);
  op_amp.slew_rate = analog_figure(card, "op_amp_slew_rate", Unit::None);
  op_amp.headroom = analog_figure(card, "op_amp_headroom", Unit::Volt, Bound::NotNegative);
  op_amp.output_resistance = analog_figure(card, "op_amp_output_resistance", Unit::Ohm);
  op_amp.offset = analog_figure(card, "op_amp_offset", Unit::Volt, Bound::Any);
  op_amp.quiescent_current =
      analog_figure(card, "op_amp_quiescent_current", Unit::Ampere, Bound::NotNegative);
  return op_amp;
}

device::MosfetFigures read_mosfet(TomlDocument& card, const std::string& name, Bound threshold) {
  Group group(card, name);
  device::MosfetFigures mosfet;
  mosfet.threshold = group.require("threshold", Unit::Volt, threshold);
  mosfet.transconductance = group.require("transconductance", Unit::None, Bound::Positive);
  mosfet.modulation = group.require("modulation", Unit::PerVolt, Bound::NotNegative);
  mosfet.body_effect = group.require("body_effect", Unit::None, Bound::NotNegative);
  mosfet.surface_potential = group.require("surface_potential", Unit::Volt, Bound::Positive);
  mosfet.length = group.require("length", Unit::Metre, Bound::Positive);
  mosfet.gate_capacitance = group.require("gate_capacitance", Unit::None, Bound::Positive);
  mosfet.overlap_capacitance = group.require("overlap_capacitance", Unit::None, Bound::NotNegative);
  mosfet.source = group.source();
  return mosfet;
}

device::DiodeFigures read_diode(TomlDocument& card) {
  Group group(card, "diode");
  device::DiodeFigures diode;
  diode.saturation_current = group.require("saturation_current", Unit::Ampere, Bound::Positive);
  diode.emission = group.require("emission", Unit::None, Bound::Positive);
  diode.series_resistance = group.require("series_resistance", Unit::Ohm, Bound::NotNegative);
  diode.junction_capacitance =
      group.require("junction_capacitance", Unit::Farad, Bound::NotNegative);
  diode.source = group.source();
  return diode;
}

/// Circuits keep signals about ground, so the supplies stand on either side of it.
void require_supplies(const TomlDocument& card, const AnalogFigures& analog) {
  const auto refuse = [&](const char* key, const char* rule, const char* remedy) {
    card.reject(kAnalogTable, key, {.place = {}, .value = {}, .rule = rule, .remedy = remedy});
  };
  if (analog.vss.value >= 0) {
    refuse("vss.value", "must be below 0 V: signals swing about ground", "for example \"-1.25 V\"");
  }
  const double swing = std::min(analog.vdd.value, -analog.vss.value) - analog.op_amp.headroom.value;
  if (analog.signal.value > swing) {
    refuse("signal.value", "is beyond the op-amp's swing", "lower it, or raise the supplies");
  }
  if (analog.pmos.threshold >= 0) {
    refuse("pmos.threshold", "of a PMOS must be below 0 V", "for example \"-0.45 V\"");
  }
}

}  // namespace

std::optional<AnalogFigures> read_analog(TomlDocument& card) {
  if (Section(card, kAnalogTable).unread_keys().empty()) return std::nullopt;
  AnalogFigures analog;
  analog.vdd = analog_figure(card, "vdd", Unit::Volt);
  analog.vss = analog_figure(card, "vss", Unit::Volt, Bound::Any);
  analog.signal = analog_figure(card, "signal", Unit::Volt);
  analog.op_amp = read_op_amp(card);
  analog.nmos = read_mosfet(card, "nmos", Bound::Positive);
  analog.pmos = read_mosfet(card, "pmos", Bound::Any);
  analog.diode = read_diode(card);
  analog.resistor = analog_figure(card, "resistor", Unit::Ohm);
  analog.hold_capacitor = analog_figure(card, "hold_capacitor", Unit::Farad);
  analog.feedback_capacitor =
      analog_figure(card, "feedback_capacitor", Unit::Farad, Bound::NotNegative);
  require_supplies(card, analog);
  return analog;
}

}  // namespace memspice::config
