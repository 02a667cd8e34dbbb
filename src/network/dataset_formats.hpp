#pragma once
// One reader per data set format; load_dataset chooses by name.

#include "network/dataset.hpp"

namespace memspice::network {

/// What to tell a person whose data files are missing.
inline constexpr const char* kDataRemedy =
    "name the folder that holds the data with --set data.folder=... or MEMSPICE_DATA";

/// IDX (LeCun): big-endian header, unsigned bytes; N x H x W or N x C x H x W images, N labels.
Dataset load_idx(const DatasetOptions& options);

/// CIFAR-10's binary batches: records of one label byte and 3 x 32 x 32 bytes. `images` names the
/// batch, test_batch.bin by default, in `folder` or its subfolder cifar-10-batches-bin.
Dataset load_cifar10(const DatasetOptions& options);

/// Byte pixels as floats in [0, 1].
std::vector<float> to_unit_range(const std::vector<unsigned char>& bytes);

}  // namespace memspice::network
