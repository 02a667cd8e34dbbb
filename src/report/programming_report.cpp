#include "report/programming_report.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/progress.hpp"
#include "base/units.hpp"
#include "report/numbers.hpp"
#include "report/share_json.hpp"
#include "report/share_text.hpp"
#include "report/svg.hpp"

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

Table table_of(const ProgrammingReport& report,
               std::vector<std::string> titles,
               std::vector<std::string> (*row)(const LayerProgramming&)) {
  Table table{.titles = std::move(titles), .rows = {}};
  for (const LayerProgramming& layer : report.layers) table.rows.push_back(row(layer));
  table.rows.push_back(row(report.all));
  return table;
}

std::string text_of(const Table& found) {
  std::vector<TextTable::Column> columns;
  for (const std::string& title : found.titles) {
    columns.push_back({title, columns.empty() ? Align::Left : Align::Right});
  }
  TextTable table(std::move(columns));
  for (const auto& row : found.rows) {
    if (&row == &found.rows.back()) table.add_rule();
    table.add(row);
  }
  return table.str();
}

Json to_json(const LayerProgramming& layer) {
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

Json to_json(const std::optional<ProgrammingAgreement>& agreement) {
  if (!agreement) return nullptr;
  return {{"tile", agreement->tile},
          {"lines", agreement->lines},
          {"pulses", agreement->pulses},
          {"largest_difference", agreement->fast},
          {"largest_difference_reference", agreement->reference},
          {"energy_difference", agreement->energy},
          {"seconds", agreement->seconds},
          {"failure", agreement->failure}};
}

}  // namespace

Table writing_table(const ProgrammingReport& report) {
  return table_of(
      report, {"layer", "cells", "pulses/cell", "most", "energy", "time", "failed"}, writing_row);
}

Table outcome_table(const ProgrammingReport& report) {
  return table_of(report,
                  {"layer",
                   "error RMS",
                   "error largest",
                   "out of tolerance",
                   "disturb mean",
                   "disturb largest"},
                  outcome_row);
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
         " from its conductances (coupled reference " + error_percent(found.reference) +
         "), energy " + error_percent(found.energy) + ".";
}

std::string programming_tables(const ProgrammingReport& report) {
  TextTable accuracy({{"accuracy", Align::Left}, {"correct"}, {"points"}});
  accuracy.add({"perfect programming", with_interval(report.perfect), ""});
  accuracy.add(
      {"as programmed",
       with_interval(report.programmed),
       report.change ? change_text(report.change) : points(report.programmed - report.perfect)});
  std::string text = "\nProgrammed by write-verify: " + report.card + ", " + report.scheme + ", " +
                     report.ramp + ", at most " + std::to_string(report.passes) +
                     (report.passes == 1 ? " pass; " : " passes; ") + "layers " + report.fidelity +
                     "; " + format_duration(report.seconds) + ".\n\n" + accuracy.str() + "\n" +
                     text_of(writing_table(report)) +
                     "\nWhat it left: error in shares of the conductance window; disturb is what "
                     "pulses on other\ncells changed after a cell's own writing.\n\n" +
                     text_of(outcome_table(report));
  if (report.agreement) text += "\n  " + agreement_text(report) + "\n";
  if (!report.failure.empty()) text += "\n  A cell could not be computed: " + report.failure + "\n";
  return text;
}

std::string programming_json(const ProgrammingReport& report) {
  Json layers = Json::array();
  for (const LayerProgramming& layer : report.layers) layers.push_back(to_json(layer));
  const Json json{{"card", report.card},
                  {"scheme", report.scheme},
                  {"ramp", report.ramp},
                  {"passes", report.passes},
                  {"fidelity", report.fidelity},
                  {"accuracy_perfect", Json::parse(share_json(report.perfect))},
                  {"accuracy_programmed", Json::parse(share_json(report.programmed))},
                  {"change", Json::parse(change_json(report.change))},
                  {"all", to_json(report.all)},
                  {"layers", std::move(layers)},
                  {"cells_by_pulses", report.pulse_counts},
                  {"spice", to_json(report.agreement)},
                  {"seconds", report.seconds},
                  {"failure", report.failure}};
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string plot_pulses(const ProgrammingReport& report) {
  const auto& counts = report.pulse_counts;
  if (counts.empty()) return "";
  using namespace svg;
  constexpr double left = 64.0, right = 24.0, top = 12.0, bottom = 172.0;
  const double most = static_cast<double>(*std::max_element(counts.begin(), counts.end()));
  const double step = nice_step(std::max(most, 1.0));
  const double high = step * std::max(1.0, std::ceil(most / step));
  const double width = (kWidth - left - right) / static_cast<double>(counts.size());
  std::string body;
  for (double tick = 0.0; tick <= high + 0.5; tick += step) {
    const double y = bottom - (bottom - top) * tick / high;
    body += line(left, y, kWidth - right, y, "grid");
    body += text_at(left - 8.0,
                    y + 4.0,
                    "class=\"tick\" text-anchor=\"end\"",
                    with_thousands(static_cast<long long>(tick)));
  }
  const double label_step = nice_step(static_cast<double>(counts.size()));
  const auto labelled = std::max<std::size_t>(static_cast<std::size_t>(label_step), 1);
  for (std::size_t k = 0; k < counts.size(); ++k) {
    const double x = left + width * static_cast<double>(k);
    const double height = (bottom - top) * static_cast<double>(counts[k]) / high;
    body += bar(x, bottom - height, std::max(width - 1.0, 0.5), height, "#3f6fb0");
    if (k % labelled != 0) continue;
    body += text_at(
        x + 0.5 * width, bottom + 18.0, "class=\"tick\" text-anchor=\"middle\"", std::to_string(k));
  }
  return picture(bottom + 30.0, "Cells by the number of their write pulses", body);
}

}  // namespace memspice::report
