#pragma once
// Gates, area, latency and energy of bitstream and fixed-point vector units, as verilog.hpp and
// word_verilog.hpp emit them.
//
//   lane           activation register (that holds its value where a weight takes several cycles),
//                  selector of the block's last bit, an AND per bit of each row (rows.hpp), adders
//                  of the rows, the sign, an accumulator of N + A bits that saturates
//   shared         the weight's sign and magnitude, its down-counter and cycle counter with its
//                  first-one selection, the rounding of the rows
//   fixed point    the same with the rows of products.hpp; an accumulator of N + n + A bits behind
//                  exact products, of N + A bits behind the others; the weight's register is shared
//
// Rows of k bits in all that make a sum of m bits take k - m full adders, as each takes one bit
// away, and a half adder where each row but the first sets in (Dadda 1965).
// A unit holds p lanes. Areas are sums of cells, without wiring and clock tree, the same for all.

#include <span>
#include <string>

#include "device/technology.hpp"
#include "stochastic/layer_codes.hpp"
#include "stochastic/products.hpp"

namespace memspice::stochastic {

/// What a card under device_models/gates/ states.
struct GateCard {
  std::string name;
  device::Figure nand2, and2, xor2, mux2, half_adder, full_adder, flip_flop;  ///< cell areas [m^2]
  device::Figure gate_energy;  ///< per NAND2 equivalent and working cycle [J]
  device::Figure clock;        ///< [Hz]
};

/// Area of a vector unit [m^2].
struct UnitArea {
  double lane = 0.0, shared = 0.0;
  int lanes = 1;
  double total() const noexcept { return lane * lanes + shared; }
};
UnitArea stream_unit_area(const GateCard& card, const UnitOptions& unit);

/// Of unsigned activations and weights in sign and magnitude.
struct WordUnit {
  int bits = 8, weight_bits = 8, guard_bits = 2, lanes = 16;
  Product product = Product::Exact;

  int product_bits() const noexcept;  ///< of its magnitude
  int sum_bits() const noexcept;      ///< of the accumulator
};
UnitArea word_unit_area(const GateCard& card, const WordUnit& unit);

/// Gates that select rows of so many bits each, and adders that make a sum of `sum_bits` of them
/// and of `more_bits` others [m^2]. Rows of n bits, m of them, and n + m bits: an array multiplier.
double row_sum_area(const GateCard& card, std::span<const int> rows, int more_bits, int sum_bits);

/// What one layer asks of one vector unit, per image.
struct LayerCost {
  double multiplications = 0.0;  ///< products that the layer is made of
  double mean_magnitude = 0.0;   ///< mean |W|: cycles of a bit-serial product
  double mean_cycles = 0.0;      ///< mean of what a weight takes (vector_unit.hpp)
  double cycles = 0.0;           ///< of the bitstream unit
  double word_cycles = 0.0;      ///< of the fixed-point unit: one per weight and p vectors
};
/// vectors_per_image: positions of the kernel (mapping/weight_matrix.hpp); `batch` images share the
/// lanes, so that a layer with one vector per image keeps them busy too.
LayerCost layer_cost(const LayerCodes& codes,
                     long vectors_per_image,
                     const UnitOptions& unit,
                     int batch);

/// Multiply-accumulates per second and area [1/(s m^2)] of a unit that takes `cycles` for `macs`.
double density(double macs, double cycles, double area, const GateCard& card);
/// Energy of `cycles` working cycles [J].
double unit_energy(double cycles, double area, const GateCard& card);

}  // namespace memspice::stochastic
