#include "network/tensor.hpp"

#include <cassert>
#include <utility>

#include "base/error.hpp"

namespace memspice::network {

std::int64_t element_count(const Shape& shape) {
  std::int64_t count = 1;
  bool too_many = false;
  for (const auto n : shape) {
    if (n < 0) {
      throw InputError({.place = "tensor shape",
                        .value = to_text(shape),
                        .rule = "a dimension is negative",
                        .remedy = "export the network with fixed dimensions"});
    }
    if (n == 0) return 0;
    too_many = too_many || n > kMaxElements / count;
    if (!too_many) count *= n;
  }
  if (too_many) {
    throw InputError({.place = "tensor shape",
                      .value = to_text(shape),
                      .rule = "has more than " + std::to_string(kMaxElements) + " elements",
                      .remedy = "use smaller images or a smaller network"});
  }
  return count;
}

std::string to_text(const Shape& shape) {
  std::string text;
  for (const auto n : shape) {
    if (!text.empty()) text += 'x';
    text += std::to_string(n);
  }
  return text.empty() ? "scalar" : text;
}

Tensor::Tensor(Shape s, float fill)
    : shape(std::move(s)), data(static_cast<std::size_t>(element_count(shape)), fill) {}

Tensor::Tensor(Shape s, std::vector<float> values) : shape(std::move(s)), data(std::move(values)) {
  assert(element_count(shape) == size());
}

}  // namespace memspice::network
