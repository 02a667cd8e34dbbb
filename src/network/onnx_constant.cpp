#include "network/onnx_constant.hpp"

#include <onnx/onnx_pb.h>

#include <Eigen/Core>
#include <bit>
#include <cstring>

#include "base/error.hpp"

namespace memspice::network {
namespace {

static_assert(std::endian::native == std::endian::little, "ONNX raw data is little-endian");

/// One ONNX element type: how it lies in raw data and in the typed field of TensorProto.
class TensorReader {
 public:
  TensorReader(const onnx::TensorProto& tensor, std::string place)
      : tensor_(tensor),
        place_(std::move(place)),
        shape_(tensor.dims().begin(), tensor.dims().end()),
        count_(static_cast<std::size_t>(element_count(shape_))) {}

  Constant read() const {
    using Proto = onnx::TensorProto;
    switch (tensor_.data_type()) {
      case Proto::FLOAT:
        return make<float, float>(tensor_.float_data());
      case Proto::DOUBLE:
        return make<float, double>(tensor_.double_data());
      case Proto::FLOAT16:
        return make_half();
      case Proto::INT64:
        return make<std::int64_t, std::int64_t>(tensor_.int64_data());
      case Proto::INT32:
        return make<std::int64_t, std::int32_t>(tensor_.int32_data());
      case Proto::INT8:
        return make<std::int64_t, std::int8_t>(tensor_.int32_data());
      case Proto::UINT8:
        return make<std::int64_t, std::uint8_t>(tensor_.int32_data());
      case Proto::BOOL:
        return make<std::int64_t, std::uint8_t>(tensor_.int32_data());
      default:
        break;
    }
    reject(place_,
           "element type " + std::to_string(tensor_.data_type()),
           "weights are float, double, float16, int64, int32, int8, uint8 or bool",
           "export the network in one of these types");
  }

 private:
  void require_count(std::size_t held) const {
    if (held == count_) return;
    reject(place_,
           std::to_string(held) + " values for shape " + to_text(shape_),
           "the data does not fill the shape",
           "the file is damaged: export it again");
  }

  /// The elements as they are stored, from raw data or else from the typed field.
  template <typename Stored, typename Field>
  std::vector<Stored> stored(const Field& field) const {
    if (!tensor_.has_raw_data()) {
      require_count(static_cast<std::size_t>(field.size()));
      std::vector<Stored> values;
      values.reserve(count_);
      for (const auto v : field) values.push_back(static_cast<Stored>(v));
      return values;
    }
    const std::string& raw = tensor_.raw_data();
    require_count(raw.size() % sizeof(Stored) == 0 ? raw.size() / sizeof(Stored) : raw.size());
    std::vector<Stored> values(count_);
    if (count_ > 0) std::memcpy(values.data(), raw.data(), raw.size());
    return values;
  }

  template <typename Held, typename Stored, typename Field>
  Constant make(const Field& field) const {
    const auto values = stored<Stored>(field);
    std::vector<Held> held;
    held.reserve(values.size());
    for (const auto v : values) held.push_back(static_cast<Held>(v));
    return {shape_, std::move(held)};
  }

  Constant make_half() const {
    std::vector<float> held;
    for (const auto bits : stored<std::uint16_t>(tensor_.int32_data())) {
      held.push_back(static_cast<float>(std::bit_cast<Eigen::half>(bits)));
    }
    return {shape_, std::move(held)};
  }

  const onnx::TensorProto& tensor_;
  std::string place_;
  Shape shape_;
  std::size_t count_;
};

}  // namespace

std::int64_t Constant::count() const noexcept {
  return std::visit([](const auto& v) { return static_cast<std::int64_t>(v.size()); }, values);
}

Tensor Constant::to_tensor() const {
  const auto convert = [this](const auto& held) {
    return Tensor(shape, std::vector<float>(held.begin(), held.end()));
  };
  if (!is_integer()) return Tensor(shape, std::get<0>(values));
  std::vector<float> converted;
  for (const auto v : std::get<1>(values)) converted.push_back(static_cast<float>(v));
  return convert(converted);
}

Constant read_constant(const onnx::TensorProto& tensor, const std::string& place) {
  const std::string where = tensor.name().empty() ? place : place + ": " + tensor.name();
  if (tensor.data_location() == onnx::TensorProto::EXTERNAL || tensor.external_data_size() > 0) {
    reject(where,
           "external data",
           "weights lie in the file itself",
           "export the network as one file, without external data");
  }
  if (tensor.has_segment()) {
    reject(where, "a segment", "weights are stored whole", "export the network again");
  }
  try {
    return TensorReader(tensor, where).read();
  } catch (const InputError& error) {
    if (error.fault().place == where) throw;
    reject(where, error.fault().value, error.fault().rule, error.fault().remedy);
  }
}

Constant integers_constant(std::vector<std::int64_t> values) {
  const auto count = static_cast<std::int64_t>(values.size());
  return {{count}, std::move(values)};
}

}  // namespace memspice::network
