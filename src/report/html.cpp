// report.html: one page that explains the run, self-contained.

#include <array>

#include "base/progress.hpp"
#include "base/text.hpp"
#include "base/units.hpp"
#include "report/cost_report.hpp"
#include "report/headline.hpp"
#include "report/numbers.hpp"
#include "report/page.hpp"
#include "report/page_parts.hpp"
#include "report/plots.hpp"
#include "report/run_report.hpp"
#include "report/segmentation_html.hpp"
#include "report/share_text.hpp"

namespace memspice::report {
namespace {

/// Of the tile models, in their order.
constexpr std::array<const char*, 5> kModelColours{
    "#a9b4c0", "#e3a23a", "#1f7a5c", "#8a5fb0", "#b0523f"};
constexpr const char* kEnergy = "#3f6fb0";

std::string accuracy_section(const RunReport& report) {
  const auto steps = accuracy_steps(report.accuracy);
  if (steps.empty()) return "";
  if (report.segmentation) return segmentation_html(report);
  const double error = standard_error(steps.back().share, report.images);
  return html_section(
      "Accuracy, one effect at a time",
      "From the trained network (float) to crossbars with finite levels and converters "
      "(ideal), with exact line resistance (mesh), and with the cells' curvature fitted "
      "to ngspice (calibrated). Bars: 95 % intervals; one standard error is " +
          fixed(100.0 * error, 2) +
          " points. Changes in points with the interval that the same images leave: a step counts "
          "on those whose label it changes (exact McNemar).",
      plot_ladder(steps));
}

std::string variability_section(const RunReport& report) {
  if (!report.variability) return "";
  const VariabilityReport& variability = *report.variability;
  std::vector<std::vector<std::string>> rows;
  for (const StatisticRow& row : rows_of(variability.programmed)) {
    rows.push_back({row.name, row.value, row.interval});
  }
  std::string out = html_section(
      "Accuracy of imperfect cells",
      with_thousands(variability.programmed.samples) + " samples, each " + variability.sample +
          ". One dot per sample, the bar is the mean's interval; intervals hold with " +
          fixed(100.0 * variability.programmed.confidence, 0) +
          " % confidence, the mean's for other images too, the others for these images.",
      plot_samples(variability) + html_table({{"accuracy", "value", "confidence interval"}, rows}));
  if (variability.drift.empty()) return out;
  const Table drift = drift_table(variability);
  return out +
         html_section("Accuracy over time",
                      "The same samples as their conductances drift; the line is the mean, the "
                      "band the range of the percentiles. Time is logarithmic.",
                      plot_drift(variability) + html_table(drift));
}

std::string table_of(const Cells& cells) {
  return html_table({cells.front(), {cells.begin() + 1, cells.end()}});
}

std::string bitstream_section(const RunReport& report) {
  if (!report.bitstream) return "";
  const BitstreamReport& found = *report.bitstream;
  std::string out =
      html_section("Bitstream layers: accuracy against bits",
                   "Deterministic bitstream multipliers beside fixed point of the same "
                   "bits, every bitstream layer at that many; the others are float. Bars and "
                   "brackets: 95 % intervals; changes count on the same images.",
                   plot_bitstream_bits(found) + table_of(bitstream_point_cells(found)));
  if (!found.faults.empty()) {
    out +=
        html_section("Bitstream layers: bits that flip",
                     "Every bit between multiplier and accumulator flips at the rate shown: stream "
                     "bits, or bits of binary product words. Mean and its interval over seeds and "
                     "images.",
                     plot_bitstream_faults(found) + table_of(bitstream_fault_cells(found)));
  }
  return out +
         html_section(
             "Bitstream layers: latency and area",
             "One vector unit of " + with_thousands(found.lanes) + " lanes, per image; cells of " +
                 found.gates + ", two operations per product.",
             table_of(bitstream_layer_cells(found)) + table_of(bitstream_unit_cells(found)));
}

std::string spectral_section(const RunReport& report) {
  if (!report.spectral) return "";
  const SpectralReport& found = *report.spectral;
  return html_section("Layers computed in the spectrum: " + with_interval(found.accuracy),
                      spectral_remark(found),
                      table_of(spectral_layer_cells(found)));
}

const char* model_colour(std::size_t model) {
  return kModelColours[model % kModelColours.size()];
}

std::string key(const char* colour, std::string_view name) {
  return "<span class=\"key\" style=\"background:" + std::string(colour) + "\"></span>" +
         std::string(name);
}

std::string calibration_section(const RunReport& report) {
  if (!report.calibration) return "";
  std::vector<Row> rows;
  const auto add = [&](const std::string& name, const tile::ModelErrors& errors) {
    rows.push_back({name, {}});
    for (std::size_t m = 0; m < errors.models.size(); ++m) {
      const double error = errors.models[m].second.nrmse;
      rows.back().marks.push_back({error_percent(error), model_colour(m), error});
    }
  };
  for (const tile::LayerCalibration* layer : distinct_calibrations(*report.calibration)) {
    if (const auto errors = worst_held_out(*layer)) add(calibration_name(*layer), *errors);
  }
  if (report.calibration->held_out.vectors > 0) add("all", report.calibration->held_out);
  if (rows.empty()) return "";
  std::string keys;
  for (std::size_t m = 0; m < tile::model_kinds().size(); ++m) {
    keys += key(model_colour(m), tile::model_kinds()[m].name);
  }
  return html_section(
      "How far the tile models are from SPICE",
      "RMS error of the differential currents relative to their RMS, on vectors and "
      "tiles that no fit has seen; for a layer the worse of the two, for all both "
      "together. Logarithmic.",
      "<p>" + keys + "</p>\n" + plot_log_bars(rows));
}

std::string against_spice_section(const RunReport& report) {
  if (report.against_spice.empty()) return "";
  std::vector<std::vector<std::string>> cells;
  for (const LayerAgainstSpice& layer : report.against_spice) {
    for (const AgainstSpice& row : layer.fidelities) {
      cells.push_back({layer.layer,
                       row.fidelity,
                       error_percent(row.rms),
                       error_percent(row.max),
                       with_thousands(row.changed_labels)});
    }
  }
  return html_section(
      "Layers that ran in SPICE",
      "What each fidelity gives in their place: difference of the layer's outputs "
      "behind the same ADCs, relative to SPICE's, and labels that change.",
      html_table({{"layer", "fidelity", "RMS", "largest", "labels changed"}, cells}));
}

std::string energy_section(const RunReport& report) {
  if (report.layers.empty() || report.tiles == 0) return "";
  std::vector<Row> rows;
  std::vector<std::vector<std::string>> cells;
  for (const LayerReport& layer : report.layers) {
    const std::string energy = format_quantity(layer.array_energy, Unit::Joule, 3);
    rows.push_back({layer.name, {{energy, kEnergy, layer.array_energy}}});
    cells.push_back({layer.name,
                     layer.kind,
                     lines_text(layer),
                     with_thousands(layer.tiles),
                     with_thousands(layer.memristors),
                     layer.tiles > 0 ? with_thousands(layer.vectors_per_image) : "-",
                     layer.path == "crossbar" ? layer.fidelity : layer.path});
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

std::string kernel_first_section(const RunReport& report) {
  if (!report.kernel_first) return "";
  return html_section("Kernel first",
                      kernel_first_remark(*report.kernel_first),
                      html_table(kernel_first_table(*report.kernel_first)));
}

std::string cost_section(const RunReport& report) {
  if (!has_crossbars(report.cost)) return "";
  const Table layers = cost_by_layer(*report.cost);
  const Table parts = cost_by_part(*report.cost);
  return html_section(
      "Hardware cost", cost_remark(*report.cost), html_table(parts) + html_table(layers));
}

std::string run_section(const RunReport& report) {
  std::vector<std::vector<std::string>> rows;
  if (report.spice.runs > 0) {
    rows.push_back({"ngspice",
                    with_thousands(report.spice.runs) + " runs, " +
                        with_thousands(report.spice.failed) + " failed, " +
                        format_duration(report.spice.seconds) + ", " + report.spice.version});
  }
  if (report.calibration) {
    rows.push_back({"vectors",
                    with_thousands(report.calibration->vectors_fit) + " fitted, " +
                        with_thousands(report.calibration->vectors_held_out) + " held out"});
  }
  rows.push_back({"time",
                  format_duration(report.seconds_characterize) + " characterize, " +
                      format_duration(report.seconds_simulate) + " simulate, " +
                      format_duration(report.seconds_total) + " in all"});
  for (const auto& [name, value] : {std::pair{"device card", &report.card},
                                    {"technology", &report.technology},
                                    {"calibration data", &report.calibration_data}}) {
    if (!value->empty()) rows.push_back({name, *value});
  }
  for (const auto& [name, value] : report.settings) rows.push_back({name, value});
  for (const auto& [name, value] : report.versions) rows.push_back({name, value});
  for (const std::string& warning : report.warnings) rows.push_back({"warning", warning});
  for (const std::string& note : report.notes) rows.push_back({"note", note});
  std::string body = "<table>\n";
  for (const auto& row : rows) {
    body += "<tr><td>" + escape_html(row[0]) + "</td><td class=\"wrap\">" + escape_html(row[1]) +
            "</td></tr>\n";
  }
  return html_section("The run", "What shaped the numbers above.", body + "</table>\n");
}

}  // namespace

std::string to_html(const RunReport& report) {
  const std::string periphery =
      report.periphery ? network_periphery_html(*report.periphery) : std::string();
  const std::string programming =
      report.programming ? programming_html(*report.programming) : std::string();
  return html_page(report.flow,
                   headline_html(report) + accuracy_section(report) + periphery +
                       bitstream_section(report) + spectral_section(report) +
                       variability_section(report) + programming + calibration_section(report) +
                       against_spice_section(report) + energy_section(report) +
                       kernel_first_section(report) + cost_section(report) + run_section(report));
}

}  // namespace memspice::report
