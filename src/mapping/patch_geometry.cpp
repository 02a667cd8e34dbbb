#include "mapping/patch_geometry.hpp"

#include "base/division.hpp"

namespace memspice::mapping {

using network::Tensor;
using network::Window;

PatchGeometry geometry_of(const Window& window,
                          std::array<std::int64_t, 2> plane,
                          std::array<std::int64_t, 2> positions) {
  return {window,
          network::window_axis(window, 0, plane[0], positions[0]),
          network::window_axis(window, 1, plane[1], positions[1])};
}

std::int64_t output_extent(std::int64_t size, const Window& w, std::size_t axis) {
  const int reach = w.dilation[axis] * (w.kernel[axis] - 1) + 1;
  return (size + w.padding[axis] + w.padding[axis + 2] - reach) / w.stride[axis] + 1;
}

PatchGeometry patch_geometry(const Window& window, const Patch& patch, const Tensor& input) {
  const auto plane = plane_size(input);
  std::array positions{output_extent(plane[0], window, 0), output_extent(plane[1], window, 1)};
  if (patch.kind != Patch::Kind::Rectangle) return geometry_of(window, plane, positions);
  Window wide = window;
  const std::array extent{patch.height, patch.width};
  for (std::size_t axis = 0; axis < 2; ++axis) {
    wide.kernel[axis] = (extent[axis] - 1) * window.stride[axis] +
                        (window.kernel[axis] - 1) * window.dilation[axis] + 1;
    wide.stride[axis] = extent[axis] * window.stride[axis];
    wide.dilation[axis] = 1;
    positions[axis] = divide_up(positions[axis], std::int64_t{extent[axis]});
  }
  return geometry_of(wide, plane, positions);
}

}  // namespace memspice::mapping
