#pragma once
// Settings of the commands that work without a flow file (solve, doctor).

#include "config/flow_options.hpp"

namespace memspice::config {

struct BenchOptions {
  crossbar::Wiring wiring;
  double alpha = 0.0;  ///< [1/V]
  engine::Options spice;
};

/// Reads [array] wires and terminals, [device] alpha and [spice] from overrides; any other key
/// throws InputError.
BenchOptions load_bench(const Overrides& overrides);

}  // namespace memspice::config
