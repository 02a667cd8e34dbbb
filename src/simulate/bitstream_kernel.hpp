#pragma once
// Layers on bitstream multipliers, and the same codes on fixed-point units beside them.

#include <optional>

#include "base/random.hpp"
#include "simulate/layer_kernel.hpp"
#include "stochastic/layer_codes.hpp"

namespace memspice::simulate {

enum class Arithmetic {
  Bitstream,   ///< counted streams, accumulators of N + A bits
  FixedPoint,  ///< exact products, accumulators of the same range and s more bits
  Cut,         ///< products that lose bits (stochastic/products.hpp), accumulators of N + A bits
  Truncated,
  FixedWidth,
};

/// Bits that flip at `rate` behind the multipliers; each image draws from a stream of its own.
struct BitFaults {
  double rate = 0.0;  ///< 0 .. 1
  RandomStream random;
};

/// A layer with weights. `layer` outlives the kernel; inputs beyond the calibrated range clip.
/// Bits flip in the first two kinds of arithmetic alone.
std::unique_ptr<LayerKernel> make_bitstream_kernel(
    const network::Layer& layer,
    std::shared_ptr<const stochastic::LayerCodes> codes,
    Arithmetic arithmetic,
    std::optional<BitFaults> faults = std::nullopt);

}  // namespace memspice::simulate
