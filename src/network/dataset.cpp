#include "network/dataset.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <numeric>

#include "base/error.hpp"
#include "base/random.hpp"
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
    Format{"npy", load_arrays},
    Format{"npz", load_arrays},
    Format{"csv", load_csv},
    Format{"folder", load_folder},
    Format{"cifar10", load_cifar10},
    Format{"cifar100", load_cifar100},
    Format{"image_pairs", load_image_pairs},
};

/// One of the normalisation's values per channel.
std::vector<double> per_channel(const std::vector<double>& values,
                                double otherwise,
                                std::int64_t channels,
                                const char* key) {
  const auto count = static_cast<std::size_t>(channels);
  if (values.empty()) return std::vector<double>(count, otherwise);
  if (values.size() == 1) return std::vector<double>(count, values.front());
  if (values.size() == count) return values;
  throw InputError({.place = key,
                    .value = std::to_string(values.size()) + " values",
                    .rule = "the images have " + std::to_string(channels) +
                            (channels == 1 ? " channel" : " channels"),
                    .remedy = "give one number for all channels, or one for each"});
}

/// Where channels are: behind the images' number, or last where only that fits the values given
/// and the images are not grey.
std::size_t channel_axis(const Shape& shape, const Normalization& normalization) {
  std::size_t given = 1;
  for (const auto* values : {&normalization.scale, &normalization.mean, &normalization.deviation}) {
    given = std::max(given, values->size());
  }
  const auto is_axis = [&](std::size_t axis) {
    return static_cast<std::size_t>(shape[axis]) == given;
  };
  return shape[1] > 1 && !is_axis(1) && is_axis(3) ? 3 : 1;
}

/// (scale p - mean) / deviation, rounded once.
void normalize(Tensor& images, const Normalization& normalization) {
  if (normalization.is_identity()) return;
  const std::size_t axis = channel_axis(images.shape, normalization);
  const std::int64_t channels = images.shape[axis];
  const auto scale = per_channel(normalization.scale, 1.0, channels, "data.scale");
  const auto mean = per_channel(normalization.mean, 0.0, channels, "data.mean");
  const auto deviation = per_channel(normalization.deviation, 1.0, channels, "data.std");
  const auto plane =
      axis == 3 ? std::size_t{1} : static_cast<std::size_t>(images.shape[2] * images.shape[3]);
  for (std::size_t k = 0; k < images.data.size(); ++k) {
    const std::size_t c = k / plane % scale.size();
    const double value = scale[c] * static_cast<double>(images.data[k]) - mean[c];
    images.data[k] = static_cast<float>(value / deviation[c]);
  }
}

/// The images of a split, in their order.
std::vector<int> drawn_images(int count, const Split& split) {
  std::vector<int> order(static_cast<std::size_t>(count));
  std::iota(order.begin(), order.end(), 0);
  RandomStream random(1, "data/split");
  for (std::size_t k = order.size(); k > 1; --k) std::swap(order[k - 1], order[random.below(k)]);
  const auto share = static_cast<std::ptrdiff_t>(std::ceil(split.share * count));
  std::vector<int> taken(split.takes_share ? order.begin() : order.begin() + share,
                         split.takes_share ? order.begin() + share : order.end());
  std::ranges::sort(taken);
  return taken;
}

Dataset select(const Dataset& all, const std::vector<int>& taken, int limit) {
  const std::size_t count =
      limit == 0 ? taken.size() : std::min(taken.size(), static_cast<std::size_t>(limit));
  Dataset part{.images = {}, .labels = {}};
  part.largest_label = all.largest_label;
  part.images.shape = all.images.shape;
  part.images.shape[0] = static_cast<std::int64_t>(count);
  const auto size = static_cast<std::ptrdiff_t>(all.images.size() / all.count());
  for (std::size_t k = 0; k < count; ++k) {
    const auto first = all.images.data.begin() + taken[k] * size;
    part.images.data.insert(part.images.data.end(), first, first + size);
    part.labels.push_back(all.labels[static_cast<std::size_t>(taken[k])]);
  }
  return part;
}

/// Of a whole file, so that both parts agree on it.
Dataset load_split(const Format& format, const DatasetOptions& options) {
  DatasetOptions whole = options;
  whole.limit = 0;
  const Dataset all = format.load(whole);
  const std::vector<int> taken = drawn_images(all.count(), options.split);
  if (!taken.empty()) return select(all, taken, options.limit);
  throw InputError({.place = "data.split",
                    .value = memspice::to_text(options.split.share),
                    .rule = "leaves none of " + std::to_string(all.count()) + " images to score",
                    .remedy = "make it smaller"});
}

Dataset load(const Format& format, const DatasetOptions& options) {
  Dataset dataset = options.split.share > 0.0 ? load_split(format, options) : format.load(options);
  normalize(dataset.images, options.normalization);
  if (!dataset.labels.empty()) {
    dataset.largest_label =
        std::max(dataset.largest_label, *std::ranges::max_element(dataset.labels));
  }
  return dataset;
}

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
  head.largest_label = largest_label;
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

void to_unit_range(std::vector<float>& values) {
  for (float& value : values) value /= 255.0F;
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
    if (options.kind == format.kind) return load(format, options);
    kinds.emplace_back(format.kind);
  }
  throw InputError({.place = "data.kind",
                    .value = "\"" + options.kind + "\"",
                    .rule = "is no data set format that can be read",
                    .remedy = suggest(options.kind, kinds)});
}

}  // namespace memspice::network
