#include "stochastic/error_table.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>

#include "base/interrupt.hpp"
#include "stochastic/vector_unit.hpp"

namespace memspice::stochastic {
namespace {

using Counts = std::vector<std::int32_t>;

/// Sums of e = 2^(scale + 1) (result - exact product), whole numbers because results are multiples
/// of 1/2.
struct Sums {
  int scale = 0;
  std::int64_t sum = 0, sum_abs = 0;
  double sum_squares = 0.0;
  std::int64_t largest = std::numeric_limits<std::int64_t>::min();
  std::int64_t least = std::numeric_limits<std::int64_t>::max();
  std::int64_t cycles = 0;
  long long pairs = 0, rows = 0;

  void add(std::int64_t e) {
    sum += e;
    sum_abs += e < 0 ? -e : e;
    sum_squares += static_cast<double>(e) * static_cast<double>(e);
    largest = std::max(largest, e);
    least = std::min(least, e);
    ++pairs;
  }
};

/// One weight against all activations; twice_result(code) is twice the result for the activation
/// whose stream code is `code`.
template <typename TwiceResult>
void add_row(Sums& sums, CodeRange activations, int weight, TwiceResult twice_result) {
  for (int x = activations.low; x <= activations.high; ++x) {
    const std::int64_t result = twice_result(x - activations.low);
    sums.add((result << sums.scale) - 2LL * x * weight);
  }
  ++sums.rows;
}

/// P_W row by row: row W adds the stream bit of cycle W to row W - 1.
void add_deterministic(Sums& sums, Form form, int bits, int parallel) {
  const CodeRange activations = activation_range(form, bits);
  const CodeRange weights = weight_range(form, bits);
  Counts ones(std::size_t{1} << bits, 0);
  for (int magnitude = 0; magnitude <= std::max(weights.high, -weights.low); ++magnitude) {
    throw_if_interrupted();
    if (magnitude > 0) {
      for (int code = 0; code < static_cast<int>(ones.size()); ++code) {
        ones[static_cast<std::size_t>(code)] += stream_bit(magnitude, code, bits) ? 1 : 0;
      }
    }
    for (const int weight : {magnitude, -magnitude}) {
      if (weight < weights.low || weight > weights.high || (weight == 0 && sums.rows > 0)) continue;
      sums.cycles += stream_cycles(weight, parallel);
      const int sign = weight < 0 ? -1 : 1;
      add_row(sums, activations, weight, [&](int code) {
        const int count = ones[static_cast<std::size_t>(code)];
        return 2 * sign * (form == Form::Signed ? 2 * count - magnitude : count);
      });
    }
  }
}

/// both(threshold)[c] = cycles in which the weight's number is below `threshold` and the
/// activation's below c; rows are made for rising thresholds.
class CoincidenceRows {
 public:
  CoincidenceRows(const Sequences& sequences, int bits)
      : by_weight_(std::size_t{1} << bits), both_(std::size_t{1} << bits, 0) {
    for (std::size_t t = 0; t < sequences.weight.size(); ++t) {
      by_weight_[sequences.weight[t]].push_back(sequences.activation[t]);
    }
  }

  const Counts& row(int threshold) {
    for (; threshold_ < threshold; ++threshold_) {
      for (const std::uint32_t r : by_weight_[static_cast<std::size_t>(threshold_)]) {
        for (std::size_t c = r + 1; c < both_.size(); ++c) ++both_[c];
        ++weight_ones_;
      }
    }
    return both_;
  }
  /// Cycles in which the weight's number is below the last threshold.
  int weight_ones() const noexcept { return weight_ones_; }

 private:
  std::vector<std::vector<std::uint32_t>> by_weight_;
  Counts both_;
  int threshold_ = 0, weight_ones_ = 0;
};

/// ones(c) = cycles in which a number of the sequence is below c.
Counts ones_below(const std::vector<std::uint32_t>& sequence) {
  Counts ones(sequence.size() + 1, 0);
  for (const std::uint32_t r : sequence) ++ones[r + 1];
  std::partial_sum(ones.begin(), ones.end(), ones.begin());
  return ones;
}

void add_and(Sums& sums, Form form, int bits, const Sequences& sequences) {
  const CodeRange activations = activation_range(form, bits);
  CoincidenceRows rows(sequences, bits);
  for (int magnitude = 0; magnitude <= weight_range(form, bits).high; ++magnitude) {
    throw_if_interrupted();
    // A magnitude of N - 1 bits is compared as the upper bits of a word of N.
    const Counts& both = rows.row(form == Form::Mixed ? 2 * magnitude : magnitude);
    const int doubled = form == Form::Mixed ? 1 : 2;
    const auto add = [&](int sign) {
      add_row(sums, activations, sign * magnitude, [&](int code) {
        return sign * doubled * both[static_cast<std::size_t>(code)];
      });
    };
    add(1);
    if (form == Form::Mixed && magnitude > 0) add(-1);
  }
}

/// Cycles in which both streams agree: 2^N - a - b + 2 both; bipolar, so half of them is zero.
void add_xnor(Sums& sums, int bits, const Sequences& sequences) {
  const int length = 1 << bits;
  const CodeRange weights = weight_range(Form::Signed, bits);
  const Counts activation_ones = ones_below(sequences.activation);
  CoincidenceRows rows(sequences, bits);
  for (int weight = weights.low; weight <= weights.high; ++weight) {
    throw_if_interrupted();
    const Counts& both = rows.row(weight - weights.low);
    const int weight_ones = rows.weight_ones();
    add_row(sums, activation_range(Form::Signed, bits), weight, [&](int code) {
      const auto c = static_cast<std::size_t>(code);
      const int agree = length - activation_ones[c] - weight_ones + 2 * both[c];
      return 2 * agree - length;
    });
  }
}

ErrorStatistics statistics_of(const Sums& sums) {
  const double unit = std::ldexp(1.0, -(sums.scale + 1));
  const auto pairs = static_cast<double>(sums.pairs);
  const double mean = static_cast<double>(sums.sum) / pairs;
  const double variance = std::max(0.0, sums.sum_squares / pairs - mean * mean);
  return {.mean = unit * mean,
          .mean_abs = unit * static_cast<double>(sums.sum_abs) / pairs,
          .std = unit * std::sqrt(variance),
          .max = unit * static_cast<double>(sums.largest),
          .min = unit * static_cast<double>(sums.least),
          .mean_latency = static_cast<double>(sums.cycles) / static_cast<double>(sums.rows),
          .pairs = sums.pairs};
}

}  // namespace

ErrorStatistics tabulate_errors(Form form, int bits, Generator generator, int parallel) {
  UnitOptions{.form = form, .bits = bits, .parallel = parallel}.validate("table");
  Sums sums{.scale = form == Form::Signed ? bits - 1 : bits};
  if (generator == Generator::Bisc) {
    add_deterministic(sums, form, bits, parallel);
    return statistics_of(sums);
  }
  const Sequences sequences = make_sequences(generator, bits);
  if (form == Form::Signed) {
    add_xnor(sums, bits, sequences);
  } else {
    add_and(sums, form, bits, sequences);
  }
  sums.cycles = static_cast<std::int64_t>(sums.rows) << bits;
  return statistics_of(sums);
}

}  // namespace memspice::stochastic
