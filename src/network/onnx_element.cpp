#include "network/onnx_element.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <vector>

#include "base/text.hpp"

namespace memspice::network {
namespace {

template <typename Integer>
constexpr ElementType integer_type(int code, std::string_view name) {
  return {code,
          name,
          8 * static_cast<int>(sizeof(Integer)),
          true,
          std::numeric_limits<Integer>::min(),
          std::numeric_limits<Integer>::max()};
}

constexpr std::array kElementTypes{
    ElementType{1, "float", 32, false, 0, 0},
    ElementType{11, "double", 64, false, 0, 0},
    ElementType{10, "float16", 16, false, 0, 0},
    ElementType{16, "bfloat16", 16, false, 0, 0},
    integer_type<std::uint8_t>(2, "uint8"),
    integer_type<std::int8_t>(3, "int8"),
    integer_type<std::uint16_t>(4, "uint16"),
    integer_type<std::int16_t>(5, "int16"),
    integer_type<std::uint32_t>(12, "uint32"),
    integer_type<std::int32_t>(6, "int32"),
    // Held in 63 bits: no network counts beyond.
    ElementType{13, "uint64", 64, true, 0, std::numeric_limits<std::int64_t>::max()},
    integer_type<std::int64_t>(7, "int64"),
    ElementType{9, "bool", 8, true, 0, 1},
    ElementType{21, "uint4", 4, true, 0, 15},
    ElementType{22, "int4", 4, true, -8, 7},
    ElementType{25, "uint2", 2, true, 0, 3},
    ElementType{26, "int2", 2, true, -2, 1},
};

}  // namespace

const ElementType* find_element_type(int code) {
  const auto* found = std::ranges::find(kElementTypes, code, &ElementType::code);
  return found == kElementTypes.end() ? nullptr : found;
}

std::string element_name(int code) {
  const ElementType* type = find_element_type(code);
  return type == nullptr ? std::to_string(code) : std::string(type->name);
}

std::string element_names() {
  std::vector<std::string> names;
  for (const ElementType& type : kElementTypes) names.emplace_back(type.name);
  return join(names, ", ");
}

}  // namespace memspice::network
