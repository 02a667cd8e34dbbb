#pragma once
// Options that the commands on bitstream units share.

#include <string>

#include "cli/command.hpp"
#include "stochastic/vector_unit.hpp"

namespace memspice::cli {

struct StochasticOptions {
  CommonOptions common;
  std::string bits = "8", guard_bits = "2", lanes = "16", parallel = "1", generator;
  std::string liberty, gates = "nangate_45nm";
  bool is_unsigned = false, is_signed = false, is_mixed = false;
};

/// The unit that is described, checked; an InputError names the option.
stochastic::UnitOptions unit_of(const StochasticOptions& options);

/// memspice stochastic synthesize: areas by Yosys beside those of the gate card.
void synthesize(const StochasticOptions& options);

}  // namespace memspice::cli
