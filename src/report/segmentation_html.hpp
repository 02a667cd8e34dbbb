#pragma once

#include "report/run_report.hpp"

namespace memspice::report {

/// The page's part on right pixels and Dice. Precondition: report.segmentation, a pass that ran.
std::string segmentation_html(const RunReport& report);

}  // namespace memspice::report
