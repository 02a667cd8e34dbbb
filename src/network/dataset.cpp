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

/// (scale p - mean) / deviation, rounded once.
void normalize(Tensor& images, const Normalization& normalization) {
  if (normalization.is_identity()) return;
  const std::int64_t channels = images.shape[1];
  const auto scale = per_channel(normalization.scale, 1.0, channels, "data.scale");
  const auto mean = per_channel(normalization.mean, 0.0, channels, "data.mean");
  const auto deviation = per_channel(normalization.deviation, 1.0, channels, "data.std");
  const auto plane = static_cast<std::size_t>(images.shape[2] * images.shape[3]);
  for (std::size_t k = 0; k < images.data.size(); ++k) {
    const std::size_t c = k / plane % scale.size();
    const double value = scale[c] * static_cast<double>(images.data[k]) - mean[c];
    images.data[k] = static_cast<float>(value / deviation[c]);
  }
}

Dataset load(const Format& format, const DatasetOptions& options) {
  Dataset dataset = format.load(options);
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
