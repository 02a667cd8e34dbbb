#pragma once
// What is asked of a network beyond the accuracy of its rungs: one small interface, one list.

#include <memory>
#include <vector>

#include "report/run_report.hpp"
#include "study/bench.hpp"

namespace memspice::study {

class Study {
 public:
  virtual ~Study() = default;
  /// Adds a section of what it finds on `bench` to `report`, or fills a part that other figures
  /// rest on; nothing where the network or its data give it no question.
  virtual void run(const Bench& bench, report::RunReport& report) const = 0;
};
using Studies = std::vector<std::unique_ptr<const Study>>;

}  // namespace memspice::study
