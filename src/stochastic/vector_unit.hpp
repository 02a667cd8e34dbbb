#pragma once
// The vector unit, cycle by cycle: one weight drives `lanes` multipliers that share the stream's
// state machine and the weight's down-counter; each lane counts into an accumulator of its own.
//
//   weight --> [ down-counter ]--run--+         +--> lane 0: x_0 -[ mux ]-[ up/down counter ]
//              [ cycle k      ]--select bit-----+--> lane 1: x_1 -[ mux ]-[ up/down counter ]
//                                               +--> ...
//
// Counters keep their value from product to product, have bits + guard_bits bits and saturate after
// each cycle. The next weight and its activations are loaded in the last cycle of the one before,
// so that a dot product takes sum max(1, ceil(|w| / parallel)) cycles, behind one that loads the
// first: a weight of zero passes in a cycle that counts nothing. With the whole stream at once
// every weight takes one cycle, and the sum of its stream is the closed form (multiplier.hpp).

#include <limits>
#include <span>
#include <string>
#include <vector>

#include "stochastic/multiplier.hpp"

namespace memspice::stochastic {

/// UnitOptions::parallel: the whole stream in one cycle.
inline constexpr int kWholeStream = std::numeric_limits<int>::max();
/// "all" or the number.
std::string parallel_text(int parallel);

struct UnitOptions {
  Form form = Form::Mixed;
  int bits = 8;        ///< N, 2 .. 16
  int guard_bits = 2;  ///< A: bits of an accumulator above N, 0 .. 14
  int lanes = 16;      ///< p, 1 .. 65536
  int parallel = 1;    ///< b: stream bits per cycle, a power of two, 1 .. 2^N, or kWholeStream

  bool takes_all() const noexcept { return parallel == kWholeStream; }

  void validate(const std::string& place) const;  ///< throws InputError
};

/// Two's complement of bits + guard_bits bits; 0 .. 2^(bits + guard_bits) - 1 in the unsigned form.
CodeRange accumulator_range(Form form, int bits, int guard_bits);
/// Cycles of a weight's stream: ceil(|weight| / parallel), 0 for none; at most 1 with kWholeStream.
long stream_cycles(int weight, int parallel) noexcept;
/// Cycles that a weight holds the unit: at least 1.
long cycles_of(int weight, int parallel) noexcept;

class VectorUnit {
 public:
  explicit VectorUnit(const UnitOptions& options);

  void reset();  ///< accumulators and cycle count to zero
  /// Loads a weight and an activation per lane; resets the state machine, not the accumulators.
  void start(int weight, std::span<const int> activations);
  /// One clock edge; whether it was the weight's last, which may load the next.
  bool clock();
  /// start, then clock until its last.
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
