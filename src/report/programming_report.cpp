#include "report/programming_report.hpp"

#include <nlohmann/json.hpp>

#include "base/progress.hpp"
#include "base/text.hpp"
#include "base/units.hpp"
#include "report/numbers.hpp"
#include "report/sections.hpp"
#include "report/share_json.hpp"
#include "report/share_text.hpp"

namespace memspice::report {
namespace {

using Json = nlohmann::ordered_json;

std::string mean_pulses(const LayerProgramming& layer) {
  return layer.cells == 0
             ? "-"
             : fixed(static_cast<double>(layer.pulses) / static_cast<double>(layer.cells), 1);
}

std::vector<std::string> writing_row(const LayerProgramming& layer) {
  return {layer.name,
          with_thousands(layer.cells),
          mean_pulses(layer),
          with_thousands(layer.most_pulses),
          format_quantity(layer.energy, Unit::Joule, 3),
          format_quantity(layer.time, Unit::Second, 3),
          with_thousands(layer.failed)};
}

std::vector<std::string> outcome_row(const LayerProgramming& layer) {
  return {layer.name,
          error_percent(layer.error_rms),
          error_percent(layer.error_max),
          with_thousands(layer.out),
          error_percent(layer.disturb_mean),
          error_percent(layer.disturb_max)};
}

Table layers_table(const ProgrammingReport& report,
                   std::vector<std::string> titles,
                   std::vector<std::string> (*row)(const LayerProgramming&)) {
  Table table{.titles = std::move(titles), .rows = {}};
  for (const LayerProgramming& layer : report.layers) table.rows.push_back(row(layer));
  table.rows.push_back(row(report.all));
  return table;
}

Json json_of(const LayerProgramming& layer) {
  return {{"name", layer.name},
          {"cells", layer.cells},
          {"failed", layer.failed},
          {"out_of_tolerance", layer.out},
          {"pulses", layer.pulses},
          {"most_pulses", layer.most_pulses},
          {"energy_joule", layer.energy},
          {"time_second", layer.time},
          {"error_rms", layer.error_rms},
          {"error_max", layer.error_max},
          {"disturb_mean", layer.disturb_mean},
          {"disturb_max", layer.disturb_max}};
}

Json json_of(const std::optional<WritingBound>& bound) {
  if (!bound) return nullptr;
  return {{"bound_ampere", bound->bound},
          {"relative", bound->relative},
          {"relative_own", bound->own},
          {"corrections", bound->corrections},
          {"most_corrections", bound->most_corrections},
          {"seconds_ngspice", bound->seconds}};
}

Json json_of(const std::optional<ProgrammingAgreement>& agreement) {
  if (!agreement) return nullptr;
  return {{"tile", agreement->tile},
          {"lines", agreement->lines},
          {"pulses", agreement->pulses},
          {"largest_difference", agreement->fast},
          {"largest_difference_reference",
           agreement->reference ? Json(*agreement->reference) : Json(nullptr)},
          {"energy_difference", agreement->energy},
          {"certificate", json_of(agreement->bound)},
          {"seconds", agreement->seconds},
          {"failure", agreement->failure}};
}

Table writing_table(const ProgrammingReport& report) {
  return layers_table(
      report, {"layer", "cells", "pulses/cell", "most", "energy", "time", "failed"}, writing_row);
}

Table outcome_table(const ProgrammingReport& report) {
  return layers_table(report,
                      {"layer",
                       "error RMS",
                       "error largest",
                       "out of tolerance",
                       "disturb mean",
                       "disturb largest"},
                      outcome_row);
}

std::string reference_text(const ProgrammingAgreement& found) {
  return found.reference ? " (coupled reference " + error_percent(*found.reference) + ")" : "";
}

std::string bound_text(const ProgrammingAgreement& found) {
  if (!found.bound) return "";
  const WritingBound& bound = *found.bound;
  return " Every node was held, " + format_duration(bound.seconds) +
         " in ngspice: what is left over at the nodes bounds the error of all line currents "
         "together to " +
         to_text_rounded(bound.relative, 2) + " of the largest (" +
         format_quantity(bound.bound, Unit::Ampere, 2) + "), the worst of all pulses and times; " +
         (bound.corrections == 0 ? std::string("no pulse")
                                 : with_thousands(bound.corrections) + " times a pulse") +
         " had to be corrected.";
}

std::string agreement_text(const ProgrammingReport& report) {
  if (!report.agreement) return "";
  const ProgrammingAgreement& found = *report.agreement;
  const std::string size = std::to_string(found.lines) + " x " + std::to_string(found.lines);
  if (!found.failure.empty()) {
    return "The " + size + " corner of " + found.tile + " could not be compared: " + found.failure;
  }
  return "The " + size + " corner of " + found.tile + ", written in ngspice (" +
         with_thousands(found.pulses) + " pulses, " + format_duration(found.seconds) +
         "): under the same pulses memspice ends at most " + error_percent(found.fast) +
         " from its conductances" + reference_text(found) + ", energy " +
         error_percent(found.energy) + "." + bound_text(found);
}

Json json_of(const ProgrammingReport& report) {
  Json layers = Json::array();
  for (const LayerProgramming& layer : report.layers) layers.push_back(json_of(layer));
  const Json json{{"card", report.card},
                  {"scheme", report.scheme},
                  {"ramp", report.ramp},
                  {"passes", report.passes},
                  {"fidelity", report.fidelity},
                  {"accuracy_perfect", share_json(report.perfect)},
                  {"accuracy_programmed", share_json(report.programmed)},
                  {"change", change_json(report.change)},
                  {"all", json_of(report.all)},
                  {"layers", std::move(layers)},
                  {"cells_by_pulses", report.pulse_counts},
                  {"spice", json_of(report.agreement)},
                  {"seconds", report.seconds},
                  {"failure", report.failure}};
  return json;
}

Table accuracy_table(const ProgrammingReport& report) {
  return {.titles = {"accuracy", "correct", "points"},
          .rows = {{"perfect programming", with_interval(report.perfect), ""},
                   {"as programmed",
                    with_interval(report.programmed),
                    report.change ? change_text(report.change)
                                  : points(report.programmed - report.perfect)}}};
}

Chart pulses_chart(const ProgrammingReport& report) {
  Chart chart{.kind = ChartKind::Histogram,
              .title = "Cells by the number of their write pulses",
              .series = {{.name = {}, .points = {}}}};
  for (const long cells : report.pulse_counts) {
    chart.series[0].points.push_back({.value = static_cast<double>(cells)});
  }
  return chart;
}

}  // namespace

Sections sections_of(const ProgrammingReport& report) {
  Section writing{.title = "Programming by write-verify",
                  .lead = report.card + ", " + report.scheme + ", " + report.ramp + ", at most " +
                          std::to_string(report.passes) +
                          (report.passes == 1 ? " pass; " : " passes; ") + "layers " +
                          report.fidelity + "; " + format_duration(report.seconds) +
                          ". Tiles are written side by side, the cells of one in turn.",
                  .charts = {pulses_chart(report)},
                  .tables = {{.table = accuracy_table(report)},
                             {.table = writing_table(report), .has_total = true}},
                  .key = "programming",
                  .json = share(json_of(report))};
  Section left{.title = "What programming left",
               .lead =
                   "Errors of the final conductances in shares of the window; disturb is what "
                   "pulses on other cells changed after a cell's own writing.",
               .tables = {{.table = outcome_table(report), .has_total = true}}};
  if (report.agreement) left.remarks.push_back(agreement_text(report));
  if (!report.failure.empty()) {
    left.remarks.push_back("A cell could not be computed: " + report.failure);
  }
  return {std::move(writing), std::move(left)};
}

}  // namespace memspice::report
