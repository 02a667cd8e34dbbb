#include "base/files.hpp"
#include "report/run_report.hpp"

namespace memspice::report {

void write_report(const RunReport& report, const std::string& folder) {
  const std::filesystem::path out(folder);
  write_file(out / "results.json", to_json(report));
  write_file(out / "report.html", to_html(report));
}

}  // namespace memspice::report
