#pragma once
// What the plots of a study have in common.

#include <string>
#include <vector>

#include "report/study.hpp"
#include "report/svg.hpp"

namespace memspice::report {

using svg::kLetterWidth;

/// Metrics that share an axis.
struct Family {
  std::string name;
  std::vector<const Metric*> metrics;
};
std::vector<Family> families_of(const Study& study);

/// The number that a row's run gave.
std::optional<double> value_of(const StudyRow& row, const Metric& metric);

/// Of the k-th curve or bar; they repeat.
const std::string& colour_of(std::size_t k);

/// The width of the widest of these texts as drawn.
double widest(const std::vector<std::string>& texts);
/// Cut to what a plot has room for beside its axes: at most 33 letters.
std::string fitting(const std::string& name);

/// A bar per variant and metric, from zero; shares as dots on an axis around them.
std::string draw_bars(const Study& study, const Family& family);

}  // namespace memspice::report
