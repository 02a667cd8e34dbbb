#include "report/study_families.hpp"

#include <algorithm>

#include "report/text_table.hpp"

namespace memspice::report {

std::vector<Family> families_of(const Study& study) {
  std::vector<Family> families;
  for (const Metric* metric : columns_of(study)) {
    auto family = std::find_if(families.begin(), families.end(), [&](const Family& known) {
      return known.name == metric->family;
    });
    if (family == families.end()) {
      families.push_back({std::string(metric->family), {}});
      family = families.end() - 1;
    }
    family->metrics.push_back(metric);
  }
  return families;
}

std::optional<double> value_of(const StudyRow& row, const Metric& metric) {
  return row.report ? metric.value(*row.report) : std::nullopt;
}

const std::string& colour_of(std::size_t k) {
  static const std::vector<std::string> colours{
      "#3f6fb0", "#1f7a5c", "#e3a23a", "#a4476f", "#5f6b7a", "#7a5cb8"};
  return colours[k % colours.size()];
}

double widest(const std::vector<std::string>& texts) {
  std::size_t letters = 0;
  for (const std::string& text : texts) letters = std::max(letters, display_width(text));
  return kLetterWidth * static_cast<double>(letters);
}

std::string fitting(const std::string& name) {
  constexpr std::size_t longest = 33;
  return display_width(name) <= longest ? name : shorten(name, longest - 1) + "…";
}

}  // namespace memspice::report
