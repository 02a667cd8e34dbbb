#include "report/classes_report.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <numeric>
#include <stdexcept>

#include "report/numbers.hpp"

namespace memspice::report {
namespace {

using Index = Eigen::Index;
using Json = nlohmann::ordered_json;

constexpr Index kMostRows = 20;        // of the table: the classes that lose most
constexpr Index kMostDrawn = 40;       // classes whose matrix is drawn
constexpr Index kMostWritten = 16;     // ... with its numbers
constexpr Index kMostInResults = 256;  // classes whose matrix results.json has

/// What the last pass has lost of a class since the first.
double loss_of(const std::vector<Confusion>& passes, Index k) {
  return passes.front().accuracy_of(k).value_or(0.0) - passes.back().accuracy_of(k).value_or(0.0);
}

/// In their order; of many the ones that lose most.
std::vector<Index> shown_classes(const std::vector<Confusion>& passes) {
  std::vector<Index> classes(static_cast<std::size_t>(passes.front().images.rows()));
  std::iota(classes.begin(), classes.end(), Index{0});
  if (static_cast<Index>(classes.size()) <= kMostRows) return classes;
  std::ranges::stable_sort(
      classes, [&](Index a, Index b) { return loss_of(passes, a) > loss_of(passes, b); });
  classes.resize(kMostRows);
  return classes;
}

/// "4 (31)": the class that most of the wrong ones are taken for.
std::string most_taken_for(const Confusion& confusion, Index k) {
  Eigen::RowVectorXi wrong = confusion.images.row(k);
  wrong(k) = 0;
  Index taken = 0;
  const int count = wrong.maxCoeff(&taken);
  return count == 0 ? "" : std::to_string(taken) + " (" + with_thousands(count) + ')';
}

Table accuracy_table(const std::vector<Confusion>& passes) {
  Table table{{"class", "images"}, {}};
  for (const Confusion& confusion : passes) table.titles.push_back(confusion.pass);
  table.titles.emplace_back("most taken for");
  for (const Index k : shown_classes(passes)) {
    std::vector<std::string> row{std::to_string(k),
                                 with_thousands(passes.front().images.row(k).sum())};
    for (const Confusion& confusion : passes) {
      const auto accuracy = confusion.accuracy_of(k);
      row.push_back(accuracy ? percent(*accuracy) : "");
    }
    row.push_back(most_taken_for(passes.back(), k));
    table.rows.push_back(std::move(row));
  }
  return table;
}

/// Shares of each class's images: a class of few counts as one of many.
HeatMap map_of(const Confusion& confusion) {
  const Eigen::MatrixXd counts = confusion.images.cast<double>();
  const Eigen::VectorXd images = counts.rowwise().sum();
  const bool is_written = counts.rows() <= kMostWritten;
  return {.title = "Where images of each class go, " + confusion.pass,
          .row_axis = "label",
          .column_axis = "prediction",
          .values = images.cwiseMax(1.0).cwiseInverse().asDiagonal() * counts,
          .text = [](double share) { return percent(share); },
          .writes_values = is_written,
          .short_text = [](double share) { return share == 0.0 ? "" : fixed(100.0 * share, 0); }};
}

Json json_of(const std::vector<Confusion>& passes) {
  Json classes = Json::array();
  for (Index k = 0; k < passes.front().images.rows(); ++k) {
    Json entry{{"class", k}, {"images", passes.front().images.row(k).sum()}};
    for (const Confusion& confusion : passes) {
      const auto accuracy = confusion.accuracy_of(k);
      entry["accuracy"][confusion.pass] = accuracy ? Json(*accuracy) : Json(nullptr);
    }
    classes.push_back(std::move(entry));
  }
  Json confusion = Json::object();
  for (const Confusion& of : passes) {
    if (of.images.rows() > kMostInResults) break;
    for (Index k = 0; k < of.images.rows(); ++k) {
      const Eigen::RowVectorXi row = of.images.row(k);
      confusion[of.pass].push_back(std::vector<int>(row.begin(), row.end()));
    }
  }
  return {{"by_class", std::move(classes)}, {"confusion", std::move(confusion)}};
}

}  // namespace

std::optional<double> Confusion::accuracy_of(Eigen::Index k) const {
  const int count = images.row(k).sum();
  if (count == 0) return std::nullopt;
  return static_cast<double>(images(k, k)) / count;
}

Confusion confusion_of(const std::string& pass,
                       const std::vector<int>& labels,
                       const std::vector<int>& predictions,
                       int classes) {
  if (labels.size() != predictions.size()) {
    throw std::invalid_argument("confusion_of: labels and predictions differ in number");
  }
  Confusion confusion{pass, Eigen::MatrixXi::Zero(classes, classes)};
  for (std::size_t n = 0; n < labels.size(); ++n) ++confusion.images(labels[n], predictions[n]);
  return confusion;
}

Section classes_section(const std::vector<Confusion>& passes) {
  const Index classes = passes.front().images.rows();
  Section section{.title = "Class by class",
                  .lead = classes > kMostRows
                              ? "The " + std::to_string(kMostRows) +
                                    " classes that lose most; all stand in results.json."
                              : "Share of each class's images that are right, and the class that "
                                "most of the others are taken for.",
                  .tables = {{.table = accuracy_table(passes)}},
                  .key = "classes",
                  .json = share(json_of(passes)),
                  .on_page_only = true};
  if (classes <= kMostDrawn) section.maps.push_back(map_of(passes.back()));
  return section;
}

}  // namespace memspice::report
