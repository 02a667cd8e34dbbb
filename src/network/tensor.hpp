#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace memspice::network {

using Shape = std::vector<std::int64_t>;

/// The most elements a tensor may have: 1 GiB of floats. Keeps hostile files from taking all
/// memory.
inline constexpr std::int64_t kMaxElements = std::int64_t{1} << 28;

/// The product of the dimensions; throws InputError for a negative dimension or one past
/// kMaxElements in all.
std::int64_t element_count(const Shape& shape);
std::string to_text(const Shape& shape);  ///< "1x6x28x28"
/// How far apart neighbours along `axis` lie: the product of the dimensions behind it.
std::int64_t stride_of(const Shape& shape, std::size_t axis);

/// Dense float tensor, row-major; images are N x C x H x W.
struct Tensor {
  Shape shape;
  std::vector<float> data;  ///< element_count(shape) values

  Tensor() = default;
  explicit Tensor(Shape s, float fill = 0.0F);
  Tensor(Shape s, std::vector<float> values);  ///< asserts that the counts agree
  std::int64_t size() const noexcept { return static_cast<std::int64_t>(data.size()); }
};

}  // namespace memspice::network
