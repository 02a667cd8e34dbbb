// The terminal summary.

#include "base/progress.hpp"
#include "base/text.hpp"
#include "base/units.hpp"
#include "report/answer.hpp"
#include "report/cost_report.hpp"
#include "report/hardware.hpp"
#include "report/numbers.hpp"
#include "report/sections.hpp"
#include "report/share_text.hpp"
#include "report/text_table.hpp"

namespace memspice::report {
namespace {

std::string heading(const RunReport& report) {
  std::string text = "\n" + report.flow;
  if (!report.network.empty()) text += "   " + report.network;
  if (report.images > 0) text += "   " + with_thousands(report.images) + " images";
  return text + "   seed " + std::to_string(report.seed) + "\n";
}

/// Neighbouring pixels are no independent samples: their number bounds no error.
std::string sampling_remark(const RunReport& report, double share) {
  if (!report.segmentation) {
    return "  One standard error at this many images: " +
           fixed(100.0 * standard_error(share, report.images), 2) +
           " points. A step counts on the images whose label it\n  changes (exact McNemar); its "
           "interval holds 0 where they show nothing.\n";
  }
  const SegmentationReport& found = *report.segmentation;
  return "  Shares of pixels; Dice of the pixels labelled " + std::to_string(found.foreground) +
         " at a probability of 0.5. threshold: what is\n  darker than grey " +
         std::to_string(found.threshold) + ", the level of the best Dice on the training slices.\n";
}

/// Where imperfect cells are drawn or written, the ladder above is that of perfect ones.
std::string answer_line(const RunReport& report) {
  if (!report.variability && !report.programming) return "";
  const std::optional<Answer> answer = answer_of(report);
  return "  Perfect cells above; with imperfect ones: " + with_interval(answer->share) + ", " +
         answer->meaning + ".\n";
}

std::string accuracy_table(const RunReport& report) {
  const auto steps = accuracy_steps(report.accuracy);
  if (steps.empty()) return "";
  std::vector<TextTable::Column> columns{
      {"accuracy", Align::Left}, {"correct"}, {"95 % interval"}, {"points"}};
  if (report.segmentation) {
    columns.insert(columns.end(), {{"Dice"}, {"points"}});
  } else {
    columns.push_back({"of the step"});
  }
  columns.push_back({"what was computed", Align::Left});
  TextTable table(std::move(columns));
  for (const auto& row : accuracy_cells(report)) table.add(row);
  return "\n" + table.str() + sampling_remark(report, steps.back().share) + answer_line(report);
}

void add_errors(TextTable& table,
                const std::string& layer,
                const char* judged_on,
                const tile::ModelErrors& errors) {
  if (errors.vectors == 0) return;
  std::vector<std::string> row{layer, judged_on, with_thousands(errors.vectors)};
  for (const auto& [model, error] : errors.models) row.push_back(error_percent(error.nrmse));
  row.push_back(error_percent(errors.of("calibrated").max));
  table.add(std::move(row));
}

std::string calibration_table(const RunReport& report) {
  if (!report.calibration) return "";
  std::vector<TextTable::Column> columns{
      {"layer", Align::Left}, {"judged on", Align::Left}, {"vectors"}};
  for (const auto& [model, error] : report.calibration->held_out.models) columns.push_back({model});
  columns.push_back({"largest"});
  TextTable table(std::move(columns));
  for (const tile::LayerCalibration* layer : distinct_calibrations(*report.calibration)) {
    const std::string name = calibration_name(*layer);
    add_errors(table, name, "unseen vectors", layer->held_out_vectors);
    add_errors(table,
               layer->held_out_vectors.vectors > 0 ? "" : name,
               "unseen tiles",
               layer->held_out_tiles);
  }
  table.add_rule();
  add_errors(table, "all", "both", report.calibration->held_out);
  return "\nTile models against " + report.spice.version +
         ": RMS error of the currents a pair of bit lines gives,\nrelative to their RMS; "
         "\"largest\" is the calibrated model's worst single current.\n\n" +
         table.str();
}

/// "4,704 J" is unread; "1.2 nJ" is.
std::string energy_of(double joules) {
  return format_quantity(joules, Unit::Joule, 3);
}

std::string layer_table(const RunReport& report) {
  if (report.layers.empty() || report.tiles == 0) return "";
  TextTable table({{"layer", Align::Left},
                   {"kind", Align::Left},
                   {"lines"},
                   {"tiles"},
                   {"memristors"},
                   {"vectors"},
                   {"arrays"},
                   {"runs as", Align::Left}});
  for (const LayerReport& layer : report.layers) {
    std::vector<std::string> cells = layer_cells(layer);
    cells.insert(cells.end(), {energy_of(layer.array_energy), runs_as(layer)});
    table.add(std::move(cells));
  }
  table.add_rule();
  table.add({"all",
             "",
             "",
             with_thousands(report.tiles),
             with_thousands(report.memristors),
             "",
             energy_of(report.array_energy),
             ""});
  return "\nCrossbars; vectors and energy of the arrays are per image, each tile is one "
         "crossbar,\nor one per sub-image.\n\n" +
         table.str();
}

/// The total with the arrays' part.
std::string energy_line(const RunReport& report) {
  const std::optional<double> total = total_energy(report);
  if (!total) return "";
  std::string text = "  energy     " + energy_of(*total) + " per image";
  if (report.array_energy > 0.0)
    text += ", of which " + energy_of(report.array_energy) + " in the arrays";
  return text + "\n";
}

std::string run_lines(const RunReport& report) {
  std::string text = "\n" + energy_line(report);
  if (report.spice.runs > 0) {
    text += "  ngspice    " + spice_text(report.spice) + '\n';
  }
  if (report.calibration) {
    text += "  vectors    " + with_thousands(report.calibration->vectors_fit) + " fitted, " +
            with_thousands(report.calibration->vectors_held_out) + " held out\n";
  }
  text += "  time       " + format_duration(report.seconds_characterize) + " characterize, " +
          format_duration(report.seconds_simulate) + " simulate, " +
          format_duration(report.seconds_total) + " in all\n";
  return text;
}

/// Settings as "name value; ...", wrapped at 96 columns.
std::string settings_lines(const RunReport& report) {
  constexpr std::size_t width = 96;
  const std::string first = "  settings   ";
  std::string text;
  std::string line;
  for (const auto& [name, value] : report.settings) {
    const std::string entry = name + ' ' + value;
    if (!line.empty() && first.size() + line.size() + entry.size() + 2 > width) {
      text += (text.empty() ? first : std::string(first.size(), ' ')) + line + ";\n";
      line.clear();
    }
    line += (line.empty() ? "" : "; ") + entry;
  }
  if (line.empty()) return "";
  return text + (text.empty() ? first : std::string(first.size(), ' ')) + line + '\n';
}

std::string note_lines(const RunReport& report) {
  std::string text;
  for (const std::string& note : report.notes) text += "  note       " + note + '\n';
  return text;
}

}  // namespace

std::string to_terminal(const RunReport& report) {
  const std::string cost = has_crossbars(report.cost) ? cost_text(*report.cost) : std::string();
  return heading(report) + accuracy_table(report) + to_terminal(study_sections(report)) +
         calibration_table(report) + to_terminal(certificate_sections(report)) +
         to_terminal(report.sections) + layer_table(report) +
         to_terminal(sections_of(report.kernel_first)) + cost + run_lines(report) +
         settings_lines(report) + note_lines(report);
}

}  // namespace memspice::report
