#include "stochastic/vector_unit.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstdlib>

#include "base/error.hpp"

namespace memspice::stochastic {
namespace {

void require_between(int value, CodeRange range, const std::string& place) {
  if (value >= range.low && value <= range.high) return;
  throw InputError(
      {.place = place,
       .value = std::to_string(value),
       .rule = "must be " + std::to_string(range.low) + " to " + std::to_string(range.high),
       .remedy = "choose a value in that range"});
}

}  // namespace

void UnitOptions::validate(const std::string& place) const {
  require_bits(bits, place + ".bits");
  require_between(guard_bits, {0, 14}, place + ".guard_bits");
  require_between(lanes, {1, 65536}, place + ".lanes");
  if (takes_all()) return;
  require_between(parallel, {1, 1 << bits}, place + ".parallel");
  if (!std::has_single_bit(static_cast<unsigned>(parallel))) {
    throw InputError({.place = place + ".parallel",
                      .value = std::to_string(parallel),
                      .rule = "must be a power of two",
                      .remedy = "for example " +
                                std::to_string(std::bit_floor(static_cast<unsigned>(parallel)))});
  }
}

CodeRange accumulator_range(Form form, int bits, int guard_bits) {
  const int width = bits + guard_bits;
  if (form == Form::Unsigned) return {0, (1 << width) - 1};
  return {-(1 << (width - 1)), (1 << (width - 1)) - 1};
}

std::string parallel_text(int parallel) {
  return parallel == kWholeStream ? "all" : std::to_string(parallel);
}

long stream_cycles(int weight, int parallel) noexcept {
  return (std::labs(weight) + parallel - 1L) / parallel;
}

long cycles_of(int weight, int parallel) noexcept {
  return std::max(1L, stream_cycles(weight, parallel));
}

VectorUnit::VectorUnit(const UnitOptions& options)
    : options_(options),
      range_(accumulator_range(options.form, options.bits, options.guard_bits)),
      codes_(static_cast<std::size_t>(options.lanes)),
      accumulators_(static_cast<std::size_t>(options.lanes)) {
  options.validate("vector unit");
}

void VectorUnit::reset() {
  std::ranges::fill(accumulators_, 0);
  remaining_ = 0;
  cycles_ = 0;
}

void VectorUnit::start(int weight, std::span<const int> activations) {
  assert(activations.size() == codes_.size());
  is_negative_ = weight < 0;
  remaining_ = std::abs(weight);
  position_ = 0;
  std::ranges::transform(activations, codes_.begin(), [&](int activation) {
    return stream_code(options_.form, activation, options_.bits);
  });
}

/// What one lane adds in a cycle that takes `taken` stream bits.
int VectorUnit::count_lane(int code, int taken) const {
  int ones = 0;
  for (int k = position_ + 1; k <= position_ + taken; ++k) {
    ones += stream_bit(k, code, options_.bits) ? 1 : 0;
  }
  const int counted = options_.form == Form::Signed ? 2 * ones - taken : ones;
  return is_negative_ ? -counted : counted;
}

bool VectorUnit::clock() {
  const int taken = std::min(options_.parallel, remaining_);
  for (std::size_t lane = 0; lane < codes_.size(); ++lane) {
    accumulators_[lane] =
        std::clamp(accumulators_[lane] + count_lane(codes_[lane], taken), range_.low, range_.high);
  }
  position_ += taken;
  remaining_ -= taken;
  ++cycles_;
  return remaining_ == 0;
}

void VectorUnit::accumulate(int weight, std::span<const int> activations) {
  start(weight, activations);
  while (!clock()) {
  }
}

}  // namespace memspice::stochastic
