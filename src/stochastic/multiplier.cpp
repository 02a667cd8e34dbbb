#include "stochastic/multiplier.hpp"

#include <bit>
#include <cstdlib>

#include "base/error.hpp"

namespace memspice::stochastic {

std::string_view to_text(Form form) {
  switch (form) {
    case Form::Unsigned:
      return "unsigned";
    case Form::Signed:
      return "signed";
    case Form::Mixed:
      return "mixed";
  }
  return "";
}

void require_bits(int bits, const std::string& place) {
  if (bits >= kLeastBits && bits <= kMostBits) return;
  throw InputError({.place = place,
                    .value = std::to_string(bits),
                    .rule = "must be 2 to 16 bits",
                    .remedy = "choose a value in that range"});
}

CodeRange activation_range(Form form, int bits) {
  if (form == Form::Signed) return {-(1 << (bits - 1)), (1 << (bits - 1)) - 1};
  return {0, (1 << bits) - 1};
}

CodeRange weight_range(Form form, int bits) {
  const int half = 1 << (bits - 1);
  switch (form) {
    case Form::Unsigned:
      return {0, (1 << bits) - 1};
    case Form::Signed:
      return {-half, half - 1};
    case Form::Mixed:
      return {1 - half, half - 1};
  }
  return {};
}

int ones_after(int cycles, int code, int bits) noexcept {
  int ones = 0;
  for (int i = 1; i <= bits; ++i) {
    // floor(k / 2^i + 1/2) = (k + 2^(i-1)) >> i
    if ((code >> (bits - i)) & 1) ones += (cycles + (1 << (i - 1))) >> i;
  }
  return ones;
}

bool stream_bit(int cycle, int code, int bits) noexcept {
  const int zeros = std::countr_zero(static_cast<unsigned>(cycle));
  return zeros < bits && ((code >> (bits - 1 - zeros)) & 1) != 0;
}

int stream_code(Form form, int activation, int bits) noexcept {
  return form == Form::Signed ? activation + (1 << (bits - 1)) : activation;
}

int multiply(Form form, int bits, int activation, int weight) noexcept {
  const int cycles = std::abs(weight);
  const int ones = ones_after(cycles, stream_code(form, activation, bits), bits);
  const int counted = form == Form::Signed ? 2 * ones - cycles : ones;
  return weight < 0 ? -counted : counted;
}

double exact_product(Form form, int bits, int activation, int weight) noexcept {
  const int scale = form == Form::Signed ? bits - 1 : bits;
  return static_cast<double>(activation) * weight / static_cast<double>(1LL << scale);
}

}  // namespace memspice::stochastic
