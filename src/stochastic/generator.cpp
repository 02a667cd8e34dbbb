#include "stochastic/generator.hpp"

#include <bit>
#include <cassert>

#include "base/names.hpp"
#include "stochastic/multiplier.hpp"

namespace memspice::stochastic {
namespace {

constexpr Names<4> kNames{"bisc", "lfsr", "halton", "sobol"};

/// Taps of a primitive polynomial of each degree, as a mask: bit n - 1 stands for x^n (Alfke 1996).
constexpr std::array<std::uint32_t, kMostBits + 1> kTaps{0,
                                                         0,
                                                         0x3,
                                                         0x6,
                                                         0xc,
                                                         0x14,
                                                         0x30,
                                                         0x60,
                                                         0xb8,
                                                         0x110,
                                                         0x240,
                                                         0x500,
                                                         0x829,
                                                         0x100d,
                                                         0x2015,
                                                         0x6000,
                                                         0xd008};

/// The taps of the reciprocal polynomial, which is primitive too: x^n p(1/x).
std::uint32_t reciprocal(std::uint32_t taps, int bits) {
  std::uint32_t reversed = 1U << (bits - 1);
  for (int n = 1; n < bits; ++n) {
    if ((taps >> (n - 1)) & 1U) reversed |= 1U << (bits - n - 1);
  }
  return reversed;
}

/// States 1 .. 2^bits - 1 in the register's order, less one: then r < c holds in c of them.
std::vector<std::uint32_t> lfsr(std::uint32_t taps, int bits, std::uint32_t state) {
  std::vector<std::uint32_t> numbers(std::size_t{1} << bits);
  const std::uint32_t mask = (1U << bits) - 1U;
  for (std::uint32_t& number : numbers) {
    number = state - 1U;
    const auto feedback = static_cast<std::uint32_t>(std::popcount(state & taps) & 1);
    state = ((state << 1) | feedback) & mask;
  }
  return numbers;
}

/// floor(2^bits h(t)), h the radical inverse of t.
std::vector<std::uint32_t> halton(std::uint32_t base, int bits) {
  std::vector<std::uint32_t> numbers(std::size_t{1} << bits);
  for (std::uint32_t t = 0; t < numbers.size(); ++t) {
    std::uint64_t digits = 0;
    std::uint64_t scale = 1;
    for (std::uint32_t rest = t; rest > 0; rest /= base) {
      digits = digits * base + rest % base;
      scale *= base;
    }
    numbers[t] = static_cast<std::uint32_t>((digits << bits) / scale);
  }
  return numbers;
}

/// Second dimension: polynomial x + 1, m_1 = 1, so that v_i = v_{i-1} xor (v_{i-1} >> 1).
std::vector<std::uint32_t> sobol_second(int bits) {
  std::vector<std::uint32_t> numbers(std::size_t{1} << bits, 0U);
  std::uint32_t direction = 1U << (bits - 1);
  for (int i = 0; i < bits; ++i) {
    for (std::uint32_t t = 0; t < numbers.size(); ++t) {
      if ((t >> i) & 1U) numbers[t] ^= direction;
    }
    direction ^= direction >> 1;
  }
  return numbers;
}

}  // namespace

Generator parse_generator(std::string_view name, std::string_view place) {
  return parse_choice<Generator>(kNames, name, place);
}

std::string_view to_text(Generator generator) {
  return name_of(kNames, generator);
}

Sequences make_sequences(Generator generator, int bits) {
  assert(generator != Generator::Bisc);
  if (generator == Generator::Halton) return {halton(2, bits), halton(3, bits)};
  // The first Sobol dimension is the radical inverse in base 2.
  if (generator == Generator::Sobol) return {halton(2, bits), sobol_second(bits)};
  const std::uint32_t taps = kTaps[static_cast<std::size_t>(bits)];
  // Two registers in step would agree too much: the second starts half a word away.
  return {lfsr(taps, bits, 1U), lfsr(reciprocal(taps, bits), bits, 1U << (bits / 2))};
}

}  // namespace memspice::stochastic
