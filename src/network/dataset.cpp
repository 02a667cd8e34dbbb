#include "network/dataset.hpp"

#include <algorithm>
#include <array>
#include <cassert>

#include "base/error.hpp"
#include "base/text.hpp"
#include "network/dataset_formats.hpp"

namespace memspice::network {
namespace {

struct Format {
  const char* kind;
  Dataset (*load)(const DatasetOptions&);
};

/// Every data set format; one line adds one.
constexpr std::array kFormats{
    Format{"idx", load_idx},
    Format{"cifar10", load_cifar10},
    Format{"image_pairs", load_image_pairs},
};

}  // namespace

Tensor Dataset::batch(int first, int size) const {
  assert(first >= 0 && size >= 0 && first <= count() - size);
  Shape shape = images.shape;
  shape[0] = size;
  const auto image = images.size() / count();
  const auto begin = images.data.begin() + first * image;
  return Tensor(std::move(shape), std::vector<float>(begin, begin + size * image));
}

Dataset Dataset::first_images(int most) const {
  const int taken = std::min(most, count());
  Dataset head{.images = batch(0, taken), .labels = {}};
  if (!labels_pixels()) {
    head.labels.assign(labels.begin(), labels.begin() + taken);
    return head;
  }
  const auto plane = static_cast<std::ptrdiff_t>(label_planes.size()) / count();
  head.label_planes.assign(label_planes.begin(), label_planes.begin() + taken * plane);
  return head;
}

std::vector<float> to_unit_range(const std::vector<unsigned char>& bytes) {
  std::vector<float> values(bytes.size());
  std::ranges::transform(
      bytes, values.begin(), [](unsigned char byte) { return static_cast<float>(byte) / 255.0F; });
  return values;
}

Dataset load_dataset(const DatasetOptions& options) {
  if (options.limit < 0) {
    throw InputError({.place = "data.limit",
                      .value = std::to_string(options.limit),
                      .rule = "the number of images is not negative",
                      .remedy = "use 0 for all images"});
  }
  std::vector<std::string> kinds;
  for (const Format& format : kFormats) {
    if (options.kind == format.kind) return format.load(options);
    kinds.emplace_back(format.kind);
  }
  throw InputError({.place = "data.kind",
                    .value = "\"" + options.kind + "\"",
                    .rule = "is no data set format that can be read",
                    .remedy = suggest(options.kind, kinds)});
}

}  // namespace memspice::network
