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

inline constexpr const char* kCifar100Remedy =
    "get the binary version of CIFAR-100 (https://www.cs.toronto.edu/~kriz/cifar.html), unpack it, "
    "and name the folder that holds cifar-100-binary with --set data.folder=... or MEMSPICE_DATA";
inline constexpr const char* kArraysRemedy =
    "save images and labels with numpy.save or numpy.savez, and name their folder with "
    "--set data.folder=... or MEMSPICE_DATA";
inline constexpr const char* kTableRemedy =
    "name the folder that holds the table with --set data.folder=... or MEMSPICE_DATA";
inline constexpr const char* kFolderRemedy =
    "put the images of each class into a subfolder of its name, and name the folder around them "
    "with data.images, in --set data.folder=... or MEMSPICE_DATA";

/// IDX (LeCun): big-endian header, then unsigned bytes, or integers and floats as they are; N rows,
/// N x H x W or N x C x H x W images, N labels.
Dataset load_idx(const DatasetOptions& options);

/// CIFAR-10's binary batches: records of one label byte and 3 x 32 x 32 bytes. `images` names the
/// batch, test_batch.bin by default, in `folder` or its subfolder cifar-10-batches-bin.
Dataset load_cifar10(const DatasetOptions& options);

/// CIFAR-100's: the same behind two label bytes, of which the second is the class. test.bin by
/// default, in `folder` or its subfolder cifar-100-binary.
Dataset load_cifar100(const DatasetOptions& options);

/// NumPy arrays (network/array_file.hpp): images of 2 to 4 axes, bytes as pixels in [0, 1] and all
/// other numbers as they are; N or N x 1 labels.
Dataset load_arrays(const DatasetOptions& options);

/// Rows of comma-, semicolon- or tab-separated numbers, as they are; an image of one row each. The
/// labels are a column (label_column) or a file of their own, as numbers or as names, which are
/// numbered in alphabetical order. A first row without numbers names the columns.
Dataset load_csv(const DatasetOptions& options);

/// A subfolder for each class, numbered in alphabetical order, of PNG or JPEG images of one size
/// and mode. One image of each class after the other, so that the first few are of all classes.
Dataset load_folder(const DatasetOptions& options);

/// Numbered pairs of PNG images, FOLDER/images/N.png and FOLDER/labels/N.png, all of one size.
Dataset load_image_pairs(const DatasetOptions& options);

/// Pixels of 0 .. 255 as floats in [0, 1].
std::vector<float> to_unit_range(const std::vector<unsigned char>& bytes);
void to_unit_range(std::vector<float>& values);

}  // namespace memspice::network
