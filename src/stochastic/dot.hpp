#pragma once
// Dot products of a whole group, many input vectors at a time, in the arithmetic of the circuits:
// products are added in the order of the inputs, and accumulators saturate after each.
//
// Streams: the closed form is linear in the bits of the activation,
//   product = offset(w) + sum_i c_i(w) x_{N-i},   c_i = +-floor(|w| / 2^i + 1/2) (doubled if
//   signed),
// so that with one word of all ones or zeros per bit and vector ("bit-sliced"), a product costs an
// AND and an addition per bit for as many vectors as a SIMD register holds. In the mixed form each
// product moves the counter one way, so that saturating once per product equals saturating each
// cycle; in the signed form a counter at its rail within a product may end some LSB away.

#include "stochastic/layer_codes.hpp"
#include "stochastic/products.hpp"

namespace memspice::stochastic {

using SumMatrix = Eigen::Matrix<std::int64_t, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// The counters' final values. X: inputs x vectors, codes of activations; Y: outputs x vectors, in
/// units of result_step. Accumulators start at the rounded bias.
void accumulate_streams(const GroupCodes& group,
                        const LayerCodes& codes,
                        const CodeMatrix& X,
                        SumMatrix& Y);

/// Whole numbers low .. high of a fixed-point accumulator.
struct WordRange {
  std::int64_t low = 0, high = 0;
};
/// The fixed-point network's rails: the same range of values as the bitstream's, s more bits.
WordRange word_rails(const LayerCodes& codes);
/// The same codes through fixed-point multiply-accumulate units: exact products of N + n bits,
/// saturating accumulators. Y in units of word_step.
void accumulate_words(const GroupCodes& group,
                      const LayerCodes& codes,
                      const CodeMatrix& X,
                      SumMatrix& Y);

/// The same through multipliers that keep no more than the product's first bits (not
/// Product::Exact), into accumulators of N + A bits. Y in units of result_step.
void accumulate_short_words(const GroupCodes& group,
                            const LayerCodes& codes,
                            Product product,
                            const CodeMatrix& X,
                            SumMatrix& Y);

/// What accumulators start at: the bias in units of 2^shift word_step, rounded and clipped.
Eigen::Matrix<std::int64_t, Eigen::Dynamic, 1> starting_values(const GroupCodes& group,
                                                               int shift,
                                                               WordRange rails);

}  // namespace memspice::stochastic
