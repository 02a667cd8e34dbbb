#pragma once
// Several runs side by side: a row per variant of a flow, a column per chosen metric, and each
// column against what the variants differ in.
//
// A change is against the first variant of the same series.

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "report/metrics.hpp"
#include "report/page_parts.hpp"

namespace memspice::report {

/// [study] of a flow file.
struct StudyLayout {
  std::string title;                 ///< empty: the flow's name
  std::string x;                     ///< what a variant's x means, with its unit
  std::vector<std::string> columns;  ///< names of metrics; empty: the usual ones
  std::vector<std::string> claims;   ///< of others, to be laid beside the table
};

/// One variant's run.
struct StudyRow {
  std::string name;
  std::string series;               ///< rows of one series are joined in plots; may be empty
  std::string folder;               ///< of its own results, within the study's; empty: none
  std::optional<double> x;          ///< in the layout's unit
  std::optional<RunReport> report;  ///< absent when the run failed
  std::string failure;              ///< why
};

struct Study {
  std::string flow;
  StudyLayout layout;
  std::vector<StudyRow> rows;
};

/// What it shows: the layout's metrics, or the usual ones, less those that no row has a value for.
std::vector<const Metric*> columns_of(const Study& study);
/// The row that another's changes are against; the same where there is none before it.
const StudyRow& base_of(const Study& study, const StudyRow& row);

/// A row per variant; behind each number its change.
Table study_table(const Study& study);
/// A plot per family of metrics: lines over x, or bars where variants have none. SVG pictures.
std::vector<std::string> study_plots(const Study& study);

std::string study_text(const Study& study);  ///< for a terminal
/// {"study": {...}, "variants": [...]}: each variant's metrics and the whole result of its run.
nlohmann::ordered_json study_json(const Study& study);
/// The same as results.json holds it.
std::string to_json(const Study& study);
std::string study_html(const Study& study);  ///< one self-contained page

/// Writes results.json and report.html into `folder`, each whole or not at all.
void write_study(const Study& study, const std::filesystem::path& folder);

}  // namespace memspice::report
