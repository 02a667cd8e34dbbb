// Numbered slices with a label for each pixel: FOLDER/images/N.png and FOLDER/labels/N.png.

#include <algorithm>

#include "base/error.hpp"
#include "network/dataset_formats.hpp"
#include "network/png_image.hpp"

namespace memspice::network {
namespace {

namespace fs = std::filesystem;

struct Pair {
  fs::path image_path, label_path;
  PixelImage image, label;
};

[[noreturn]] void reject_pairs(const fs::path& path,
                               const std::string& value,
                               const std::string& rule) {
  throw InputError({.place = path.string(), .value = value, .rule = rule, .remedy = {}});
}

Pair read_pair(const DatasetOptions& options, int slice) {
  const std::string name = std::to_string(slice) + ".png";
  Pair pair;
  pair.image_path = options.folder / options.images / name;
  pair.label_path = options.folder / options.labels / name;
  pair.image = read_png(pair.image_path, kImagePairsRemedy);
  pair.label = read_png(pair.label_path, kImagePairsRemedy);
  if (pair.label.channels != 1) reject_pairs(pair.label_path, "RGB", "labels are grey");
  if (size_of(pair.label) != size_of(pair.image)) {
    reject_pairs(pair.label_path, size_of(pair.label), "its image has " + size_of(pair.image));
  }
  return pair;
}

void require_same_shape(const Pair& pair, const PixelImage& first) {
  if (size_of(pair.image) == size_of(first) && pair.image.channels == first.channels) return;
  reject_pairs(pair.image_path, form_of(pair.image), "the images before have " + form_of(first));
}

std::vector<int> chosen_slices(const DatasetOptions& options) {
  std::vector<int> slices = options.slices;
  if (options.limit > 0 && static_cast<std::size_t>(options.limit) < slices.size()) {
    slices.resize(static_cast<std::size_t>(options.limit));
  }
  if (!slices.empty()) return slices;
  throw InputError({.place = "data.slices",
                    .value = {},
                    .rule = "image pairs are numbered, and none is named",
                    .remedy = "set data.slices, for example \"24-29\""});
}

/// One allocation for all, checked before it is made.
Tensor make_images(const PixelImage& first, std::size_t count, const fs::path& path) {
  const Shape shape{static_cast<std::int64_t>(count), first.channels, first.height, first.width};
  std::int64_t room = kMaxElements;
  for (const std::int64_t extent : shape) room /= std::max<std::int64_t>(extent, 1);
  if (room == 0) reject_pairs(path, to_text(shape), "holds too many values");
  return Tensor(shape);
}

}  // namespace

Dataset load_image_pairs(const DatasetOptions& options) {
  const std::vector<int> slices = chosen_slices(options);
  Dataset dataset;
  PixelImage first;
  for (std::size_t n = 0; n < slices.size(); ++n) {
    const Pair pair = read_pair(options, slices[n]);
    if (n == 0) {
      first = pair.image;
      dataset.images = make_images(first, slices.size(), pair.image_path);
    }
    require_same_shape(pair, first);
    copy_image(pair.image, dataset.images.data.data() + n * first.pixels.size());
    for (const unsigned char value : pair.label.pixels) {
      dataset.label_planes.push_back(value == options.foreground ? 1 : 0);
    }
  }
  return dataset;
}

}  // namespace memspice::network
