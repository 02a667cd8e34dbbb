#pragma once
// Labelled images on disk, read once, served in batches.

#include <filesystem>
#include <string>
#include <vector>

#include "network/tensor.hpp"

namespace memspice::network {

struct DatasetOptions {
  std::string kind = "idx";      ///< idx | cifar10 | image_pairs
  std::filesystem::path images;  ///< file name under `folder`, gzipped or not
  std::filesystem::path labels;
  std::filesystem::path folder;  ///< where images and labels lie; empty: names are used as they are
  int limit = 0;                 ///< first images only; 0: all
};

/// N x C x H x W in [0, 1] (byte / 255) with one label each.
struct Dataset {
  Tensor images;
  std::vector<int> labels;
  int count() const noexcept { return static_cast<int>(labels.size()); }
  Tensor batch(int first, int size) const;  ///< images first .. first+size-1
};

/// Throws InputError naming the file for a missing, truncated or malformed file, for counts that
/// differ between images and labels, and for a negative limit.
Dataset load_dataset(const DatasetOptions& options);

}  // namespace memspice::network
