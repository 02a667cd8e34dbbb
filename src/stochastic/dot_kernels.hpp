#pragma once
// The loops of dot products of streams and of words, one output and a block of vectors at a time,
// compiled for several instruction sets.

#include <Eigen/Core>
#include <cstdint>

#include "stochastic/dot.hpp"

namespace memspice::stochastic {

/// Vectors per block: the masks of 150 inputs stay in the second cache.
constexpr int kLanes = 128;

/// What a sum may not leave.
template <typename Lane>
struct Rails {
  Lane low, high;
};

/// The weights of one output and how their streams are laid out.
struct Row {
  const std::int32_t* weights = nullptr;
  Eigen::Index inputs = 0;
  int planes = 0;  ///< masks per input
  Form form = Form::Mixed;
};

/// One block through all inputs of one output: adds product after product to `sums`, each held
/// within the rails. masks: inputs x planes x kLanes.
void run_streams(const Row& row,
                 const std::int16_t* masks,
                 Rails<std::int16_t> rails,
                 std::int16_t* sums);
void run_streams(const Row& row,
                 const std::int32_t* masks,
                 Rails<std::int32_t> rails,
                 std::int32_t* sums);

/// The same with whole products. X: inputs x kLanes.
void run_words(const Row& row,
               const std::int32_t* X,
               Rails<std::int32_t> rails,
               std::int32_t* sums);
void run_words(const Row& row,
               const std::int64_t* X,
               Rails<std::int64_t> rails,
               std::int64_t* sums);

/// The same with products that lose bits by `rule`.
void run_short_words(const Row& row,
                     const ProductRule& rule,
                     const std::int32_t* X,
                     Rails<std::int32_t> rails,
                     std::int32_t* sums);
void run_short_words(const Row& row,
                     const ProductRule& rule,
                     const std::int64_t* X,
                     Rails<std::int64_t> rails,
                     std::int64_t* sums);

}  // namespace memspice::stochastic
