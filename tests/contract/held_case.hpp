#pragma once
// Small arrays of dynamic cells to write pulses on, shared by the tests of held nodes.

#include <memory>
#include <string>

#include "config/memristor_card.hpp"
#include "netlist/model_text.hpp"
#include "synthesis/pinned_array.hpp"

namespace memspice::test {

struct HeldCase {
  std::string model, card;
  double low, high;  ///< states
  double amplitude, width;
};

inline synthesis::DynamicCell held_cell_of(const HeldCase& bench) {
  return {.card = config::load_memristor_card(bench.model, bench.card),
          .definition =
              netlist::read_definition_file(config::subcircuit_file(bench.model, bench.card))};
}

inline Eigen::MatrixXd spread_states(double low, double high, int n) {
  Eigen::MatrixXd x(n, n);
  for (int k = 0; k < n * n; ++k) x(k) = low + (high - low) * ((7 * k) % (n * n)) / (n * n - 1.0);
  return x;
}

inline crossbar::PulsedArraySpec held_spec(const device::Memristor& law,
                                           crossbar::BiasScheme scheme) {
  return {.cell = &law,
          .wiring = {.row = 5.0, .column = 5.0, .driver = 100.0, .sense = 10.0},
          .scheme = scheme,
          .transistor = 1e3};
}

inline std::unique_ptr<engine::Engine> engine_of_one() {
  engine::Options options;
  options.workers = 1;
  options.recycle_after = 1000;
  options.failed_deck_folder.clear();
  return engine::make_ngspice_engine(options);
}

}  // namespace memspice::test
