#include <algorithm>

#include "report/classes_report.hpp"
#include "study/study_list.hpp"

namespace memspice::study {
namespace {

/// What the first rung of a bench's ladder says of each image, and the last one, where it is
/// another.
std::vector<std::string> compared_passes(const Bench& bench) {
  std::vector<std::string> passes{bench.ladder.front().name};
  if (bench.ladder.size() > 1) passes.push_back(bench.last_rung().name);
  return passes;
}

/// Whether crossbars cost some classes more than others.
class ClassesStudy final : public Study {
 public:
  void run(const Bench& bench, report::RunReport& report) const override {
    if (bench.test->labels_pixels()) return;
    const std::vector<int>& labels = bench.test->labels;
    const std::vector<std::string> names = compared_passes(bench);
    int classes = std::ranges::max(labels) + 1;
    for (const std::string& name : names) {
      classes = std::max(classes, std::ranges::max(bench.outcomes->at(name).predictions) + 1);
    }
    std::vector<report::Confusion> passes;
    for (const std::string& name : names) {
      const std::vector<int>& predictions = bench.outcomes->at(name).predictions;
      passes.push_back(report::confusion_of(name, labels, predictions, classes));
    }
    report.sections.push_back(report::classes_section(passes));
  }
};

}  // namespace

std::unique_ptr<const Study> make_classes_study() {
  return std::make_unique<ClassesStudy>();
}

}  // namespace memspice::study
