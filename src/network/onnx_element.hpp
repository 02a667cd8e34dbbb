#pragma once
// The element types of ONNX tensors that are read, by the codes that files state.

#include <cstdint>
#include <string>
#include <string_view>

namespace memspice::network {

struct ElementType {
  int code;               ///< of TensorProto::DataType; 4-bit types came after libonnx 1.12
  std::string_view name;  ///< as the specification writes it, in small letters
  int bits;
  bool is_integer;
  std::int64_t low, high;  ///< of an integer's values
};

/// Null for a type that is not read: texts, complex numbers, floats of 8 bits and less.
const ElementType* find_element_type(int code);

/// "uint8"; "23" where the type is not read.
std::string element_name(int code);

/// "float, uint8, ..."
std::string element_names();

}  // namespace memspice::network
