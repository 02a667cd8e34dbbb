// IDX files, the format of MNIST: 0, 0, type, number of axes, then each axis as 32 bits big-endian,
// then the values, big-endian too (http://yann.lecun.com/exdb/mnist/).

#include <algorithm>
#include <array>
#include <bit>
#include <span>

#include "base/error.hpp"
#include "network/byte_stream.hpp"
#include "network/dataset_formats.hpp"

namespace memspice::network {
namespace {

template <typename T, typename Bits>
double value_of(const unsigned char* bytes) {
  Bits bits = 0;
  for (std::size_t k = 0; k < sizeof(Bits); ++k) {
    bits = static_cast<Bits>(static_cast<std::uint64_t>(bits) << 8U | bytes[k]);
  }
  return static_cast<double>(std::bit_cast<T>(bits));
}

/// Of the values of a file.
struct ElementType {
  unsigned char code;
  std::size_t bytes;
  bool is_whole;  ///< may be labels
  double (*value)(const unsigned char*);
};

constexpr unsigned char kUnsignedByte = 0x08;
constexpr std::array kTypes{
    ElementType{kUnsignedByte, 1, true, value_of<std::uint8_t, std::uint8_t>},
    ElementType{0x09, 1, true, value_of<std::int8_t, std::uint8_t>},
    ElementType{0x0B, 2, true, value_of<std::int16_t, std::uint16_t>},
    ElementType{0x0C, 4, true, value_of<std::int32_t, std::uint32_t>},
    ElementType{0x0D, 4, false, value_of<float, std::uint32_t>},
    ElementType{0x0E, 8, false, value_of<double, std::uint64_t>},
};

/// What a file says of its values.
struct Header {
  const ElementType* type;
  Shape shape;
};

std::filesystem::path path_of(const DatasetOptions& options,
                              const std::filesystem::path& name,
                              const char* key) {
  if (!name.empty()) return options.folder / name;
  throw InputError({.place = key,
                    .value = {},
                    .rule = "an idx data set needs a file of images and a file of labels",
                    .remedy = std::string("set ") + key});
}

const ElementType& read_type(ByteStream& stream, unsigned char code) {
  const auto* found = std::ranges::find(kTypes, code, &ElementType::code);
  if (found == kTypes.end()) {
    stream.reject("type " + std::to_string(code),
                  "is none of 8, 9 (bytes), 11, 12 (integers), 13, 14 (floats)");
  }
  return *found;
}

Header read_header(ByteStream& stream, std::size_t least_axes, std::size_t most_axes) {
  const auto magic = stream.read_exactly(4);
  if (magic[0] != 0 || magic[1] != 0) stream.reject({}, "is not an IDX file");
  Header header{.type = &read_type(stream, magic[2]), .shape = {}};
  if (magic[3] < least_axes || magic[3] > most_axes) {
    stream.reject(std::to_string(magic[3]) + " axes", "images have 2 to 4 axes, labels have 1");
  }
  for (int axis = 0; axis < magic[3]; ++axis) {
    std::int64_t n = 0;
    for (const auto byte : stream.read_exactly(4)) n = n * 256 + byte;
    if (n == 0) stream.reject({}, "holds no values: a dimension is 0");
    header.shape.push_back(n);
  }
  return header;
}

/// Takes the first `limit` entries (0: all) and checks that the file holds what it says.
std::vector<unsigned char> read_values(ByteStream& stream, Header& header, int limit) {
  Shape& shape = header.shape;
  const bool whole = limit == 0 || limit >= shape[0];
  if (!whole) shape[0] = limit;
  std::int64_t count = 1;
  for (const auto n : shape) {
    if (n > kMaxElements / count) stream.reject(to_text(shape), "holds too many values");
    count *= n;
  }
  auto values = stream.read_exactly(static_cast<std::size_t>(count) * header.type->bytes);
  if (whole && !stream.at_end()) stream.reject({}, "is longer than its header says");
  return values;
}

/// Bytes are pixels of 0 to 1; any other type says the values themselves.
std::vector<float> image_values(const ElementType& type, const std::vector<unsigned char>& bytes) {
  if (type.code == kUnsignedByte) return to_unit_range(bytes);
  std::vector<float> values;
  values.reserve(bytes.size() / type.bytes);
  for (std::size_t k = 0; k < bytes.size(); k += type.bytes) {
    values.push_back(static_cast<float>(type.value(&bytes[k])));
  }
  return values;
}

std::vector<int> read_labels(ByteStream& stream, Header& header) {
  if (!header.type->is_whole) {
    stream.reject("type " + std::to_string(header.type->code), "labels are whole numbers");
  }
  const auto bytes = read_values(stream, header, 0);
  std::vector<int> labels;
  for (std::size_t k = 0; k < bytes.size(); k += header.type->bytes) {
    labels.push_back(static_cast<int>(header.type->value(&bytes[k])));
    if (labels.back() < 0) stream.reject(std::to_string(labels.back()), "labels count from 0");
  }
  return labels;
}

}  // namespace

Dataset load_idx(const DatasetOptions& options) {
  ByteStream images(path_of(options, options.images, "data.images"), kIdxRemedy);
  ByteStream labels(path_of(options, options.labels, "data.labels"), kIdxRemedy);
  Header of_images = read_header(images, 2, 4);
  Header of_labels = read_header(labels, 1, 1);
  if (of_images.shape[0] != of_labels.shape[0]) {
    labels.reject(std::to_string(of_labels.shape[0]) + " labels for " +
                      std::to_string(of_images.shape[0]) + " images",
                  "there is one label per image");
  }
  const auto pixels = read_values(images, of_images, options.limit);
  Shape& shape = of_images.shape;
  // All labels, so that a network with too few outputs shows on the first images already.
  std::vector<int> all_labels = read_labels(labels, of_labels);
  // Rows of values are images of one row, grey ones of one channel.
  while (shape.size() < 4) shape.insert(shape.begin() + 1, 1);
  const int largest = *std::ranges::max_element(all_labels);
  all_labels.resize(static_cast<std::size_t>(shape[0]));
  auto values = image_values(*of_images.type, pixels);
  return {.images = Tensor(std::move(shape), std::move(values)),
          .labels = std::move(all_labels),
          .largest_label = largest};
}

}  // namespace memspice::network
