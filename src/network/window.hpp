#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace memspice::network {

/// Sliding-window geometry shared by convolution and pooling; index 0 is height, 1 is width.
struct Window {
  std::array<int, 2> kernel{1, 1};
  std::array<int, 2> stride{1, 1};
  std::array<int, 2> dilation{1, 1};
  std::array<int, 4> padding{0, 0, 0, 0};  ///< top, left, bottom, right
  bool ceil_mode = false;                  ///< pooling only: the last, partial window counts
};

/// How a window moves along one axis: tap t of position p meets pixel start + p stride + t
/// dilation, where that lies within 0 .. length - 1.
struct WindowAxis {
  std::int64_t taps = 1, stride = 1, dilation = 1, start = 0;
  std::int64_t length = 0, positions = 0;
};

/// A window's axis (0: height, 1: width) over so many pixels.
constexpr WindowAxis window_axis(const Window& window,
                                 std::size_t axis,
                                 std::int64_t length,
                                 std::int64_t positions) {
  return {.taps = window.kernel[axis],
          .stride = window.stride[axis],
          .dilation = window.dilation[axis],
          .start = -std::int64_t{window.padding[axis]},
          .length = length,
          .positions = positions};
}

}  // namespace memspice::network
