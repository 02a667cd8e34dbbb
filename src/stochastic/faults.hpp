#pragma once
// Bits that flip on their way from multiplier to accumulator.
//
//   streams   each of the |w| bits of a product stream flips with probability `rate`: one count
//   more
//             or less (two in the signed form, which counts down for zeros)
//   words     each of the N + n bits of a fixed-point product, two's complement, flips with the
//   same
//             probability: an error of 2^q for bit q, the sign bit included
// Both add in the circuit's order with saturating accumulators. Flips are drawn by the gaps between
// them, which are geometric, so that rare ones cost little.

#include "base/random.hpp"
#include "stochastic/dot.hpp"

namespace memspice::stochastic {

/// The gaps between flips in an endless row of bits.
class FlipSequence {
 public:
  FlipSequence(double rate, RandomStream random);  ///< rate: 0 .. 1

  /// Bits left before the next flip.
  std::int64_t distance() const noexcept { return distance_; }
  /// Passes `count` <= distance() bits that do not flip.
  void pass(std::int64_t count) noexcept { distance_ -= count; }
  /// Passes the flip that distance() points to; draws the next.
  void pass_flip();

 private:
  std::int64_t draw_gap();

  double rate_, scale_;
  RandomStream random_;
  std::int64_t distance_ = 0;
};

/// A span of vectors (columns) that share one sequence of flips.
struct VectorSpan {
  Eigen::Index first = 0, count = 0;
};

/// Replaces those sums in Y (from accumulate_streams on the same X) that a flip reaches.
void flip_streams(const GroupCodes& group,
                  const LayerCodes& codes,
                  const CodeMatrix& X,
                  VectorSpan vectors,
                  FlipSequence& flips,
                  SumMatrix& Y);
/// The same for accumulate_words.
void flip_words(const GroupCodes& group,
                const LayerCodes& codes,
                const CodeMatrix& X,
                VectorSpan vectors,
                FlipSequence& flips,
                SumMatrix& Y);

}  // namespace memspice::stochastic
