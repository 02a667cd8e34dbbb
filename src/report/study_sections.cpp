#include "report/sections.hpp"

namespace memspice::report {
namespace {

template <typename Found>
void append(const std::optional<Found>& found, Sections& all) {
  if (!found) return;
  for (Section& section : sections_of(*found)) all.push_back(std::move(section));
}

}  // namespace

Sections study_sections(const RunReport& report) {
  Sections all;
  append(report.periphery, all);
  append(report.bitstream, all);
  append(report.spectral, all);
  append(report.variability, all);
  append(report.programming, all);
  return all;
}

}  // namespace memspice::report
