#include "report/variability_report.hpp"

#include <cmath>

#include "base/progress.hpp"
#include "base/text.hpp"
#include "base/units.hpp"
#include "report/numbers.hpp"
#include "report/share_text.hpp"

namespace memspice::report {
namespace {

/// "88.1 to 90.2 %"; a side that so few samples do not bound is open.
std::string bounds_text(const simulate::Interval& interval, int decimals) {
  const auto text = [&](double share) { return fixed(100.0 * share, decimals); };
  if (!interval.low && !interval.high) return "too few samples";
  if (!interval.low) return "at most " + text(*interval.high) + " %";
  if (!interval.high) return "at least " + text(*interval.low) + " %";
  return text(*interval.low) + " to " + text(*interval.high) + " %";
}

std::string rank_text(double rank) {
  return to_text_rounded(rank, 4) + " % of samples are below";
}

/// "20 s", "1 h", "30.1 d": seconds as people say them.
std::string time_text(double seconds) {
  constexpr double hour = 3600.0, day = 24.0 * hour, year = 365.25 * day;
  if (seconds < hour) return format_quantity(seconds, Unit::Second, 3);
  if (seconds < day) return to_text_rounded(seconds / hour, 3) + " h";
  if (seconds < year) return to_text_rounded(seconds / day, 3) + " d";
  const std::string years = to_text_rounded(seconds / year, 3);
  return years + (years == "1" ? " year" : " years");
}

std::string samples_table(const VariabilityReport& report) {
  TextTable table({{"accuracy", Align::Left}, {"value"}, {"confidence interval"}});
  const std::string nominal = interval_text(report.nominal.interval);
  table.add(
      {"without the effects", percent(report.nominal), nominal + (nominal.empty() ? "" : " %")});
  for (const StatisticRow& row : rows_of(report.programmed)) {
    table.add({row.name, row.value, row.interval});
  }
  const int samples = report.programmed.samples;
  return "\n" + with_thousands(samples) + (samples == 1 ? " sample, " : " samples, each ") +
         report.sample + "; layers " + report.fidelity + "; intervals hold with " +
         fixed(100.0 * report.programmed.confidence, 0) +
         " %\nconfidence, the mean's for other images too, the others for these images; " +
         format_duration(report.seconds) + ".\n\n" + table.str();
}

}  // namespace

std::vector<StatisticRow> rows_of(const simulate::SampleStatistics& accuracy) {
  std::vector<StatisticRow> rows;
  rows.push_back({"mean", percent(accuracy.mean), bounds_text(accuracy.mean_interval, 2)});
  if (accuracy.deviation) {
    rows.push_back({"standard deviation",
                    percent(*accuracy.deviation),
                    bounds_text(accuracy.deviation_interval, 2)});
  }
  for (const simulate::Percentile& percentile : accuracy.percentiles) {
    rows.push_back({rank_text(percentile.rank),
                    percent(percentile.value),
                    bounds_text(percentile.interval, 2)});
  }
  rows.push_back({"least, most", percent(accuracy.least) + ", " + percent(accuracy.most), ""});
  return rows;
}

Table drift_table(const VariabilityReport& report) {
  Table table{.titles = {"after programming", "mean", "95 % interval", "deviation"}, .rows = {}};
  for (const simulate::Percentile& percentile : report.programmed.percentiles) {
    table.titles.push_back(to_text_rounded(percentile.rank, 4) + " % below");
  }
  for (const DriftPoint& point : report.drift) {
    std::vector<std::string> row{
        time_text(point.time),
        percent(point.accuracy.mean),
        interval_text(point.accuracy.mean_interval),
        point.accuracy.deviation ? percent(*point.accuracy.deviation) : "-"};
    for (const simulate::Percentile& percentile : point.accuracy.percentiles) {
      row.push_back(percent(percentile.value));
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

std::string variability_tables(const VariabilityReport& report) {
  std::string text = samples_table(report);
  if (report.drift.empty()) return text;
  const Table drift = drift_table(report);
  std::vector<TextTable::Column> columns;
  for (const std::string& title : drift.titles) columns.push_back({title});
  TextTable table(std::move(columns));
  for (const auto& row : drift.rows) table.add(row);
  return text + "\nAccuracy as the conductances drift, the same samples at each time.\n\n" +
         table.str();
}

}  // namespace memspice::report
