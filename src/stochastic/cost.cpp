#include "stochastic/cost.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdlib>

namespace memspice::stochastic {
namespace {

/// A saturating accumulator's flip-flops and what clips it: two gates per bit.
double register_and_clip(const GateCard& card, int width) {
  return width * (card.flip_flop.value + 2.0 * card.and2.value);
}

double serial_counter(const GateCard& card, int width) {
  // Up or down: a half adder per bit, its direction by an XOR.
  return register_and_clip(card, width) + width * (card.half_adder.value + card.xor2.value);
}

/// Adds the ones of b = 2^m gated stream bits to an accumulator.
double parallel_counter(const GateCard& card, int width, int b, int m) {
  const double gating = b * card.and2.value;
  // b inputs into m + 1 bits: b - 1 - m full adders and m half adders (Dadda 1965).
  const double ones = (b - 1 - m) * card.full_adder.value + m * card.half_adder.value;
  const double sign = (m + 1) * card.xor2.value;
  return gating + ones + sign + width * card.full_adder.value + register_and_clip(card, width);
}

}  // namespace

UnitArea stream_unit_area(const GateCard& card, const UnitOptions& unit) {
  const int n = unit.bits;
  const int b = unit.parallel;
  const int m = std::bit_width(static_cast<unsigned>(b)) - 1;
  const int width = n + unit.guard_bits;
  const int selected = std::max(1, n - m);  // bits that the selector chooses from
  UnitArea area{.lanes = unit.lanes};
  area.lane = n * card.flip_flop.value + (selected - 1) * card.mux2.value +
              (b == 1 ? serial_counter(card, width) : parallel_counter(card, width, b, m));
  const double cycle_counter = selected * (card.flip_flop.value + card.half_adder.value);
  const double first_one = selected * card.and2.value;
  const double down_counter = n * card.flip_flop.value + selected * card.half_adder.value;
  const double is_zero = n * card.and2.value;
  const double mask = b == 1 ? 0.0 : b * card.and2.value;
  area.shared = cycle_counter + first_one + down_counter + is_zero + mask + card.flip_flop.value;
  return area;
}

double array_multiplier_area(const GateCard& card, int n, int m) {
  return n * m * card.and2.value + n * card.half_adder.value +
         n * std::max(0, m - 2) * card.full_adder.value;
}

UnitArea word_unit_area(const GateCard& card, const WordUnit& unit) {
  const int product = unit.bits + unit.weight_bits;
  const int width = (unit.product == Product::Exact ? product : unit.bits) + unit.guard_bits;
  UnitArea area{.lanes = unit.lanes};
  area.lane = unit.bits * card.flip_flop.value +
              array_multiplier_area(card, unit.bits, unit.weight_bits - 1) +
              (unit.product == Product::Exact ? product : unit.bits) * card.xor2.value +
              width * card.full_adder.value + register_and_clip(card, width);
  area.shared = unit.weight_bits * card.flip_flop.value;
  return area;
}

LayerCost layer_cost(const LayerCodes& codes,
                     long vectors_per_image,
                     const UnitOptions& unit,
                     int batch) {
  const double vectors = static_cast<double>(vectors_per_image) * batch;
  const double rounds = std::ceil(vectors / unit.lanes) / batch;
  double weights = 0.0, magnitude = 0.0, cycles = 0.0;
  for (const GroupCodes& group : codes.groups) {
    weights += static_cast<double>(group.W.size());
    for (const int w : group.W.reshaped()) {
      magnitude += std::abs(w);
      cycles += static_cast<double>(cycles_of(w, unit.parallel));
    }
  }
  return {.multiplications = weights * static_cast<double>(vectors_per_image),
          .mean_magnitude = magnitude / weights,
          .mean_cycles = cycles / weights,
          .cycles = cycles * rounds,
          .word_cycles = weights * rounds};
}

double density(double macs, double cycles, double area, const GateCard& card) {
  return macs * card.clock.value / (cycles * area);
}

double unit_energy(double cycles, double area, const GateCard& card) {
  return cycles * area / card.nand2.value * card.gate_energy.value;
}

}  // namespace memspice::stochastic
