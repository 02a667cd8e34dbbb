#include "report/network_periphery_report.hpp"

#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "base/units.hpp"
#include "report/numbers.hpp"
#include "report/sections.hpp"
#include "report/share_json.hpp"
#include "report/share_text.hpp"

namespace memspice::report {
namespace {

using Json = nlohmann::ordered_json;

std::string held_text(const ArrayStep& step) {
  if (!step.residual) return "";
  return "; with its nodes held there ngspice leaves " + to_text_rounded(*step.residual, 2) +
         " of the largest output";
}

std::string array_text(const NetworkPeripheryReport& report) {
  if (!report.array) return "";
  const ArrayStep& step = *report.array;
  return "Array " + step.tile + ", " + std::to_string(step.word_lines) + " x " +
         std::to_string(step.bit_lines) + ": a step of all word lines settles in " +
         format_quantity(step.settling, Unit::Second, 3) + " (Elmore estimate " +
         format_quantity(step.estimate, Unit::Second, 3) + "); charging its lines takes " +
         format_quantity(step.energy, Unit::Joule, 3) + held_text(step) + '.';
}

/// What the cost model leaves out because it is digital there [J] per image.
double function_energy(const NetworkPeripheryReport& report) {
  double energy = 0.0;
  for (const PeripheryCircuit& circuit : report.circuits) {
    energy += circuit.energy * static_cast<double>(circuit.uses);
  }
  return energy;
}

std::vector<std::string> remarks(const NetworkPeripheryReport& report) {
  std::vector<std::string> lines;
  const double energy = function_energy(report);
  if (energy > 0) {
    lines.push_back("Activations, pools and products take " +
                    format_quantity(energy, Unit::Joule, 3) +
                    " per image, a settling for each output; the hardware cost leaves them out.");
  }
  if (report.array) lines.push_back(array_text(report));
  for (const std::string& exact : report.exact) lines.push_back("Ideal: " + exact + '.');
  return lines;
}

/// With the interval where the images of both are known.
std::string points_of(const std::optional<simulate::PairedChange>& change, double difference) {
  return change ? change_text(change) : points(difference);
}

Json json_of(const PeripheryCircuit& circuit) {
  return {{"layer", circuit.layer},
          {"circuit", circuit.circuit},
          {"size", circuit.size},
          {"full_scale", circuit.full_scale},
          {"max_error", circuit.error_max},
          {"rms_error", circuit.error_rms},
          {"curve_error", circuit.curve_error ? Json(*circuit.curve_error) : Json(nullptr)},
          {"offset_volt", circuit.offset},
          {"settling_second", circuit.settling},
          {"energy_joule", circuit.energy},
          {"uses_per_image", circuit.uses}};
}

Json json_of(const std::optional<ArrayStep>& step) {
  if (!step) return nullptr;
  return {{"tile", step->tile},
          {"word_lines", step->word_lines},
          {"bit_lines", step->bit_lines},
          {"settling_second", step->settling},
          {"elmore_second", step->estimate},
          {"charging_joule", step->energy},
          {"residual", step->residual ? Json(*step->residual) : Json(nullptr)}};
}

Table parts_table(const NetworkPeripheryReport& report) {
  Table table{
      {"part", "layers", "circuits", "worst error", "alone", "points", "together", "points"}, {}};
  table.rows.push_back(
      {report.base_name, "", "", "", percent(report.base), "", percent(report.base), ""});
  for (const PeripheryCost& part : report.parts) {
    table.rows.push_back({"+ " + part.part,
                          with_thousands(part.layers),
                          with_thousands(part.circuits),
                          error_percent(part.error),
                          percent(part.alone),
                          points_of(part.alone_change, part.alone - report.base),
                          percent(part.together),
                          points_of(part.together_change, part.together - report.base)});
  }
  table.rows.push_back({"ideal converters",
                        "",
                        "",
                        "",
                        percent(report.no_converters),
                        points_of(report.no_converters_change, report.no_converters - report.base),
                        "",
                        ""});
  return table;
}

Table circuits_table(const NetworkPeripheryReport& report) {
  Table table{
      {"layer", "circuit", "size", "max error", "RMS", "of its curve", "settling", "energy"}, {}};
  for (const PeripheryCircuit& circuit : report.circuits) {
    table.rows.push_back({circuit.layer,
                          circuit.circuit,
                          circuit.size.empty() ? "-" : circuit.size,
                          error_percent(circuit.error_max),
                          error_percent(circuit.error_rms),
                          circuit.curve_error ? error_percent(*circuit.curve_error) : "-",
                          format_quantity(circuit.settling, Unit::Second, 3),
                          format_quantity(circuit.energy, Unit::Joule, 3)});
  }
  return table;
}

Json json_of(const NetworkPeripheryReport& report) {
  Json parts = Json::array(), circuits = Json::array();
  for (const PeripheryCost& part : report.parts) {
    parts.push_back({{"part", part.part},
                     {"layers", part.layers},
                     {"circuits", part.circuits},
                     {"max_error", part.error},
                     {"alone", share_json(part.alone)},
                     {"alone_change", change_json(part.alone_change)},
                     {"together", share_json(part.together)},
                     {"together_change", change_json(part.together_change)}});
  }
  for (const PeripheryCircuit& circuit : report.circuits) circuits.push_back(json_of(circuit));
  return Json{{"base", {{"pass", report.base_name}, {"accuracy", share_json(report.base)}}},
              {"ideal_converters", share_json(report.no_converters)},
              {"accuracy", share_json(report.all)},
              {"parts", std::move(parts)},
              {"circuits", std::move(circuits)},
              {"array", json_of(report.array)},
              {"function_energy_joule", function_energy(report)},
              {"exact", report.exact},
              {"seconds", report.seconds}};
}

}  // namespace

Sections sections_of(const NetworkPeripheryReport& report) {
  return {{.title = "What each part of the periphery costs",
           .lead = "Each part of the periphery as ngspice measured its circuits. Alone: that part "
                   "beside exact others; together: with all parts above it. Points are against " +
                   report.base_name + "; errors in parts of a circuit's full scale.",
           .tables = {{.table = parts_table(report)},
                      {.lead = "Its circuits, each layer's own; \"of its curve\" is what the "
                               "simulator's curve misses of ngspice on inputs that it was not made "
                               "from.",
                       .table = circuits_table(report),
                       .text_columns = 3}},
           .remarks = remarks(report),
           .key = "periphery",
           .json = share(json_of(report))}};
}

}  // namespace memspice::report
