#include "network/labels.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "base/text.hpp"

namespace memspice::network {

int whole_label(const std::string& name, std::size_t index, double value) {
  constexpr double kMost = 999'999.0;
  if (value >= 0.0 && value <= kMost && value == std::trunc(value)) return static_cast<int>(value);
  throw InputError({.place = name,
                    .value = memspice::to_text(value) + ", number " + std::to_string(index),
                    .rule = "labels are whole numbers from 0",
                    .remedy = "number the classes from 0 in the order of the network's outputs"});
}

void take_labels(const std::string& name, int limit, Dataset& dataset) {
  const auto images = static_cast<std::size_t>(dataset.count());
  const std::size_t all = dataset.labels.size();
  const bool is_part = limit > 0 && images == static_cast<std::size_t>(limit) && all > images;
  if (all != images && !is_part) {
    throw InputError(
        {.place = name,
         .value = std::to_string(all) + " labels for " + std::to_string(images) + " images",
         .rule = "there is one label per image",
         .remedy = "name the labels of these images"});
  }
  dataset.largest_label = *std::ranges::max_element(dataset.labels);
  dataset.labels.resize(images);
}

}  // namespace memspice::network
