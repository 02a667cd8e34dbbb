#include "stochastic/cost.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdlib>
#include <numeric>

#include "stochastic/rows.hpp"

namespace memspice::stochastic {
namespace {

int log2_of(int power) {
  return std::bit_width(static_cast<unsigned>(power)) - 1;
}

/// Adds `addend` bits with their sign, holds them within the rails, and can be cleared.
double accumulator_area(const GateCard& card, int width, int addend) {
  return addend * card.xor2.value +
         width * (card.full_adder.value + card.flip_flop.value + card.mux2.value + card.and2.value);
}

/// The magnitude of a number of `bits` in two's complement, and its sign.
double magnitude_area(const GateCard& card, int bits) {
  return bits * (card.half_adder.value + card.xor2.value) + card.flip_flop.value;
}

double lane_area(const GateCard& card, const UnitOptions& unit) {
  const int n = unit.bits;
  const int selected = selected_bits(unit);
  const int ones = std::bit_width(static_cast<unsigned>(most_taken(unit)));
  const double hold = unit.takes_all() ? 0.0 : card.mux2.value;
  // One-hot: an AND a bit and an OR between any two.
  const double selector = std::max(0, 2 * selected - 1) * card.and2.value;
  // The signed form takes the number of stream bits from twice the ones.
  const double offset = unit.form == Form::Signed ? (ones + 1) * card.full_adder.value : 0.0;
  return n * (card.flip_flop.value + hold) + selector +
         row_sum_area(card, row_widths(unit), selected > 0 ? 1 : 0, ones) + offset +
         accumulator_area(card, n + unit.guard_bits, ones);
}

/// Where the whole stream is taken at once, a register for the magnitude is all the state.
double shared_area(const GateCard& card, const UnitOptions& unit) {
  const int n = unit.bits;
  const auto rows = row_widths(unit);
  const double rounding = std::accumulate(rows.begin(), rows.end(), 0) * card.half_adder.value;
  const double weight = n * (card.flip_flop.value + card.and2.value) + magnitude_area(card, n);
  if (unit.takes_all()) return rounding + weight;
  const int selected = selected_bits(unit);
  const double cycle_counter =
      selected * (card.flip_flop.value + card.half_adder.value + card.and2.value);
  const double first_one = 2 * selected * card.and2.value;
  const double down_counter = n * card.mux2.value + selected * card.half_adder.value;
  // Whether less than a block is left, and what then is.
  const double last_block = (n + log2_of(unit.parallel)) * card.and2.value;
  return rounding + weight + cycle_counter + first_one + down_counter + last_block;
}

}  // namespace

UnitArea stream_unit_area(const GateCard& card, const UnitOptions& unit) {
  return {.lane = lane_area(card, unit), .shared = shared_area(card, unit), .lanes = unit.lanes};
}

double row_sum_area(const GateCard& card, std::span<const int> rows, int more_bits, int sum_bits) {
  const int gates = std::accumulate(rows.begin(), rows.end(), 0);
  const int half_adders = std::max(0, static_cast<int>(rows.size()) - 1);
  return gates * card.and2.value + half_adders * card.half_adder.value +
         std::max(0, gates + more_bits - sum_bits) * card.full_adder.value;
}

int WordUnit::product_bits() const noexcept {
  return product == Product::Exact ? bits + weight_bits - 1 : weight_bits - 1;
}

int WordUnit::sum_bits() const noexcept {
  return guard_bits + (product == Product::Exact ? bits + weight_bits : bits);
}

UnitArea word_unit_area(const GateCard& card, const WordUnit& unit) {
  const ProductRule rule = product_rule(unit.product, unit.bits, unit.weight_bits);
  const auto rows = product_rows(unit.product, unit.bits, unit.weight_bits);
  const int dropped = unit.product == Product::Truncated
                          ? unit.bits - kept_columns(unit.bits, unit.weight_bits)
                          : 0;
  // What the adders make, before its last bits are dropped.
  const int made = unit.product == Product::FixedWidth ? unit.product_bits()
                                                       : unit.bits + unit.weight_bits - 1 - dropped;
  const int constant = std::popcount(static_cast<std::uint64_t>(rule.constant));
  UnitArea area{.lanes = unit.lanes};
  area.lane = unit.bits * card.flip_flop.value + row_sum_area(card, rows, constant, made) +
              accumulator_area(card, unit.sum_bits(), unit.product_bits());
  area.shared = unit.weight_bits * (card.flip_flop.value + card.and2.value) +
                magnitude_area(card, unit.weight_bits);
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
