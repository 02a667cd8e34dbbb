#pragma once
// Gates, area, latency and energy of bitstream and fixed-point vector units.
//
//   lane (b = 1)   activation register, selector N : 1, up/down counter of N + A bits that
//   saturates lane (b = 2^m) b stream bits per cycle (b - 1 of them wired, one selected), each
//   gated by the
//                  shared mask, a ones-counter of b inputs, an accumulator of N + A bits
//   shared         cycle counter with its first-one selection, the weight's down-counter, its sign,
//                  the mask of the last, partial cycle (b > 1)
//   fixed point    activation register, N x (n - 1) array multiplier of magnitudes, sign, a
//   saturating
//                  accumulator of N + n + A bits, or of N + A bits behind a product cut to N bits;
//                  the weight's register is shared
// A unit holds p lanes. Areas are sums of cells, without wiring and clock tree, the same for all.

#include <string>

#include "device/technology.hpp"
#include "stochastic/layer_codes.hpp"

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

enum class Product { Exact, Cut };  ///< full width, or cut to N bits before the accumulator
struct WordUnit {
  int bits = 8, weight_bits = 8, guard_bits = 2, lanes = 16;
  Product product = Product::Exact;
};
UnitArea word_unit_area(const GateCard& card, const WordUnit& unit);

/// An array multiplier of unsigned numbers of n and m bits [m^2].
double array_multiplier_area(const GateCard& card, int n, int m);

/// What one layer asks of one vector unit, per image.
struct LayerCost {
  double multiplications = 0.0;  ///< products that the layer is made of
  double mean_magnitude = 0.0;   ///< mean |W|: cycles of a bit-serial product
  double mean_cycles = 0.0;      ///< mean ceil(|W| / b)
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
