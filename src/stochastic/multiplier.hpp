#pragma once
// The deterministic bitstream multiplier with binary interface, N bits (Sim, Lee, DAC 2017 and
// 2020).
//
// The stream of an unsigned number U shows at cycle k = 1 .. 2^N its bit x_{N-1-tz(k)}, tz the
// number of trailing zeros of k: the most significant bit in every second cycle, the next one in
// every fourth, and so on; nothing at k = 2^N. A weight of magnitude W counts the ones of the first
// W cycles, so that a product takes W cycles and is
//
//   P_W(U) = sum_{i=1..N} floor(W / 2^i + 1/2) x_{N-i}     an approximation of W U / 2^N
//
//   form      activation x             weight w                  result                  unit
//   unsigned  0 .. 2^N - 1             0 .. 2^N - 1              P_w(x)                  2^-N
//   signed    -2^(N-1) .. 2^(N-1)-1    -2^(N-1) .. 2^(N-1)-1     sign(w)(2 P_|w|(u)-|w|) 2^-(N-1)
//   mixed     0 .. 2^N - 1             sign and N-1 bits         sign(w) P_|w|(x)        2^-(N-1)
//
// with u = x + 2^(N-1). The signed form counts up for a one and down for a zero, which leaves
// sign(w) at x = 0 for odd |w|; the mixed form, made for rectified activations, leaves exactly 0.

#include <string>
#include <string_view>

namespace memspice::stochastic {

enum class Form { Unsigned, Signed, Mixed };
std::string_view to_text(Form form);

/// The numbers of bits that everything here accepts.
inline constexpr int kLeastBits = 2;
inline constexpr int kMostBits = 16;
/// Throws InputError with `place` outside 2 .. 16.
void require_bits(int bits, const std::string& place);

/// Whole numbers low .. high.
struct CodeRange {
  int low = 0, high = 0;
};
CodeRange activation_range(Form form, int bits);
CodeRange weight_range(Form form, int bits);

/// P_W(U): ones among the first `cycles` (0 .. 2^bits) bits of the stream of `code`
/// (0 .. 2^bits - 1).
int ones_after(int cycles, int code, int bits) noexcept;
/// The stream's bit at `cycle` (1 .. 2^bits), as the circuit selects it.
bool stream_bit(int cycle, int code, int bits) noexcept;

/// The number whose stream is made: x, or x + 2^(bits - 1) in the signed form.
int stream_code(Form form, int activation, int bits) noexcept;

/// Closed form of one product, in the form's unit. Operands within their ranges.
int multiply(Form form, int bits, int activation, int weight) noexcept;
/// What the result stands for: x w / 2^N (unsigned, mixed) or x w / 2^(N-1) (signed).
double exact_product(Form form, int bits, int activation, int weight) noexcept;

}  // namespace memspice::stochastic
