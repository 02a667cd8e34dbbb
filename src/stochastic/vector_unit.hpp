#pragma once
// The vector unit, cycle by cycle: one weight drives `lanes` multipliers that share the stream's
// state machine and the weight's down-counter; each lane counts into an accumulator of its own.
//
//   weight --> [ down-counter ]--run--+         +--> lane 0: x_0 -[ mux ]-[ up/down counter ]
//              [ cycle k      ]--select bit-----+--> lane 1: x_1 -[ mux ]-[ up/down counter ]
//                                               +--> ...
//
// Counters keep their value from product to product, have bits + guard_bits bits and saturate after
// each cycle. A dot product takes sum ceil(|w| / parallel) cycles.

#include <span>
#include <vector>

#include "stochastic/multiplier.hpp"

namespace memspice::stochastic {

struct UnitOptions {
  Form form = Form::Mixed;
  int bits = 8;        ///< N, 2 .. 16
  int guard_bits = 2;  ///< A: bits of an accumulator above N, 0 .. 14
  int lanes = 16;      ///< p, 1 .. 65536
  int parallel = 1;    ///< b: stream bits per cycle, a power of two, 1 .. 2^N

  void validate(const std::string& place) const;  ///< throws InputError
};

/// Two's complement of bits + guard_bits bits; 0 .. 2^(bits + guard_bits) - 1 in the unsigned form.
CodeRange accumulator_range(Form form, int bits, int guard_bits);
/// Cycles that a weight takes: ceil(|weight| / parallel).
long cycles_of(int weight, int parallel) noexcept;

class VectorUnit {
 public:
  explicit VectorUnit(const UnitOptions& options);

  void reset();  ///< accumulators and cycle count to zero
  /// Loads a weight and an activation per lane; resets the state machine, not the accumulators.
  void start(int weight, std::span<const int> activations);
  /// One clock edge; false when the down-counter stood at zero and nothing happened.
  bool clock();
  /// start, then clock until done.
  void accumulate(int weight, std::span<const int> activations);

  std::span<const int> accumulators() const noexcept { return accumulators_; }
  long cycles() const noexcept { return cycles_; }

 private:
  int count_lane(int code, int taken) const;

  UnitOptions options_;
  CodeRange range_;
  bool is_negative_ = false;
  int remaining_ = 0;  ///< the down-counter
  int position_ = 0;   ///< stream bits already taken
  std::vector<int> codes_, accumulators_;
  long cycles_ = 0;
};

}  // namespace memspice::stochastic
