#include "network/tensor.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

#include "base/error.hpp"

namespace memspice::network {

std::int64_t element_count(const Shape& shape) {
  const auto reject = [&shape](const std::string& rule, const std::string& remedy) {
    throw InputError(
        {.place = "tensor shape", .value = to_text(shape), .rule = rule, .remedy = remedy});
  };
  if (std::ranges::any_of(shape, [](auto n) { return n < 0; })) {
    reject("a dimension is negative", "export the network with fixed dimensions");
  }
  if (std::ranges::find(shape, 0) != shape.end()) return 0;
  std::int64_t count = 1;
  for (const auto n : shape) {
    if (n > kMaxElements / count) {
      reject("has more than " + std::to_string(kMaxElements) + " elements",
             "use smaller images or a smaller network");
    }
    count *= n;
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

std::int64_t stride_of(const Shape& shape, std::size_t axis) {
  std::int64_t stride = 1;
  for (std::size_t k = axis + 1; k < shape.size(); ++k) stride *= shape[k];
  return stride;
}

Tensor::Tensor(Shape s, float fill)
    : shape(std::move(s)), data(static_cast<std::size_t>(element_count(shape)), fill) {}

Tensor::Tensor(Shape s, std::vector<float> values) : shape(std::move(s)), data(std::move(values)) {
  assert(element_count(shape) == size());
}

}  // namespace memspice::network
