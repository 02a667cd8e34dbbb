#pragma once
// Division of counts that rounds up.

#include <concepts>

namespace memspice {

/// How many groups of `size` hold `count`: count / size, rounded up. count >= 0, size > 0.
template <std::integral Count>
constexpr Count divide_up(Count count, Count size) {
  return (count + size - 1) / size;
}

}  // namespace memspice
