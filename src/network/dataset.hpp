#pragma once
// Labelled images on disk, read once, served in batches.

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "network/tensor.hpp"

namespace memspice::network {

/// What becomes of a pixel p in [0, 1] before the network sees it: (scale p - mean) / deviation.
/// One value for all channels or one per channel; empty: 1, 0 and 1.
struct Normalization {
  std::vector<double> scale = {}, mean = {}, deviation = {};
  bool is_identity() const noexcept { return scale.empty() && mean.empty() && deviation.empty(); }
};

/// One data set for two purposes: which of its images belong to one of them.
struct Split {
  double share = 0.0;        ///< of the images, drawn at random, always the same; 0: no split
  bool takes_share = false;  ///< the drawn ones, else all others
};

struct DatasetOptions {
  std::string kind = "idx";  ///< idx | npy | npz | csv | folder | cifar10 | cifar100 | image_pairs
  /// File under `folder`, gzipped or not; npz: FILE.npz:ARRAY; folder, image_pairs: a subfolder.
  std::filesystem::path images;
  std::filesystem::path labels;
  std::filesystem::path folder;  ///< where images and labels lie; empty: names are used as they are
  int limit = 0;                 ///< first images only; 0: all
  std::string label_column =
      {};  ///< csv: name, or number from 1; empty: called label, class, target
  Split split = {};
  std::vector<int> slices = {};  ///< image_pairs: the numbers N of N.png, in this order
  int foreground = 0;            ///< image_pairs: label value of the class that is looked for
  Normalization normalization = {};
};

/// N x C x H x W, pixels of bytes as byte / 255 in [0, 1], other numbers as they are, and then
/// normalised; with one label each or one for each pixel.
struct Dataset {
  Tensor images;
  std::vector<int> labels;                      ///< N; empty where pixels are labelled
  std::vector<std::uint8_t> label_planes = {};  ///< N x H x W, 1: foreground; empty otherwise
  int largest_label = -1;  ///< of the whole file, past `limit` too; -1 where that is not known
  int count() const noexcept {
    return images.shape.empty() ? 0 : static_cast<int>(images.shape.front());
  }
  bool labels_pixels() const noexcept { return !label_planes.empty(); }
  Tensor batch(int first, int size) const;  ///< images first .. first+size-1
  Dataset first_images(int most) const;     ///< with their labels; all when there are no more
};

/// Throws InputError naming the file for a missing, truncated or malformed file, for counts or
/// sizes that differ between images and labels, for a negative limit, and for a normalisation of
/// another number of channels.
Dataset load_dataset(const DatasetOptions& options);

}  // namespace memspice::network
