#pragma once
// What a percentile of |value| needs of values that pass by: the largest of them.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace memspice::network {

class LargestSizes {
 public:
  /// `count`: the values that will have been added in all, > 0. percentile in (0, 100]. Holds about
  /// twice the share above the percentile.
  LargestSizes(std::int64_t count, double percentile);

  void add(std::span<const float> values);

  // Precondition: `count` values were added, all finite.
  float at_rank();       ///< the least size that `percentile` percent do not exceed
  float interpolated();  ///< linear between the two nearest ranks, as NumPy does

 private:
  void drop_small();
  float ranked(std::size_t rank);

  std::size_t count_;
  double percentile_;
  std::size_t most_;    ///< that are kept
  float least_ = 0.0F;  ///< smaller ones are not among them
  std::vector<float> kept_ = {};
};

}  // namespace memspice::network
