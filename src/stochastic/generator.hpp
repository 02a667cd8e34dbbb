#pragma once
// Number sequences behind the comparators of conventional stochastic multipliers: the baselines.
//
// A comparator turns a number c of N bits into a stream: one in cycle t where r(t) < c. Two
// operands take two sequences, r_x and r_w, of 2^N cycles:
//   lfsr    maximal-length Fibonacci registers of N bits: a primitive polynomial and its reciprocal
//           (Alfke, Xilinx XAPP 052 (1996), table 3); the state that a register lacks, zero, is the
//           one that no stream needs, and the first state comes again in the last cycle
//   halton  bases 2 and 3 (Alaghi, Hayes, DATE 2014)
//   sobol   the first two dimensions (Liu, Han, DATE 2017; Joe, Kuo 2003)

#include <cstdint>
#include <string_view>
#include <vector>

namespace memspice::stochastic {

/// Bisc: the deterministic multiplier of multiplier.hpp, which needs no random numbers.
enum class Generator { Bisc, Lfsr, Halton, Sobol };
Generator parse_generator(std::string_view name, std::string_view place);  ///< throws InputError
std::string_view to_text(Generator generator);

/// 2^bits numbers in 0 .. 2^bits - 1 for each operand.
struct Sequences {
  std::vector<std::uint32_t> activation, weight;
};
/// generator: not Bisc.
Sequences make_sequences(Generator generator, int bits);

}  // namespace memspice::stochastic
