#include "report/variability_report.hpp"

#include <algorithm>
#include <cmath>
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

/// Of samples as programmed, behind a row for what they are without the effects.
Table statistics_table(const std::string& score,
                       std::vector<std::string> nominal,
                       const simulate::SampleStatistics& found) {
  std::vector<std::vector<std::string>> rows{std::move(nominal)};
  rows.push_back({"mean", percent(found.mean), bounds_text(found.mean_interval, 2)});
  if (found.deviation) {
    rows.push_back({"standard deviation",
                    percent(*found.deviation),
                    bounds_text(found.deviation_interval, 2)});
  }
  for (const simulate::Percentile& percentile : found.percentiles) {
    rows.push_back({rank_text(percentile.rank),
                    percent(percentile.value),
                    bounds_text(percentile.interval, 2)});
  }
  rows.push_back({"least, most", percent(found.least) + ", " + percent(found.most), ""});
  return {.titles = {score, "value", "confidence interval"}, .rows = std::move(rows)};
}

std::vector<SectionTable> samples_tables(const VariabilityReport& report) {
  const std::string nominal = interval_text(report.nominal.interval);
  std::vector<SectionTable> tables{
      {.table = statistics_table("accuracy",
                                 {"without the effects",
                                  percent(report.nominal),
                                  nominal + (nominal.empty() ? "" : " %")},
                                 report.programmed)}};
  if (report.dice) {
    tables.push_back(
        {.table = statistics_table("Dice",
                                   {"without the effects", percent(report.dice->nominal), ""},
                                   report.dice->programmed)});
  }
  return tables;
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

Chart samples_chart(const VariabilityReport& report) {
  Chart chart{
      .kind = ChartKind::Strip,
      .title = "Accuracy of each sample",
      .series = {{.name = "samples", .points = {}}},
      .reference = ChartReference{"without the effects", report.nominal, report.nominal.interval},
      .mean = report.programmed.mean_interval};
  for (const double accuracy : report.accuracies) {
    chart.series[0].points.push_back({.value = accuracy});
  }
  return chart;
}

/// The span of accuracy that a point's percentiles cover; its mean where there are none.
simulate::Interval band_of(const simulate::SampleStatistics& accuracy) {
  double low = accuracy.mean, high = accuracy.mean;
  for (const simulate::Percentile& percentile : accuracy.percentiles) {
    low = std::min(low, percentile.value);
    high = std::max(high, percentile.value);
  }
  return {low, high};
}

Chart drift_chart(const VariabilityReport& report) {
  Chart chart{.kind = ChartKind::Curves,
              .title = "Accuracy over time after programming",
              .series = {{.name = {}, .points = {}}},
              .reference = ChartReference{{}, report.nominal, report.nominal.interval},
              .is_log = true,
              .unit = "s"};
  for (const DriftPoint& point : report.drift) {
    chart.series[0].points.push_back({.x = point.time,
                                      .value = point.accuracy.mean,
                                      .interval = point.accuracy.mean_interval,
                                      .band = band_of(point.accuracy)});
  }
  return chart;
}

nlohmann::ordered_json samples_json(const VariabilityReport& report) {
  nlohmann::ordered_json json = statistics_json(report.programmed);
  json["nominal"] = share_json(report.nominal);
  json["fidelity"] = report.fidelity;
  json["sample"] = report.sample;
  json["accuracies"] = report.accuracies;
  json["seconds"] = report.seconds;
  if (report.dice) {
    json["dice"] = statistics_json(report.dice->programmed);
    json["dice"]["nominal"] = report.dice->nominal;
    json["dice"]["values"] = report.dice->samples;
  }
  return json;
}

nlohmann::ordered_json drift_json(const VariabilityReport& report) {
  nlohmann::ordered_json json = nlohmann::ordered_json::array();
  for (const DriftPoint& point : report.drift) {
    json.push_back(statistics_json(point.accuracy));
    json.back()["time"] = point.time;
  }
  return json;
}

}  // namespace

Sections sections_of(const VariabilityReport& report) {
  const int samples = report.programmed.samples;
  Sections sections{
      {.title = "Accuracy of imperfect cells",
       .lead = with_thousands(samples) + (samples == 1 ? " sample, " : " samples, each ") +
               report.sample + "; layers " + report.fidelity + "; intervals hold with " +
               fixed(100.0 * report.programmed.confidence, 0) +
               " % confidence, the mean's for other images too, the others for these images; " +
               format_duration(report.seconds) + ".",
       .charts = {samples_chart(report)},
       .tables = samples_tables(report),
       .key = "monte_carlo",
       .json = share(samples_json(report))}};
  if (report.drift.empty()) return sections;
  sections.push_back({.title = "Accuracy over time",
                      .lead = "The same samples as their conductances drift, by the time after "
                              "programming: their mean, and the range of the percentiles" +
                              (report.compensation.empty() ? "" : "; " + report.compensation) + ".",
                      .charts = {drift_chart(report)},
                      .tables = {{.table = drift_table(report), .text_columns = 0}},
                      .key = "drift",
                      .json = share(drift_json(report))});
  return sections;
}

}  // namespace memspice::report
