// report.html: one page that explains the run, self-contained.

#include "base/progress.hpp"
#include "base/text.hpp"
#include "base/units.hpp"
#include "report/cost_report.hpp"
#include "report/headline.hpp"
#include "report/numbers.hpp"
#include "report/page.hpp"
#include "report/page_parts.hpp"
#include "report/plots.hpp"
#include "report/sections.hpp"
#include "report/share_text.hpp"

namespace memspice::report {
namespace {

constexpr const char* kEnergy = "var(--plain)";

std::string accuracy_section(const RunReport& report) {
  const auto steps = accuracy_steps(report.accuracy);
  if (steps.empty()) return "";
  if (report.segmentation) return to_html(sections_of(*report.segmentation, report.accuracy));
  const double error = standard_error(steps.back().share, report.images);
  return html_section(
      "Accuracy, one effect at a time",
      "From the trained network (float) to crossbars with finite levels and converters "
      "(ideal), with exact line resistance (mesh), and with the cells' curvature fitted "
      "to ngspice (calibrated). Bars: 95 % intervals; one standard error is " +
          fixed(100.0 * error, 2) +
          " points. Changes in points with the interval that the same images leave: a step counts "
          "on those whose label it changes (exact McNemar).",
      draw(ladder_of(steps)));
}

/// The page's style knows a colour for each fidelity; a new one is plain until it has its own.
std::string model_colour(std::string_view model) {
  return "var(--" + std::string(model) + ", var(--plain))";
}

std::string key(std::string_view model) {
  return "<span class=\"key\" style=\"background:" + model_colour(model) + "\"></span>" +
         std::string(model);
}

/// What solves the array's own equations is at rounding: decades that would flatten all other bars.
bool is_solved(std::string_view model) {
  const tile::ModelKind* kind = tile::find_model(model);
  return kind != nullptr && kind->needs_law;
}

/// A row per model of a layer, and of all layers together.
std::vector<Row> error_rows(const tile::CalibrationResult& calibration) {
  std::vector<Row> rows;
  const auto add = [&](const std::string& name, const tile::ModelErrors& errors) {
    rows.push_back({name, {}});
    for (const auto& [model, error] : errors.models) {
      if (is_solved(model)) continue;
      rows.back().marks.push_back({error_percent(error.nrmse), model_colour(model), error.nrmse});
    }
  };
  for (const tile::LayerCalibration* layer : distinct_calibrations(calibration)) {
    if (const auto errors = worst_held_out(*layer)) add(calibration_name(*layer), *errors);
  }
  if (calibration.held_out.vectors > 0) add("all", calibration.held_out);
  return rows;
}

std::string calibration_section(const RunReport& report) {
  if (!report.calibration) return "";
  const std::vector<Row> rows = error_rows(*report.calibration);
  if (rows.empty()) return "";
  std::string keys;
  for (const tile::ModelKind& model : tile::model_kinds()) {
    if (!is_solved(model.name)) keys += key(model.name);
  }
  return html_section(
      "How far the tile models are from SPICE",
      "RMS error of the differential currents relative to their RMS, on vectors and "
      "tiles that no fit has seen; for a layer the worse of the two, for all both "
      "together. Logarithmic.",
      "<p>" + keys + "</p>\n" + plot_log_bars(rows));
}

std::string energy_section(const RunReport& report) {
  if (report.layers.empty() || report.tiles == 0) return "";
  std::vector<Row> rows;
  std::vector<std::vector<std::string>> cells;
  for (const LayerReport& layer : report.layers) {
    const std::string energy = format_quantity(layer.array_energy, Unit::Joule, 3);
    rows.push_back({layer.name, {{energy, kEnergy, layer.array_energy}}});
    cells.push_back(layer_cells(layer));
    cells.back().push_back(runs_as(layer));
  }
  return html_section(
      "Crossbars and the energy of their arrays",
      "Energy that the arrays dissipate per image, drivers and sense resistors "
      "included, converters not.",
      plot_bars(rows) +
          html_table(
              {{"layer", "kind", "lines", "crossbars", "memristors", "vectors/image", "runs as"},
               cells}));
}

std::string cost_section(const RunReport& report) {
  if (!has_crossbars(report.cost)) return "";
  const Table layers = cost_by_layer(*report.cost);
  const Table parts = cost_by_part(*report.cost);
  return html_section(
      "Hardware cost", cost_remark(*report.cost), html_table(parts) + html_table(layers));
}

/// What it was, and what was said about it.
std::vector<std::pair<std::string, std::string>> run_rows(const RunReport& report) {
  std::vector<std::pair<std::string, std::string>> rows;
  if (report.spice.runs > 0) rows.emplace_back("ngspice", spice_text(report.spice));
  if (report.calibration) {
    rows.emplace_back("vectors",
                      with_thousands(report.calibration->vectors_fit) + " fitted, " +
                          with_thousands(report.calibration->vectors_held_out) + " held out");
  }
  rows.emplace_back("time",
                    format_duration(report.seconds_characterize) + " characterize, " +
                        format_duration(report.seconds_simulate) + " simulate, " +
                        format_duration(report.seconds_total) + " in all");
  for (const auto& [name, value] : {std::pair{"device card", &report.card},
                                    {"technology", &report.technology},
                                    {"calibration data", &report.calibration_data}}) {
    if (!value->empty()) rows.emplace_back(name, *value);
  }
  rows.insert(rows.end(), report.settings.begin(), report.settings.end());
  rows.insert(rows.end(), report.versions.begin(), report.versions.end());
  for (const std::string& warning : report.warnings) rows.emplace_back("warning", warning);
  for (const std::string& note : report.notes) rows.emplace_back("note", note);
  return rows;
}

std::string pair_table(const std::vector<std::pair<std::string, std::string>>& rows) {
  std::string body = "<table>\n";
  for (const auto& [name, value] : rows) {
    body += "<tr><td>" + escape_html(name) + "</td><td class=\"wrap\">" + escape_html(value) +
            "</td></tr>\n";
  }
  return body + "</table>\n";
}

/// Command line, files and hashes: what it takes to have the numbers again.
std::string provenance_section(const Provenance& provenance) {
  if (provenance.date.empty()) return "";
  std::vector<std::pair<std::string, std::string>> rows{{"begun", provenance.date}};
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) rows.emplace_back(name, value);
  };
  add("command", provenance.origin.command);
  add("in", provenance.folder);
  add("again", provenance.origin.rerun);
  add("overrides", join(provenance.origin.overrides, ", "));
  for (const SourceFile& file : provenance.files) {
    rows.emplace_back(file.role, file.path + "  sha256 " + file.sha256);
  }
  return html_section(
      "Where it comes from",
      "The line after \"again\", typed in the same folder with the same files, gives "
      "the same numbers.",
      pair_table(rows));
}

std::string run_section(const RunReport& report) {
  return html_section("The run", "What shaped the numbers above.", pair_table(run_rows(report)));
}

}  // namespace

std::string to_html(const RunReport& report) {
  return html_page(report.flow,
                   headline_html(report) + accuracy_section(report) +
                       to_html(study_sections(report)) + calibration_section(report) +
                       to_html(certificate_sections(report)) + to_html(report.sections) +
                       energy_section(report) + to_html(sections_of(report.kernel_first)) +
                       cost_section(report) + run_section(report) +
                       provenance_section(report.provenance));
}

}  // namespace memspice::report
