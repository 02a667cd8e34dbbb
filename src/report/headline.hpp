#pragma once
// What stands first on a run's page.

#include <string>

#include "report/run_report.hpp"

namespace memspice::report {

/// Title, the run's answer, energy and size as figures; then what is not to be trusted.
std::string headline_html(const RunReport& report);

}  // namespace memspice::report
