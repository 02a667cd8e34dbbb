#pragma once
// ONNX tensors and models as the network tests use them.

#include <onnx/onnx_pb.h>

#include <cmath>
#include <filesystem>
#include <limits>
#include <string>

#include "base/error.hpp"
#include "base/files.hpp"
#include "network/graph.hpp"

namespace memspice::network {

inline std::filesystem::path network_data(const std::string& name) {
  return std::filesystem::path(MEMSPICE_TEST_DIR) / "network" / "data" / name;
}

/// A float tensor from an ONNX .pb file.
inline Tensor read_reference(const std::filesystem::path& path) {
  onnx::TensorProto proto;
  if (!proto.ParseFromString(read_file(path)) || proto.data_type() != onnx::TensorProto::FLOAT) {
    throw InputError(path.string() + " holds no float tensor");
  }
  Tensor tensor(Shape(proto.dims().begin(), proto.dims().end()));
  if (proto.has_raw_data()) {
    proto.raw_data().copy(reinterpret_cast<char*>(tensor.data.data()),
                          tensor.data.size() * sizeof(float));
  } else {
    tensor.data.assign(proto.float_data().begin(), proto.float_data().end());
  }
  return tensor;
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
