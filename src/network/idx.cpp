// IDX files, the format of MNIST: 0, 0, type, number of axes, then each axis as 32 bits big-endian,
// then the values (http://yann.lecun.com/exdb/mnist/).

#include <algorithm>

#include "base/error.hpp"
#include "network/byte_stream.hpp"
#include "network/dataset_formats.hpp"

namespace memspice::network {
namespace {

constexpr unsigned char kUnsignedByte = 0x08;

std::filesystem::path path_of(const DatasetOptions& options,
                              const std::filesystem::path& name,
                              const char* key) {
  if (!name.empty()) return options.folder / name;
  throw InputError({.place = key,
                    .value = {},
                    .rule = "an idx data set needs a file of images and a file of labels",
                    .remedy = std::string("set ") + key});
}

Shape read_header(ByteStream& stream, std::size_t least_axes, std::size_t most_axes) {
  const auto magic = stream.read_exactly(4);
  if (magic[0] != 0 || magic[1] != 0) stream.reject({}, "is not an IDX file");
  if (magic[2] != kUnsignedByte) {
    stream.reject("type " + std::to_string(magic[2]), "only unsigned bytes (8) can be read");
  }
  if (magic[3] < least_axes || magic[3] > most_axes) {
    stream.reject(std::to_string(magic[3]) + " axes", "images have 2 to 4 axes, labels have 1");
  }
  Shape shape;
  for (int axis = 0; axis < magic[3]; ++axis) {
    std::int64_t n = 0;
    for (const auto byte : stream.read_exactly(4)) n = n * 256 + byte;
    if (n == 0) stream.reject({}, "holds no values: a dimension is 0");
    shape.push_back(n);
  }
  return shape;
}

/// Takes the first `limit` entries (0: all) and checks that the file holds what it says.
std::vector<unsigned char> read_values(ByteStream& stream, Shape& shape, int limit) {
  const bool whole = limit == 0 || limit >= shape[0];
  if (!whole) shape[0] = limit;
  std::int64_t count = 1;
  for (const auto n : shape) {
    if (n > kMaxElements / count) stream.reject(to_text(shape), "holds too many values");
    count *= n;
  }
  auto values = stream.read_exactly(static_cast<std::size_t>(count));
  if (whole && !stream.at_end()) stream.reject({}, "is longer than its header says");
  return values;
}

}  // namespace

Dataset load_idx(const DatasetOptions& options) {
  ByteStream images(path_of(options, options.images, "data.images"), kIdxRemedy);
  ByteStream labels(path_of(options, options.labels, "data.labels"), kIdxRemedy);
  Shape image_shape = read_header(images, 2, 4);
  Shape label_shape = read_header(labels, 1, 1);
  if (image_shape[0] != label_shape[0]) {
    labels.reject(std::to_string(label_shape[0]) + " labels for " + std::to_string(image_shape[0]) +
                      " images",
                  "there is one label per image");
  }
  const auto pixels = read_values(images, image_shape, options.limit);
  // All labels, so that a network with too few outputs shows on the first images already.
  const auto all_labels = read_values(labels, label_shape, 0);
  // Rows of values are images of one row, grey ones of one channel.
  while (image_shape.size() < 4) image_shape.insert(image_shape.begin() + 1, 1);
  const auto taken = all_labels.begin() + image_shape[0];
  return {.images = Tensor(std::move(image_shape), to_unit_range(pixels)),
          .labels = std::vector<int>(all_labels.begin(), taken),
          .largest_label = *std::max_element(all_labels.begin(), all_labels.end())};
}

}  // namespace memspice::network
