#include "base/error.hpp"
#include "base/files.hpp"
#include "flow/plan.hpp"
#include "flow/run_engine.hpp"
#include "flow/run_flow.hpp"
#include "report/periphery_report.hpp"

namespace memspice::flow {

std::vector<periphery::PeripheryModel> characterize_periphery(const config::FlowOptions& options) {
  if (options.periphery.circuits.empty()) {
    reject(options.file.string(),
           {},
           "names no circuit to characterize",
           "add a table such as [periphery.relu]");
  }
  const device::Technology technology = config::load_technology(options.array.technology);
  const device::AnalogFigures& figures = technology.require_analog();
  require_writable_folder(options.out);
  const RunStore store = open_store(store_path(options));
  const RunEngine engine = open_engine(spice_options(options), *store.store, true);
  periphery::Options settings = options.periphery.characterize;
  settings.seed = options.seed;
  const auto models =
      periphery::characterize(options.periphery.circuits, figures, *engine.engine, settings);
  write_file(options.out / "periphery.json", report::periphery_to_json(models));
  return models;
}

}  // namespace memspice::flow
