#pragma once

#include <array>

namespace memspice::network {

/// Sliding-window geometry shared by convolution and pooling; index 0 is height, 1 is width.
struct Window {
  std::array<int, 2> kernel{1, 1};
  std::array<int, 2> stride{1, 1};
  std::array<int, 2> dilation{1, 1};
  std::array<int, 4> padding{0, 0, 0, 0};  ///< top, left, bottom, right
  bool ceil_mode = false;                  ///< pooling only: the last, partial window counts
};

}  // namespace memspice::network
