#pragma once
// One reader per data set format; load_dataset chooses by name.

#include "network/dataset.hpp"

namespace memspice::network {

/// What to tell a person whose data files are missing: what to get and where it goes.
inline constexpr const char* kIdxRemedy =
    "name the folder that holds the data with --set data.folder=... or MEMSPICE_DATA "
    "(MNIST: the files of http://yann.lecun.com/exdb/mnist/; Fashion-MNIST: Debian's package "
    "dataset-fashion-mnist, or https://github.com/zalandoresearch/fashion-mnist)";
inline constexpr const char* kCifar10Remedy =
    "get the binary version of CIFAR-10 (https://www.cs.toronto.edu/~kriz/cifar.html), unpack it, "
    "and name the folder that holds cifar-10-batches-bin with --set data.folder=... or "
    "MEMSPICE_DATA";
inline constexpr const char* kImagePairsRemedy =
    "get labelled slices, for example those of the ISBI 2012 electron-microscopy segmentation "
    "challenge (https://imagej.net/events/isbi-2012-segmentation-challenge), as image/N.png and "
    "label/N.png with N from 0, and name the folder that holds image and label with "
    "--set data.folder=... or MEMSPICE_DATA";

/// IDX (LeCun): big-endian header, unsigned bytes; N x H x W or N x C x H x W images, N labels.
Dataset load_idx(const DatasetOptions& options);

/// CIFAR-10's binary batches: records of one label byte and 3 x 32 x 32 bytes. `images` names the
/// batch, test_batch.bin by default, in `folder` or its subfolder cifar-10-batches-bin.
Dataset load_cifar10(const DatasetOptions& options);

/// Numbered pairs of PNG images, FOLDER/images/N.png and FOLDER/labels/N.png, all of one size.
Dataset load_image_pairs(const DatasetOptions& options);

/// Byte pixels as floats in [0, 1].
std::vector<float> to_unit_range(const std::vector<unsigned char>& bytes);

}  // namespace memspice::network
