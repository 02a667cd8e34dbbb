// Images and labels as NumPy arrays.

#include "base/error.hpp"
#include "network/array_file.hpp"
#include "network/dataset_formats.hpp"
#include "network/labels.hpp"

namespace memspice::network {
namespace {

[[noreturn]] void reject_array(const std::string& name, const Shape& shape, const char* rule) {
  throw InputError({.place = name,
                    .value = to_text(shape),
                    .rule = rule,
                    .remedy = "name another array, or save it in that shape"});
}

/// N x C x H x W: rows of values are images of one row, planes images of one channel.
Shape image_shape(const std::string& name, Shape shape) {
  if (shape.size() < 2 || shape.size() > 4) {
    reject_array(name, shape, "images have 2 to 4 axes, the first of them their number");
  }
  while (shape.size() < 4) shape.insert(shape.begin() + 1, 1);
  return shape;
}

std::vector<int> labels_of(const std::string& name, const NumberArray& array) {
  const bool is_column = array.shape.size() == 2 && array.shape[1] == 1;
  if (array.shape.size() != 1 && !is_column) {
    reject_array(name, array.shape, "labels are one whole number for each image");
  }
  std::vector<int> labels;
  labels.reserve(array.values.size());
  for (const float value : array.values) {
    labels.push_back(whole_label(name, labels.size(), static_cast<double>(value)));
  }
  return labels;
}

}  // namespace

Dataset load_arrays(const DatasetOptions& options) {
  const std::string images = options.images.string(), labels = options.labels.string();
  NumberArray pixels = read_array_file(options.folder, images, kArraysRemedy, options.limit);
  const NumberArray classes = read_array_file(options.folder, labels, kArraysRemedy);
  Dataset dataset{.images = Tensor(image_shape(images, pixels.shape), std::move(pixels.values)),
                  .labels = labels_of(labels, classes)};
  if (pixels.is_bytes) to_unit_range(dataset.images.data);
  take_labels(labels, options.limit, dataset);
  return dataset;
}

}  // namespace memspice::network
