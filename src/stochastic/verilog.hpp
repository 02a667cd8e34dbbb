#pragma once
// The multiplier lane and the vector unit as synthesizable Verilog-2001.

#include <string>

#include "stochastic/vector_unit.hpp"

namespace memspice::stochastic {

/// Module `bitstream_lane`: one activation register, stream selector and saturating accumulator.
std::string lane_verilog(const UnitOptions& unit);
/// Module `bitstream_vector_unit`: the shared state machine and down-counter around `lanes` lanes.
std::string vector_unit_verilog(const UnitOptions& unit);
/// A test bench of that module, or of another with its ports, that reads the file named by
/// +operands=FILE: per line `clear weight x_0 .. x_(p-1)`, clear 0 or 1 (zero the accumulators
/// first), the rest hexadecimal in two's complement of N bits. It keeps the unit busy and prints
/// per line the cycles from one weight to the next and each lane's accumulator, in decimal.
std::string test_bench_verilog(const UnitOptions& unit,
                               const std::string& module = "bitstream_vector_unit");

}  // namespace memspice::stochastic
