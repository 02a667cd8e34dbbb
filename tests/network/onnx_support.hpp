#pragma once
// ONNX tensors and models as the network tests use them.

#include <onnx/onnx_pb.h>

#include <Eigen/Core>
#include <bit>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>
#include <string>

#include "base/error.hpp"
#include "base/files.hpp"
#include "network/graph.hpp"

namespace memspice::network {

inline std::filesystem::path network_data(const std::string& name) {
  return std::filesystem::path(MEMSPICE_TEST_DIR) / "network" / "data" / name;
}

/// Without the sync to disk of write_file: these tests write thousands of files.
inline void write_quickly(const std::filesystem::path& path, const std::string& content) {
  std::ofstream(path, std::ios::binary) << content;
}

/// The values of a raw or typed field as float.
template <typename Stored, typename Field>
Tensor converted(const onnx::TensorProto& proto, const Field& field) {
  const Shape shape(proto.dims().begin(), proto.dims().end());
  std::vector<Stored> values(field.begin(), field.end());
  if (proto.has_raw_data()) {
    const std::string& raw = proto.raw_data();
    values.resize(raw.size() / sizeof(Stored));
    raw.copy(reinterpret_cast<char*>(values.data()), raw.size());
  }
  Tensor tensor;
  tensor.shape = shape;
  for (const Stored v : values) {
    tensor.data.push_back(static_cast<float>(v));
    if (std::isinf(tensor.data.back())) throw InputError("a value beyond float32");
  }
  if (tensor.size() != element_count(shape)) throw InputError("a damaged tensor");
  return tensor;
}

/// The same of a type of 16 bits that Eigen knows.
template <typename Half>
Tensor widened(const onnx::TensorProto& proto) {
  Tensor tensor = converted<std::uint16_t>(proto, proto.int32_data());
  for (float& v : tensor.data) {
    v = static_cast<float>(std::bit_cast<Half>(static_cast<std::uint16_t>(v)));
    if (!std::isfinite(v)) throw InputError("a value beyond float32");
  }
  return tensor;
}

/// The values of a tensor as float; throws InputError for types that no test needs.
inline Tensor to_float_tensor(const onnx::TensorProto& proto) {
  switch (proto.data_type()) {
    case onnx::TensorProto::FLOAT:
      return converted<float>(proto, proto.float_data());
    case onnx::TensorProto::DOUBLE:
      return converted<double>(proto, proto.double_data());
    case onnx::TensorProto::INT32:
      return converted<std::int32_t>(proto, proto.int32_data());
    case onnx::TensorProto::INT64:
      return converted<std::int64_t>(proto, proto.int64_data());
    case onnx::TensorProto::INT8:
      return converted<std::int8_t>(proto, proto.int32_data());
    case onnx::TensorProto::BOOL:
    case onnx::TensorProto::UINT8:
      return converted<std::uint8_t>(proto, proto.int32_data());
    case onnx::TensorProto::FLOAT16:
      return widened<Eigen::half>(proto);
    case onnx::TensorProto::BFLOAT16:
      return widened<Eigen::bfloat16>(proto);
    default:
      throw InputError("element type " + std::to_string(proto.data_type()));
  }
}

inline onnx::TensorProto read_proto(const std::filesystem::path& path) {
  onnx::TensorProto proto;
  if (!proto.ParseFromString(read_file(path))) throw InputError(path.string() + " is no tensor");
  return proto;
}

inline Tensor read_reference(const std::filesystem::path& path) {
  return to_float_tensor(read_proto(path));
}

/// The largest |a - b| over all elements; infinity when the shapes differ or a value is NaN.
inline double largest_difference(const Tensor& a, const Tensor& b) {
  if (a.shape != b.shape) return std::numeric_limits<double>::infinity();
  double largest = 0.0;
  for (std::size_t k = 0; k < a.data.size(); ++k) {
    const double difference =
        std::abs(static_cast<double>(a.data[k]) - static_cast<double>(b.data[k]));
    if (!(difference <= largest)) {
      largest = std::isnan(difference) ? std::numeric_limits<double>::infinity() : difference;
    }
  }
  return largest;
}

}  // namespace memspice::network
