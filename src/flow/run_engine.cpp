#include "flow/run_engine.hpp"

namespace memspice::flow {

RunEngine open_engine(const config::FlowOptions& options, bool run_missing) {
  RunEngine run;
  run.warnings = std::make_shared<std::vector<std::string>>();
  tile::StoreOptions store_options;
  store_options.on_warning = [warnings = run.warnings](const std::string& line) {
    warnings->push_back(line);
  };
  run.store = std::make_unique<tile::Store>(
      options.store.empty() ? options.out / "tiles.sqlite" : options.store, store_options);
  if (run_missing) {
    engine::Options spice = options.spice;
    if (spice.workers == 0) spice.workers = options.jobs;
    spice.failed_deck_folder = options.out.string();
    run.ngspice = engine::make_ngspice_engine(spice);
  }
  run.engine = tile::make_stored_engine(*run.store, run.ngspice.get());
  return run;
}

}  // namespace memspice::flow
