#pragma once
// What kind of data set a folder holds, and which of its files are scored.

#include <filesystem>
#include <string>
#include <vector>

#include "network/dataset.hpp"

namespace memspice::network {

/// The images to score, and others for ranges and stimuli; both of one kind and folder.
struct FoundDataset {
  DatasetOptions test, calibration;
};

/// By the names of the files: idx from *idx3-ubyte* (t10k or test beside train), cifar10 from
/// test_batch.bin, cifar100 from test.bin, npz from an archive of x_test, y_test, x_train, y_train
/// (or test_images and so on), npy from such files, csv from test.csv beside train.csv, folder from
/// subfolders test and train of a folder for each class, image_pairs from subfolders image* and
/// label* of files N.png, the last fifth of which is scored. Throws InputError at `place` where it
/// is none of them.
FoundDataset find_dataset(const std::filesystem::path& folder, const std::string& place);

/// The names that a data set of this kind has where it was published; of image_pairs those that
/// flows/ckf_membranes.toml explains. Folder empty. Throws InputError at `place` for another kind.
FoundDataset published_dataset(const std::string& kind, const std::string& place);

/// "24-29": what data.slices reads.
std::string slices_text(const std::vector<int>& slices);

}  // namespace memspice::network
