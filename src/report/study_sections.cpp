#include "report/sections.hpp"

#include <algorithm>
#include <iterator>

namespace memspice::report {
namespace {

void append(Sections sections, Sections& all) {
  std::move(sections.begin(), sections.end(), std::back_inserter(all));
}

}  // namespace

Sections study_sections(const RunReport& report) {
  Sections all;
  append(sections_of(report.spice.accuracy), all);
  append(sections_of(report.periphery), all);
  append(sections_of(report.bitstream), all);
  append(sections_of(report.spectral), all);
  append(sections_of(report.variability), all);
  append(sections_of(report.programming), all);
  return all;
}

}  // namespace memspice::report
