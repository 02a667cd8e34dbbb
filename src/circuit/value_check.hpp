#pragma once

#include <string>

#include "circuit/circuit.hpp"

namespace memspice::circuit {

/// What is wrong with the instance's value or waveform, and what to do; empty when nothing is.
std::string find_bad_value(const Instance& instance);

}  // namespace memspice::circuit
