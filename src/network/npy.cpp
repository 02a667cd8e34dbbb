// NumPy's own format (numpy.lib.format): magic, version, length of the header, the header as a
// Python dictionary of descr, fortran_order and shape, then the values.

#include <Eigen/Core>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>

#include "base/text.hpp"
#include "network/array_file.hpp"

namespace memspice::network {
namespace {

static_assert(std::endian::native == std::endian::little);

struct NpyHeader {
  std::string type;  ///< "<f4", "|u1"
  Shape shape;
};

/// What stands behind 'key': in the dictionary, up to the comma or brace that ends it.
std::string entry_of(const ByteSource& source, const std::string& text, const std::string& key) {
  const auto at = text.find('\'' + key + '\'');
  const auto colon = text.find(':', at);
  if (at == std::string::npos || colon == std::string::npos) {
    source.reject({}, "has no '" + key + "' in its header: it is no .npy file, or damaged");
  }
  const auto first = text.find_first_not_of(' ', colon + 1);
  if (first == std::string::npos) source.reject({}, "ends within its header");
  const char close = text[first] == '(' ? ')' : text[first] == '[' ? ']' : ',';
  const auto last = text.find_first_of(std::string{close} + (close == ',' ? "}" : ""), first);
  if (last == std::string::npos) source.reject({}, "ends within its header");
  return std::string(trim(std::string_view(text).substr(first, last - first)));
}

Shape parse_npy_shape(const ByteSource& source, const std::string& text) {
  Shape shape;
  if (!text.starts_with('(')) source.reject(text, "is no shape");
  for (const std::string& part : split(text.substr(1), ',')) {
    if (trim(part).empty()) continue;  // (3,)
    const auto n = parse_integer(trim(part));
    if (!n || *n < 0) source.reject(text, "is no shape");
    if (*n == 0) source.reject(text, "holds no values: a dimension is 0");
    shape.push_back(*n);
  }
  return shape;
}

std::string parse_type(const ByteSource& source, const std::string& written) {
  constexpr const char* kSave = "save it with numpy.save(file, array.astype(\"<f4\"))";
  if (written.starts_with('[')) source.reject(written, "holds records, not numbers", kSave);
  if (written.size() < 4 || written.front() != '\'') source.reject(written, "is no type");
  const std::string type = written.substr(1, written.size() - 2);
  if (type.find('O') != std::string::npos) {
    source.reject(type,
                  "holds Python objects, and reading these would run code of the file",
                  std::string(kSave) + ", or as numbers of one shape each");
  }
  if (type.front() == '>') source.reject(type, "big-endian numbers are not read", kSave);
  return type;
}

NpyHeader read_npy_header(ByteSource& source) {
  constexpr std::array<unsigned char, 6> kMagic{0x93, 'N', 'U', 'M', 'P', 'Y'};
  const auto start = source.read(8);
  if (start.size() < 8 || !std::equal(kMagic.begin(), kMagic.end(), start.begin())) {
    source.reject({},
                  start.size() > 1 && start[0] == 0x80 ? "is a Python pickle, which is never opened"
                                                       : "is no .npy file",
                  "save the array with numpy.save");
  }
  std::size_t length = 0;
  const auto bytes = source.read_exactly(start[6] == 1 ? 2 : 4);
  for (std::size_t k = bytes.size(); k-- > 0;) length = length * 256 + bytes[k];
  constexpr std::size_t kLongest = 1 << 16;
  if (length > kLongest) source.reject(std::to_string(length) + " bytes", "is too long a header");
  const auto read = source.read_exactly(length);
  const std::string text(read.begin(), read.end());
  NpyHeader header{.type = parse_type(source, entry_of(source, text, "descr")),
                   .shape = parse_npy_shape(source, entry_of(source, text, "shape"))};
  if (entry_of(source, text, "fortran_order") != "False") {
    source.reject(
        {}, "is stored columns first (Fortran order)", "save numpy.ascontiguousarray(array)");
  }
  return header;
}

template <typename Stored>
float number_at(const unsigned char* bytes) {
  Stored stored;
  std::memcpy(&stored, bytes, sizeof(Stored));
  return static_cast<float>(stored);
}

struct NumberType {
  std::string_view name;  ///< without its byte order
  std::size_t size;
  float (*read)(const unsigned char*);
};
constexpr std::array kNumberTypes{
    NumberType{"b1", 1, number_at<std::uint8_t>},
    NumberType{"u1", 1, number_at<std::uint8_t>},
    NumberType{"i1", 1, number_at<std::int8_t>},
    NumberType{"u2", 2, number_at<std::uint16_t>},
    NumberType{"i2", 2, number_at<std::int16_t>},
    NumberType{"u4", 4, number_at<std::uint32_t>},
    NumberType{"i4", 4, number_at<std::int32_t>},
    NumberType{"u8", 8, number_at<std::uint64_t>},
    NumberType{"i8", 8, number_at<std::int64_t>},
    NumberType{"f2", 2, number_at<Eigen::half>},
    NumberType{"f4", 4, number_at<float>},
    NumberType{"f8", 8, number_at<double>},
};

const NumberType& type_of(const ByteSource& source, const std::string& type) {
  for (const NumberType& known : kNumberTypes) {
    if (type.substr(1) == known.name) return known;
  }
  source.reject(type,
                "is no type of numbers that can be read",
                "save it with numpy.save(file, array.astype(\"<f4\"))");
}

std::size_t count_of(const ByteSource& source, const Shape& shape) {
  std::int64_t count = 1;
  for (const auto n : shape) {
    if (n > kMaxElements / count) source.reject(to_text(shape), "holds too many values");
    count *= n;
  }
  return static_cast<std::size_t>(count);
}

void require_finite_values(const ByteSource& source, const std::vector<float>& values) {
  for (std::size_t k = 0; k < values.size(); ++k) {
    if (std::isfinite(values[k])) continue;
    source.reject("value " + std::to_string(k) + " is " + (std::isnan(values[k]) ? "nan" : "inf"),
                  "all values are finite numbers",
                  "clean the data");
  }
}

}  // namespace

NumberArray read_npy(ByteSource& source, std::int64_t most_rows) {
  const NpyHeader header = read_npy_header(source);
  const NumberType& type = type_of(source, header.type);
  NumberArray array{.shape = header.shape,
                    .values = {},
                    .is_bytes = type.name == "u1",
                    .is_integer = type.name.front() != 'f'};
  const bool is_part = most_rows > 0 && !array.shape.empty() && most_rows < array.shape[0];
  if (is_part) array.shape[0] = most_rows;
  const std::size_t count = count_of(source, array.shape);
  const auto bytes = source.read_exactly(count * type.size);
  if (!is_part && !source.at_end()) source.reject({}, "is longer than its header says");
  array.values.resize(count);
  for (std::size_t k = 0; k < count; ++k) array.values[k] = type.read(&bytes[k * type.size]);
  require_finite_values(source, array.values);
  return array;
}

}  // namespace memspice::network
