#include "network/find_dataset.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>

#include "base/error.hpp"
#include "base/text.hpp"
#include "network/array_file.hpp"

namespace memspice::network {
namespace {

namespace fs = std::filesystem;

constexpr const char* kKinds = "idx, npy, npz, csv, folder, cifar10, cifar100 or image_pairs";
constexpr const char* kTest = "test";
constexpr const char* kTrain = "train";

/// Names in `folder`, sorted; none where it cannot be read.
std::vector<std::string> names_in(const fs::path& folder, bool folders) {
  std::vector<std::string> names;
  std::error_code ec;
  for (const auto& entry : fs::directory_iterator(folder, ec)) {
    const bool is_wanted = folders ? entry.is_directory(ec) : entry.is_regular_file(ec);
    if (is_wanted) names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

/// "t10k-images-idx3-ubyte.gz" -> "t10k-labels-idx1-ubyte.gz".
std::string labels_of(std::string images) {
  for (const auto& [from, to] : {std::pair{"images", "labels"}, std::pair{"idx3", "idx1"}}) {
    const auto at = images.find(from);
    if (at != std::string::npos) images.replace(at, std::string_view(from).size(), to);
  }
  return images;
}

/// The first image file that one of `words` stands in and whose labels are there as well.
std::optional<DatasetOptions> find_idx(const fs::path& folder,
                                       const std::vector<std::string>& names,
                                       const std::vector<std::string>& words) {
  for (const std::string& name : names) {
    if (name.find("idx3-ubyte") == std::string::npos) continue;
    const bool fits = std::any_of(words.begin(), words.end(), [&](const std::string& word) {
      return name.find(word) != std::string::npos;
    });
    const std::string labels = labels_of(name);
    if (!fits || !std::binary_search(names.begin(), names.end(), labels)) continue;
    return DatasetOptions{.kind = "idx", .images = name, .labels = labels, .folder = folder};
  }
  return std::nullopt;
}

std::optional<FoundDataset> find_idx_pair(const fs::path& folder) {
  const std::vector<std::string> names = names_in(folder, false);
  const auto test = find_idx(folder, names, {"t10k", "test"});
  const auto train = find_idx(folder, names, {"train"});
  if (!test || !train) return std::nullopt;
  return FoundDataset{.test = *test, .calibration = *train};
}

/// As it was published, in `folder` or the folder that its archive unpacks to.
std::optional<FoundDataset> find_published(const char* kind,
                                           const fs::path& folder,
                                           const char* unpacked) {
  FoundDataset found = published_dataset(kind, "");
  found.test.folder = found.calibration.folder = folder;
  std::error_code ec;
  for (const fs::path& place : {folder, folder / unpacked}) {
    const bool is_there = fs::exists(place / found.test.images, ec) &&
                          fs::exists(place / found.calibration.images, ec);
    if (is_there) return found;
  }
  return std::nullopt;
}

std::optional<FoundDataset> find_cifar10(const fs::path& folder) {
  return find_published("cifar10", folder, "cifar-10-batches-bin");
}

std::optional<FoundDataset> find_cifar100(const fs::path& folder) {
  return find_published("cifar100", folder, "cifar-100-binary");
}

/// What people call their arrays: images and labels of a part, "%" standing for "test" or "train".
constexpr std::pair<std::string_view, std::string_view> kArrayNames[] = {{"x_%", "y_%"},
                                                                         {"X_%", "y_%"},
                                                                         {"%_images", "%_labels"},
                                                                         {"%_x", "%_y"},
                                                                         {"%_data", "%_labels"},
                                                                         {"images_%", "labels_%"}};

std::string of_part(std::string_view name, std::string_view part) {
  const auto at = name.find('%');
  return std::string(name.substr(0, at)) + std::string(part) + std::string(name.substr(at + 1));
}

/// The four arrays among `names`, each as `file_of` names it; calibration takes the training part.
template <typename FileOf>
std::optional<FoundDataset> find_arrays(const char* kind,
                                        const fs::path& folder,
                                        const std::vector<std::string>& names,
                                        FileOf file_of) {
  const auto has = [&](const std::string& name) {
    return std::ranges::find(names, name) != names.end();
  };
  for (const auto& [images, labels] : kArrayNames) {
    FoundDataset found;
    bool has_all = true;
    for (const auto& [options, part] :
         {std::pair{&found.test, kTest}, std::pair{&found.calibration, kTrain}}) {
      has_all = has_all && has(of_part(images, part)) && has(of_part(labels, part));
      *options = {.kind = kind,
                  .images = file_of(of_part(images, part)),
                  .labels = file_of(of_part(labels, part)),
                  .folder = folder};
    }
    if (has_all) return found;
  }
  return std::nullopt;
}

std::optional<FoundDataset> find_npz(const fs::path& folder) {
  for (const std::string& file : names_in(folder, false)) {
    if (!file.ends_with(".npz")) continue;
    const auto found = find_arrays("npz", folder, arrays_in(folder / file), [&](const auto& name) {
      return file + ':' + name;
    });
    if (found) return found;
  }
  return std::nullopt;
}

std::optional<FoundDataset> find_npy(const fs::path& folder) {
  std::vector<std::string> arrays;
  for (const std::string& file : names_in(folder, false)) {
    if (file.ends_with(".npy")) arrays.push_back(file.substr(0, file.size() - 4));
  }
  return find_arrays("npy", folder, arrays, [](const auto& name) { return name + ".npy"; });
}

/// A file of each part, its labels among its columns.
std::optional<FoundDataset> find_csv(const fs::path& folder) {
  const std::vector<std::string> names = names_in(folder, false);
  const auto named = [&](std::string_view part) {
    return std::ranges::find_if(names, [&](const std::string& name) {
      const bool is_table = name.ends_with(".csv") || name.ends_with(".csv.gz");
      return is_table && name.find(part) != std::string::npos;
    });
  };
  const auto test = named(kTest), train = named(kTrain);
  if (test == names.end() || train == names.end()) return std::nullopt;
  return FoundDataset{
      .test = {.kind = "csv", .images = *test, .labels = {}, .folder = folder},
      .calibration = {.kind = "csv", .images = *train, .labels = {}, .folder = folder}};
}

/// Subfolders of a class each, at least two, in both parts.
std::optional<FoundDataset> find_folders(const fs::path& folder) {
  for (const char* part : {kTest, kTrain}) {
    if (names_in(folder / part, true).size() < 2) return std::nullopt;
  }
  return FoundDataset{
      .test = {.kind = "folder", .images = kTest, .labels = {}, .folder = folder},
      .calibration = {.kind = "folder", .images = kTrain, .labels = {}, .folder = folder}};
}

/// The numbers N of the files N.png.
std::vector<int> slices_in(const fs::path& folder) {
  constexpr long long largest = 999'999;
  std::vector<int> slices;
  for (const std::string& name : names_in(folder, false)) {
    if (!name.ends_with(".png")) continue;
    const auto number = parse_integer(name.substr(0, name.size() - 4));
    const bool is_slice =
        number && *number >= 0 && *number <= largest && std::to_string(*number) + ".png" == name;
    if (is_slice) slices.push_back(static_cast<int>(*number));
  }
  std::sort(slices.begin(), slices.end());
  return slices;
}

std::optional<FoundDataset> find_image_pairs(const fs::path& folder) {
  DatasetOptions options{.kind = "image_pairs", .images = {}, .labels = {}, .folder = folder};
  for (const std::string& name : names_in(folder, true)) {
    if (name.starts_with("image")) options.images = name;
    if (name.starts_with("label")) options.labels = name;
  }
  if (options.images.empty() || options.labels.empty()) return std::nullopt;
  const std::vector<int> images = slices_in(folder / options.images);
  const std::vector<int> labels = slices_in(folder / options.labels);
  std::vector<int> slices;
  std::ranges::set_intersection(images, labels, std::back_inserter(slices));
  if (slices.size() < 2) return std::nullopt;  // one to score, one for ranges
  constexpr std::size_t scored_share = 5;
  const auto scored =
      static_cast<std::ptrdiff_t>(std::max<std::size_t>(slices.size() / scored_share, 1));
  FoundDataset found{.test = options, .calibration = options};
  found.test.slices = {slices.end() - scored, slices.end()};
  found.calibration.slices = {slices.begin(), slices.end() - scored};
  return found;
}

}  // namespace

FoundDataset find_dataset(const fs::path& folder, const std::string& place) {
  for (const auto& find : {find_idx_pair,
                           find_cifar10,
                           find_cifar100,
                           find_npz,
                           find_npy,
                           find_csv,
                           find_folders,
                           find_image_pairs}) {
    if (const auto found = find(folder)) return *found;
  }
  reject(
      place,
      in_quotes(folder.string()),
      std::string("holds no data set of kind ") + kKinds,
      "it needs t10k-images-idx3-ubyte.gz with its labels and the train files; x_test, y_test, "
      "x_train and y_train as .npy files or in an .npz; test.csv and train.csv; folders test and "
      "train with one of each class within; the binary batches of CIFAR; or folders image and "
      "label of files N.png");
}

FoundDataset published_dataset(const std::string& kind, const std::string& place) {
  /// Of each kind: test images, test labels, calibration images, calibration labels.
  static const std::map<std::string, std::array<const char*, 4>> names{
      {"idx",
       {"t10k-images-idx3-ubyte.gz",
        "t10k-labels-idx1-ubyte.gz",
        "train-images-idx3-ubyte.gz",
        "train-labels-idx1-ubyte.gz"}},
      {"npy", {"x_test.npy", "y_test.npy", "x_train.npy", "y_train.npy"}},
      {"npz", {"data.npz:x_test", "data.npz:y_test", "data.npz:x_train", "data.npz:y_train"}},
      {"csv", {"test.csv", "", "train.csv", ""}},
      {"folder", {kTest, "", kTrain, ""}},
      {"cifar10", {"test_batch.bin", "", "data_batch_1.bin", ""}},
      {"cifar100", {"test.bin", "", "train.bin", ""}},
      {"image_pairs", {"image", "label", "image", "label"}}};
  const auto known = names.find(kind);
  if (known == names.end()) {
    reject(place,
           in_quotes(kind),
           "is neither a folder nor a kind of data set",
           std::string("give a folder that is there, or ") + kKinds);
  }
  const auto& [test_images, test_labels, images, labels] = known->second;
  FoundDataset found;
  found.test.kind = found.calibration.kind = kind;
  found.test.images = test_images;
  found.test.labels = test_labels;
  found.calibration.images = images;
  found.calibration.labels = labels;
  if (kind != "image_pairs") return found;
  found.test.slices = {24, 25, 26, 27, 28, 29};
  for (int n = 0; n < found.test.slices.front(); ++n) found.calibration.slices.push_back(n);
  return found;
}

std::string slices_text(const std::vector<int>& slices) {
  std::vector<std::string> parts;
  for (std::size_t k = 0; k < slices.size();) {
    std::size_t last = k;
    while (last + 1 < slices.size() && slices[last + 1] == slices[last] + 1) ++last;
    const std::string first = std::to_string(slices[k]);
    parts.push_back(last == k ? first : first + '-' + std::to_string(slices[last]));
    k = last + 1;
  }
  return join(parts, ", ");
}

}  // namespace memspice::network
