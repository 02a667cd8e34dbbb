#pragma once
// Fixed-point multiply-accumulate units as synthesizable Verilog-2001: what bitstream units are
// compared with.

#include <string>

#include "stochastic/cost.hpp"

namespace memspice::stochastic {

/// Module `word_lane`: activation register, product (products.hpp), saturating accumulator; and
/// `word_vector_unit`, with the ports of `bitstream_vector_unit`: one weight, in two's complement,
/// drives `lanes` lanes and takes one cycle.
std::string word_unit_verilog(const WordUnit& unit);

}  // namespace memspice::stochastic
