#include "report/periphery_report.hpp"

#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "base/units.hpp"
#include "report/json_text.hpp"
#include "report/numbers.hpp"
#include "report/text_table.hpp"

namespace memspice::report {
namespace {

using periphery::PeripheryModel;
using Json = nlohmann::ordered_json;

/// "3 op-amps, 2 diodes, 7 R": what there is of each.
std::string describe_devices(const synthesis::DeviceCount& count) {
  std::vector<std::string> words;
  const auto add = [&words](int number, const char* name) {
    if (number > 0) words.push_back(std::to_string(number) + ' ' + name);
  };
  add(count.op_amps, "A");
  add(count.transistors, "M");
  add(count.diodes, "D");
  add(count.memristors, "mem");
  add(count.resistors, "R");
  add(count.capacitors, "C");
  add(count.behavioural, "B");
  return join(words, " ");
}

std::string realisation_of(const PeripheryModel& model) {
  return model.realisation == synthesis::Realisation::Transistor ? "transistor" : "behavioural";
}

Json devices_json(const synthesis::DeviceCount& count) {
  return {{"memristors", count.memristors},
          {"resistors", count.resistors},
          {"capacitors", count.capacitors},
          {"diodes", count.diodes},
          {"transistors", count.transistors},
          {"op_amps", count.op_amps},
          {"behavioural", count.behavioural}};
}

Json curve_json(const PeripheryModel& model) {
  if (!model.has_curve()) return nullptr;
  const Eigen::VectorXd &in = model.curve_in, &out = model.curve_out;
  return {{"in", std::vector<double>(in.begin(), in.end())},
          {"out", std::vector<double>(out.begin(), out.end())},
          {"interpolation_error", model.interpolation_error}};
}

Json model_json(const PeripheryModel& model) {
  return {{"name", model.name},
          {"circuit", model.circuit},
          {"size", model.size},
          {"realisation", realisation_of(model)},
          {"inputs", model.inputs},
          {"outputs", model.outputs},
          {"devices", devices_json(model.devices)},
          {"full_scale_volt", model.full_scale},
          {"max_error", model.error.max},
          {"rms_error", model.error.rms},
          {"stimuli", model.error.stimuli},
          {"offset_volt", model.offset},
          {"output_low_volt", model.output_low},
          {"output_high_volt", model.output_high},
          {"settling_second", model.settling_time},
          {"energy_joule", model.energy},
          {"static_power_watt", model.static_power},
          {"ngspice_seconds", model.ngspice_seconds},
          {"engine", model.engine_version},
          {"curve", curve_json(model)}};
}

}  // namespace

std::string periphery_to_terminal(std::span<const PeripheryModel> models) {
  TextTable table({{"circuit", Align::Left},
                   {"size", Align::Left},
                   {"devices", Align::Left},
                   {"max error"},
                   {"RMS error"},
                   {"settling"},
                   {"energy"},
                   {"ngspice"}});
  for (const PeripheryModel& model : models) {
    table.add({model.name,
               model.size.empty() ? "-" : model.size,
               describe_devices(model.devices),
               error_percent(model.error.max),
               error_percent(model.error.rms),
               format_quantity(model.settling_time, Unit::Second, 3),
               format_quantity(model.energy, Unit::Joule, 3),
               model.ngspice_seconds > 0 ? fixed(model.ngspice_seconds, 2) + " s" : "stored"});
  }
  return table.str() +
         "\n  Errors in parts of full scale, over the input range. Settling of a full step to half "
         "an LSB;\n  energy from the supplies during it. A: op-amp, M: MOS transistor, D: diode, "
         "mem: memristor,\n  R, C, B: behavioural source.\n";
}

std::string periphery_to_json(std::span<const PeripheryModel> models) {
  Json circuits = Json::array();
  for (const PeripheryModel& model : models) circuits.push_back(model_json(model));
  return json_text(Json{{"circuits", std::move(circuits)}});
}

}  // namespace memspice::report
