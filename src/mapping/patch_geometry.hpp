#pragma once
// Where the patches of a block meet the planes of an image: what unfold and fold share.

#include <array>
#include <type_traits>
#include <utility>

#include "mapping/tile_plan.hpp"
#include "network/vector_kernels.hpp"

namespace memspice::mapping {

template <typename Operation>
inline constexpr bool kIsRowProduct = std::is_same_v<Operation, network::FullyConnected> ||
                                      std::is_same_v<Operation, network::Recurrence>;

/// Where a kernel's taps meet a plane, `window` being that of a patch.
struct PatchGeometry {
  network::Window window;
  network::WindowAxis rows, columns;

  std::int64_t positions() const noexcept { return rows.positions * columns.positions; }
  network::Tap tap(int k) const noexcept { return {k / columns.taps, k % columns.taps}; }
};

PatchGeometry geometry_of(const network::Window& window,
                          std::array<std::int64_t, 2> plane,
                          std::array<std::int64_t, 2> positions);

/// Positions of a window along one axis (0: height, 1: width) of `size` pixels.
std::int64_t output_extent(std::int64_t size, const network::Window& w, std::size_t axis);

/// A patch's window slides by whole patches: a convolution with a larger kernel and stride.
PatchGeometry patch_geometry(const network::Window& window,
                             const Patch& patch,
                             const network::Tensor& input);

inline const float* plane(const network::Tensor& tensor, int image, int channel) {
  const std::int64_t size = tensor.shape[2] * tensor.shape[3];
  return tensor.data.data() + (image * tensor.shape[1] + channel) * size;
}
inline float* plane(network::Tensor& tensor, int image, int channel) {
  return const_cast<float*>(plane(std::as_const(tensor), image, channel));
}

inline std::array<std::int64_t, 2> plane_size(const network::Tensor& tensor) {
  return {tensor.shape[2], tensor.shape[3]};
}

}  // namespace memspice::mapping
