#include "report/study.hpp"

#include <algorithm>

#include "base/files.hpp"
#include "base/text.hpp"
#include "report/numbers.hpp"
#include "report/share_text.hpp"
#include "report/text_table.hpp"

namespace memspice::report {
namespace {

const std::vector<std::string> kUsualColumns{"accuracy.float",
                                             "accuracy.mesh",
                                             "accuracy.calibrated",
                                             "accuracy.programmed",
                                             "accuracy.samples",
                                             "crossbars",
                                             "memristors",
                                             "area",
                                             "power_gated_average_watt",
                                             "energy_total_joule",
                                             "latency"};

bool has_values(const Study& study, const Metric& metric) {
  return std::any_of(study.rows.begin(), study.rows.end(), [&](const StudyRow& row) {
    return row.report && metric.value(*row.report);
  });
}

/// " (91.30 to 92.38)" behind an accuracy; " ?" where it is not to be trusted.
std::string bounds_text(const Metric& metric, const RunReport& report) {
  if (!metric.share) return "";
  const std::string interval = interval_text(interval_of(metric, report));
  return (interval.empty() ? "" : " (" + interval + ")") +
         (metric.share(report)->trusted ? "" : " ?");
}

/// Value and change; blank where the run has none.
void add_cells(const Study& study,
               const StudyRow& row,
               const Metric& metric,
               std::vector<std::string>& cells) {
  const auto value = row.report ? metric.value(*row.report) : std::nullopt;
  const StudyRow& base = base_of(study, row);
  const auto start = base.report ? metric.value(*base.report) : std::nullopt;
  cells.push_back(value ? value_text(metric, *value) + bounds_text(metric, *row.report) : "-");
  cells.push_back(value && start && &base != &row ? change_text(metric, *value, *start) : "");
}

bool has_series(const Study& study) {
  return std::any_of(study.rows.begin(), study.rows.end(), [](const StudyRow& row) {
    return !row.series.empty();
  });
}

bool has_accuracies(const Study& study) {
  return std::ranges::any_of(columns_of(study),
                             [](const Metric* metric) { return metric->share != nullptr; });
}

std::string heading(const Study& study) {
  return study.layout.title.empty() ? study.flow : study.layout.title;
}

}  // namespace

std::vector<const Metric*> columns_of(const Study& study) {
  std::vector<const Metric*> columns;
  const auto& names = study.layout.columns.empty() ? kUsualColumns : study.layout.columns;
  for (const std::string& name : names) {
    const Metric& metric = find_metric(name, "[study] columns");
    if (has_values(study, metric)) columns.push_back(&metric);
  }
  return columns;
}

const StudyRow& base_of(const Study& study, const StudyRow& row) {
  const auto same = [&](const StudyRow& other) { return other.series == row.series; };
  return *std::find_if(study.rows.begin(), study.rows.end(), same);
}

Table study_table(const Study& study) {
  const std::vector<const Metric*> columns = columns_of(study);
  Table table{.titles = {"variant"}, .rows = {}};
  for (const Metric* metric : columns) {
    table.titles.emplace_back(metric->title);
    table.titles.emplace_back("");
  }
  for (const StudyRow& row : study.rows) {
    std::vector<std::string> cells{row.name};
    for (const Metric* metric : columns) add_cells(study, row, *metric, cells);
    table.rows.push_back(std::move(cells));
  }
  return table;
}

std::string study_text(const Study& study) {
  const Table table = study_table(study);
  std::vector<TextTable::Column> columns;
  for (const std::string& title : table.titles) columns.push_back({title});
  columns.front().align = Align::Left;
  TextTable rows(std::move(columns));
  for (std::size_t k = 0; k < table.rows.size(); ++k) {
    if (k > 0 && study.rows[k].series != study.rows[k - 1].series) rows.add_rule();
    rows.add(table.rows[k]);
  }
  std::string text = "\n" + heading(study) + "\n\n" + rows.str();
  text += has_series(study) ? "  Changes: against the first variant of the same series"
                            : "  Changes: against the first variant";
  text += "; shares in points.\n";
  if (has_accuracies(study)) {
    text += "  Accuracies with their 95 % interval; ?: not to be trusted, see the warnings.\n";
  }
  for (const StudyRow& row : study.rows) {
    if (!row.failure.empty()) text += "  failed: " + row.name + ": " + row.failure + "\n";
  }
  if (!study.layout.claims.empty()) text += "\nClaimed elsewhere\n";
  for (const std::string& claim : study.layout.claims) text += "  " + claim + "\n";
  return text;
}

void write_study(const Study& study, const std::filesystem::path& folder) {
  write_file(folder / "results.json", to_json(study));
  write_file(folder / "report.html", study_html(study));
}

}  // namespace memspice::report
