// memspice device compare: every model through both engines, as one table.

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/device_command.hpp"
#include "flow/compare_engines.hpp"
#include "report/text_table.hpp"

namespace memspice::cli {
namespace {

std::string percent(double share) {
  return to_text_rounded(100.0 * share, 2) + " %";
}

nlohmann::ordered_json json_of(const flow::EngineAgreement& row) {
  const device::TraceDifference& d = row.difference;
  return {{"model", row.model},
          {"card", row.card},
          {"drive", row.drive},
          {"current", d.current},
          {"state", d.state},
          {"current_unshifted", d.current_unshifted},
          {"state_unshifted", d.state_unshifted},
          {"current_unsmoothed", row.unsmoothed.current},
          {"state_unsmoothed", row.unsmoothed.state},
          {"edge_share", d.edge_share},
          {"failure", row.failure}};
}

std::vector<std::string> cells_of(const flow::EngineAgreement& row) {
  if (!row.failure.empty()) return {row.model, row.card, row.drive, "failed", row.failure};
  const device::TraceDifference& d = row.difference;
  return {row.model,
          row.card,
          row.drive,
          percent(d.current),
          percent(d.state),
          percent(d.current_unshifted),
          percent(row.unsmoothed.current),
          percent(row.unsmoothed.state),
          percent(d.edge_share)};
}

std::string table_of(const std::vector<flow::EngineAgreement>& rows) {
  report::TextTable table({{"model", report::Align::Left},
                           {"card", report::Align::Left},
                           {"drive", report::Align::Left},
                           {"current"},
                           {"state"},
                           {"current, edges unshifted"},
                           {"current, unsmoothed"},
                           {"state, unsmoothed"},
                           {"points in edges"}});
  for (const flow::EngineAgreement& row : rows) table.add(cells_of(row));
  return table.str();
}

/// The largest of all, in a sentence.
std::string largest_of(const std::vector<flow::EngineAgreement>& rows) {
  double current = 0.0, state = 0.0;
  for (const flow::EngineAgreement& row : rows) {
    current = std::max(current, row.difference.current);
    state = std::max(state, row.difference.state);
  }
  return "\nLargest of all: current " + percent(current) + ", state " + percent(state) +
         " of full scale; inside a switching edge curves are compared shifted in time by at most "
         "0.2 % of a period. Unsmoothed: ngspice against the published equations, whose thresholds "
         "and "
         "bounds are sharp.\n";
}

}  // namespace

void compare_models(const DeviceArguments& arguments) {
  apply_common(arguments.common);
  const auto engine = make_device_engine(jobs_of(arguments.common));
  const auto rows = flow::compare_engines(*engine);
  auto json = nlohmann::ordered_json::array();
  for (const flow::EngineAgreement& row : rows) json.push_back(json_of(row));
  const std::string text = "Largest differences between " + engine->version() +
                           " and the ODE engine, of full scale:\n\n" + table_of(rows) +
                           largest_of(rows);
  print(arguments.common.json ? json.dump() + '\n' : text);
  const auto failures =
      std::count_if(rows.begin(), rows.end(), [](const auto& row) { return !row.failure.empty(); });
  if (failures > 0) throw RunError(std::to_string(failures) + " comparison(s) failed");
}

}  // namespace memspice::cli
