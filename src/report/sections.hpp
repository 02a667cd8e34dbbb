#pragma once
// The sections of what a run's studies found, one function per report.

#include <optional>

#include "report/numbers.hpp"
#include "report/run_report.hpp"
#include "report/section.hpp"

namespace memspice::report {

Sections sections_of(const VariabilityReport& report);
Sections sections_of(const ProgrammingReport& report);
Sections sections_of(const BitstreamReport& report);
Sections sections_of(const SpectralReport& report);
Sections sections_of(const NetworkPeripheryReport& report);
Sections sections_of(const KernelFirstReport& report);
Sections sections_of(const SpiceAccuracy& found);

/// The tile models' errors spread over tiles, and ngspice's own certificates; none without models.
Sections certificate_sections(const RunReport& report);

/// In place of the accuracy ladder where pixels are labelled.
Sections sections_of(const SegmentationReport& report, const Accuracy& accuracy);
/// A share per step with its interval and its change from the one before.
Chart ladder_of(const std::vector<AccuracyStep>& steps);

/// None where nothing was found.
template <typename Found>
Sections sections_of(const std::optional<Found>& found) {
  return found ? sections_of(*found) : Sections{};
}

/// Of everything that was found, in the order of the page.
Sections study_sections(const RunReport& report);

}  // namespace memspice::report
