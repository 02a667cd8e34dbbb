#include "network/onnx_constant.hpp"

namespace memspice::network {

std::int64_t Constant::count() const noexcept {
  return std::visit([](const auto& v) { return static_cast<std::int64_t>(v.size()); }, values);
}

Tensor Constant::to_tensor() const {
  if (!is_integer()) return Tensor(shape, std::get<0>(values));
  std::vector<float> converted;
  converted.reserve(std::get<1>(values).size());
  for (const auto v : std::get<1>(values)) converted.push_back(static_cast<float>(v));
  return Tensor(shape, std::move(converted));
}

Constant integers_constant(std::vector<std::int64_t> values) {
  const auto count = static_cast<std::int64_t>(values.size());
  return {{count}, std::move(values)};
}

}  // namespace memspice::network
