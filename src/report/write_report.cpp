#include "base/files.hpp"
#include "report/run_report.hpp"

namespace memspice::report {

long crossbar_count(const RunReport& report) {
  long count = report.tiles;
  for (const LayerReport& layer : report.layers) count += layer.tiles * (layer.replicas - 1);
  return count;
}

void write_report(const RunReport& report, const std::string& folder) {
  const std::filesystem::path out(folder);
  write_file(out / "results.json", to_json(report));
  write_file(out / "report.html", to_html(report));
}

}  // namespace memspice::report
