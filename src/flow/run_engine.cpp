#include "flow/run_engine.hpp"

#include <iostream>

namespace memspice::flow {

RunStore open_store(const std::filesystem::path& file) {
  RunStore run{.warnings = std::make_shared<std::vector<std::string>>(), .store = nullptr};
  tile::StoreOptions store_options;
  // At once and whatever --quiet says: a store that keeps nothing costs hours later. The report
  // holds it as well.
  store_options.on_warning = [warnings = run.warnings](const std::string& line) {
    std::cerr << "memspice: warning: " << line << '\n';
    warnings->push_back(line);
  };
  run.store = std::make_unique<tile::Store>(file, store_options);
  return run;
}

tile::StoreUse RunEngine::use() const {
  tile::StoreUse use = engine->use();
  return use += pinned->use();
}

RunEngine open_engine(const engine::Options& spice, tile::Store& store, bool run_missing) {
  RunEngine run;
  if (run_missing) run.ngspice = engine::make_ngspice_engine(spice);
  run.engine = tile::make_stored_engine(store, run.ngspice.get());
  run.pinned = std::make_unique<tile::StoredPinned>(store, run.ngspice.get());
  return run;
}

}  // namespace memspice::flow
