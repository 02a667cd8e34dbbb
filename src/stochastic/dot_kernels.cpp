#include "stochastic/dot_kernels.hpp"

#include <algorithm>
#include <bit>
#include <cstdlib>

// The loops below are compiled once for each instruction set, by including this file again.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "stochastic/dot_kernels.cpp"
#include <hwy/foreach_target.h>
//
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace memspice::stochastic {
namespace HWY_NAMESPACE {

constexpr int kMostPlanes = kMostBits;

/// What a weight adds, per bit of the activation.
template <typename Lane>
struct Coefficients {
  Lane offset = 0;
  int planes = 0;  ///< bits that count: the first bit_width(|w|)
  Lane c[kMostPlanes] = {};
};

template <typename Lane>
HWY_INLINE Coefficients<Lane> coefficients_of(int weight, Form form) {
  const int cycles = std::abs(weight);
  const int step = (weight < 0 ? -1 : 1) * (form == Form::Signed ? 2 : 1);
  Coefficients<Lane> found;
  found.offset = static_cast<Lane>(form == Form::Signed ? -weight : 0);
  found.planes = std::bit_width(static_cast<unsigned>(cycles));
  for (int i = 1; i <= found.planes; ++i) {
    found.c[i - 1] = static_cast<Lane>(step * ((cycles + (1 << (i - 1))) >> i));
  }
  return found;
}

template <int Planes, typename Lane>
HWY_INLINE void add_product(const Coefficients<Lane>& w,
                            const Lane* masks,
                            Rails<Lane> rails,
                            Lane* sums) {
  for (int l = 0; l < kLanes; ++l) {
    Lane sum = static_cast<Lane>(sums[l] + w.offset);
    for (int i = 0; i < Planes; ++i) {
      sum = static_cast<Lane>(sum + static_cast<Lane>(masks[i * kLanes + l] & w.c[i]));
    }
    sums[l] = std::min(std::max(sum, rails.low), rails.high);
  }
}

/// One block of lanes through all inputs of one output. masks: inputs x planes x kLanes.
template <typename Lane>
HWY_INLINE void run_row(const Row& row, const Lane* masks, Rails<Lane> rails, Lane* sums) {
  for (Eigen::Index i = 0; i < row.inputs; ++i) {
    if (row.weights[i] == 0) continue;
    const auto w = coefficients_of<Lane>(row.weights[i], row.form);
    const Lane* own = masks + i * row.planes * kLanes;
    // clang-format off
    switch (w.planes) {
      case 1: add_product<1>(w, own, rails, sums); break;
      case 2: add_product<2>(w, own, rails, sums); break;
      case 3: add_product<3>(w, own, rails, sums); break;
      case 4: add_product<4>(w, own, rails, sums); break;
      case 5: add_product<5>(w, own, rails, sums); break;
      case 6: add_product<6>(w, own, rails, sums); break;
      case 7: add_product<7>(w, own, rails, sums); break;
      case 8: add_product<8>(w, own, rails, sums); break;
      case 9: add_product<9>(w, own, rails, sums); break;
      case 10: add_product<10>(w, own, rails, sums); break;
      case 11: add_product<11>(w, own, rails, sums); break;
      case 12: add_product<12>(w, own, rails, sums); break;
      case 13: add_product<13>(w, own, rails, sums); break;
      case 14: add_product<14>(w, own, rails, sums); break;
      case 15: add_product<15>(w, own, rails, sums); break;
      default: add_product<16>(w, own, rails, sums); break;
    }
    // clang-format on
  }
}

template <typename Lane>
HWY_INLINE void run_products(const Row& row, const Lane* X, Rails<Lane> rails, Lane* sums) {
  for (Eigen::Index i = 0; i < row.inputs; ++i) {
    if (row.weights[i] == 0) continue;
    const Lane w = row.weights[i];
    for (int l = 0; l < kLanes; ++l) {
      sums[l] = std::min(std::max(sums[l] + w * X[i * kLanes + l], rails.low), rails.high);
    }
  }
}

/// The products of one weight and a block of activations, in units of result_step.
template <typename Lane>
HWY_INLINE void multiply_block(const ProductRule& rule, int weight, const Lane* X, Lane* products) {
  for (int l = 0; l < kLanes; ++l) products[l] = static_cast<Lane>(rule.constant);
  const auto magnitude = static_cast<unsigned>(std::abs(weight));
  for (int j = 0; (magnitude >> j) != 0; ++j) {
    if (((magnitude >> j) & 1) == 0) continue;
    const Lane add = rule.add[static_cast<std::size_t>(j)];
    const Lane keep = rule.keep[static_cast<std::size_t>(j)];
    for (int l = 0; l < kLanes; ++l) products[l] += ((std::abs(X[l]) + add) & keep) << j;
  }
  for (int l = 0; l < kLanes; ++l) {
    const Lane product = products[l] >> rule.shift;
    products[l] = (X[l] < 0) != (weight < 0) ? -product : product;
  }
}

template <typename Lane>
HWY_INLINE void run_short_products(
    const Row& row, const ProductRule& rule, const Lane* X, Rails<Lane> rails, Lane* sums) {
  Lane products[kLanes];
  for (Eigen::Index i = 0; i < row.inputs; ++i) {
    if (row.weights[i] == 0) continue;
    multiply_block(rule, row.weights[i], X + i * kLanes, products);
    for (int l = 0; l < kLanes; ++l) {
      sums[l] = std::min(std::max(sums[l] + products[l], rails.low), rails.high);
    }
  }
}

void run_short_words_32(const Row& row,
                        const ProductRule& rule,
                        const std::int32_t* X,
                        Rails<std::int32_t> rails,
                        std::int32_t* sums) {
  run_short_products(row, rule, X, rails, sums);
}
void run_short_words_64(const Row& row,
                        const ProductRule& rule,
                        const std::int64_t* X,
                        Rails<std::int64_t> rails,
                        std::int64_t* sums) {
  run_short_products(row, rule, X, rails, sums);
}
void run_streams_16(const Row& row,
                    const std::int16_t* masks,
                    Rails<std::int16_t> rails,
                    std::int16_t* sums) {
  run_row(row, masks, rails, sums);
}
void run_streams_32(const Row& row,
                    const std::int32_t* masks,
                    Rails<std::int32_t> rails,
                    std::int32_t* sums) {
  run_row(row, masks, rails, sums);
}
void run_words_32(const Row& row,
                  const std::int32_t* X,
                  Rails<std::int32_t> rails,
                  std::int32_t* sums) {
  run_products(row, X, rails, sums);
}
void run_words_64(const Row& row,
                  const std::int64_t* X,
                  Rails<std::int64_t> rails,
                  std::int64_t* sums) {
  run_products(row, X, rails, sums);
}

}  // namespace HWY_NAMESPACE
}  // namespace memspice::stochastic
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace memspice::stochastic {

HWY_EXPORT(run_streams_16);
HWY_EXPORT(run_streams_32);
HWY_EXPORT(run_words_32);
HWY_EXPORT(run_words_64);
HWY_EXPORT(run_short_words_32);
HWY_EXPORT(run_short_words_64);

void run_streams(const Row& row,
                 const std::int16_t* masks,
                 Rails<std::int16_t> rails,
                 std::int16_t* sums) {
  HWY_DYNAMIC_DISPATCH(run_streams_16)(row, masks, rails, sums);
}

void run_streams(const Row& row,
                 const std::int32_t* masks,
                 Rails<std::int32_t> rails,
                 std::int32_t* sums) {
  HWY_DYNAMIC_DISPATCH(run_streams_32)(row, masks, rails, sums);
}

void run_words(const Row& row,
               const std::int32_t* X,
               Rails<std::int32_t> rails,
               std::int32_t* sums) {
  HWY_DYNAMIC_DISPATCH(run_words_32)(row, X, rails, sums);
}

void run_words(const Row& row,
               const std::int64_t* X,
               Rails<std::int64_t> rails,
               std::int64_t* sums) {
  HWY_DYNAMIC_DISPATCH(run_words_64)(row, X, rails, sums);
}

void run_short_words(const Row& row,
                     const ProductRule& rule,
                     const std::int32_t* X,
                     Rails<std::int32_t> rails,
                     std::int32_t* sums) {
  HWY_DYNAMIC_DISPATCH(run_short_words_32)(row, rule, X, rails, sums);
}

void run_short_words(const Row& row,
                     const ProductRule& rule,
                     const std::int64_t* X,
                     Rails<std::int64_t> rails,
                     std::int64_t* sums) {
  HWY_DYNAMIC_DISPATCH(run_short_words_64)(row, rule, X, rails, sums);
}

}  // namespace memspice::stochastic
#endif
