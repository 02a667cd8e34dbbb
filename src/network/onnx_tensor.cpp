// A stored tensor as a constant: raw bytes, or the typed field of its element type.

#include <onnx/onnx_pb.h>

#include <Eigen/Core>
#include <bit>
#include <cstring>

#include "base/error.hpp"
#include "network/onnx_constant.hpp"
#include "network/onnx_element.hpp"

namespace memspice::network {
namespace {

static_assert(std::endian::native == std::endian::little, "ONNX raw data is little-endian");

const ElementType& element_type_of(const onnx::TensorProto& tensor, const std::string& place) {
  const ElementType* type = find_element_type(tensor.data_type());
  if (type != nullptr) return *type;
  reject(place,
         "element type " + std::to_string(tensor.data_type()),
         "weights are " + element_names(),
         "export the network in one of these types");
}

float from_bfloat16(std::uint16_t bits) {
  return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16);
}

float from_half(std::uint16_t bits) {
  return static_cast<float>(std::bit_cast<Eigen::half>(bits));
}

class TensorReader {
 public:
  TensorReader(const onnx::TensorProto& tensor, std::string place)
      : tensor_(tensor),
        place_(std::move(place)),
        type_(element_type_of(tensor, place_)),
        shape_(tensor.dims().begin(), tensor.dims().end()),
        count_(static_cast<std::size_t>(element_count(shape_))) {}

  Constant read() const {
    Constant constant{shape_, {}, tensor_.data_type()};
    if (type_.is_integer) {
      constant.values = integers();
    } else {
      constant.values = floats();
    }
    return constant;
  }

 private:
  std::vector<float> floats() const {
    using Proto = onnx::TensorProto;
    switch (tensor_.data_type()) {
      case Proto::DOUBLE:
        return held<float, double>(tensor_.double_data());
      case Proto::FLOAT16:
        return widened(from_half);
      case Proto::BFLOAT16:
        return widened(from_bfloat16);
      default:
        return held<float, float>(tensor_.float_data());
    }
  }

  std::vector<std::int64_t> integers() const {
    using Proto = onnx::TensorProto;
    if (type_.bits < 8) return unpacked();
    switch (tensor_.data_type()) {
      case Proto::INT8:
        return held<std::int64_t, std::int8_t>(tensor_.int32_data());
      case Proto::INT16:
        return held<std::int64_t, std::int16_t>(tensor_.int32_data());
      case Proto::UINT16:
        return held<std::int64_t, std::uint16_t>(tensor_.int32_data());
      case Proto::INT32:
        return held<std::int64_t, std::int32_t>(tensor_.int32_data());
      case Proto::UINT32:
        return held<std::int64_t, std::uint32_t>(tensor_.uint64_data());
      case Proto::UINT64:
        return held<std::int64_t, std::uint64_t>(tensor_.uint64_data());
      case Proto::INT64:
        return held<std::int64_t, std::int64_t>(tensor_.int64_data());
      default:
        return held<std::int64_t, std::uint8_t>(tensor_.int32_data());
    }
  }

  void require_count(std::size_t found, std::size_t wanted) const {
    if (found == wanted) return;
    reject(place_,
           std::to_string(found) + " values for shape " + to_text(shape_),
           "the data does not fill the shape",
           "the file is damaged: export it again");
  }

  /// `count` entries as they are stored, from raw data or else from the typed field.
  template <typename Stored, typename Field>
  std::vector<Stored> stored(const Field& field, std::size_t count) const {
    if (!tensor_.has_raw_data()) {
      require_count(static_cast<std::size_t>(field.size()), count);
      std::vector<Stored> values;
      values.reserve(count);
      for (const auto v : field) values.push_back(static_cast<Stored>(v));
      return values;
    }
    const std::string& raw = tensor_.raw_data();
    require_count(raw.size() % sizeof(Stored) == 0 ? raw.size() / sizeof(Stored) : raw.size(),
                  count);
    std::vector<Stored> values(count);
    if (count > 0) std::memcpy(values.data(), raw.data(), raw.size());
    return values;
  }

  template <typename Held, typename Stored, typename Field>
  std::vector<Held> held(const Field& field) const {
    const auto values = stored<Stored>(field, count_);
    std::vector<Held> converted;
    converted.reserve(values.size());
    for (const auto v : values) converted.push_back(static_cast<Held>(v));
    return converted;
  }

  template <typename Widen>
  std::vector<float> widened(const Widen& widen) const {
    std::vector<float> values;
    values.reserve(count_);
    for (const auto bits : stored<std::uint16_t>(tensor_.int32_data(), count_)) {
      values.push_back(widen(bits));
    }
    return values;
  }

  /// Values of 4 or 2 bits, the first in a byte's lowest bits.
  std::vector<std::int64_t> unpacked() const {
    const auto bits = static_cast<unsigned>(type_.bits);
    const std::size_t per_byte = 8 / bits;
    const auto bytes =
        stored<std::uint8_t>(tensor_.int32_data(), (count_ + per_byte - 1) / per_byte);
    std::vector<std::int64_t> values;
    values.reserve(count_);
    for (std::size_t k = 0; k < count_; ++k) {
      const unsigned shifted = bytes[k / per_byte] >> (bits * (k % per_byte));
      auto value = static_cast<std::int64_t>(shifted & ((1U << bits) - 1U));
      if (value > type_.high) value -= std::int64_t{1} << bits;
      values.push_back(value);
    }
    return values;
  }

  const onnx::TensorProto& tensor_;
  std::string place_;
  const ElementType& type_;
  Shape shape_;
  std::size_t count_;
};

/// Runs `body`; a fault that names no place of its own gets `place`.
template <typename Body>
auto at_tensor(const std::string& place, const Body& body) {
  try {
    return body();
  } catch (const InputError& error) {
    if (error.fault().place == place) throw;
    reject(place, error.fault().value, error.fault().rule, error.fault().remedy);
  }
}

}  // namespace

std::int64_t raw_bytes(const onnx::TensorProto& tensor, const std::string& place) {
  const ElementType& type = element_type_of(tensor, place);
  return at_tensor(place, [&] {
    const Shape shape(tensor.dims().begin(), tensor.dims().end());
    return (element_count(shape) * type.bits + 7) / 8;
  });
}

Constant read_constant(const onnx::TensorProto& tensor, const std::string& place) {
  const std::string where = tensor.name().empty() ? place : place + ": " + tensor.name();
  if (tensor.data_location() == onnx::TensorProto::EXTERNAL || tensor.external_data_size() > 0) {
    reject(where,
           "external data",
           "weights in files of their own belong to the network itself or to its Constant nodes",
           "export the network as one file");
  }
  if (tensor.has_segment()) {
    reject(where, "a segment", "weights are stored whole", "export the network again");
  }
  return at_tensor(where, [&] { return TensorReader(tensor, where).read(); });
}

}  // namespace memspice::network
