#include "network/find_dataset.hpp"

#include <algorithm>
#include <optional>

#include "base/error.hpp"
#include "base/text.hpp"

namespace memspice::network {
namespace {

namespace fs = std::filesystem;

constexpr const char* kKinds = "idx, cifar10 or image_pairs";

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

std::optional<FoundDataset> find_cifar10(const fs::path& folder) {
  FoundDataset found = published_dataset("cifar10", "");
  found.test.folder = found.calibration.folder = folder;
  std::error_code ec;
  for (const fs::path& place : {folder, folder / "cifar-10-batches-bin"}) {
    const bool is_there = fs::exists(place / found.test.images, ec) &&
                          fs::exists(place / found.calibration.images, ec);
    if (is_there) return found;
  }
  return std::nullopt;
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
  for (const auto& find : {find_idx_pair, find_cifar10, find_image_pairs}) {
    if (const auto found = find(folder)) return *found;
  }
  reject(
      place,
      in_quotes(folder.string()),
      std::string("holds no data set of kind ") + kKinds,
      "it needs t10k-images-idx3-ubyte.gz with its labels and the train files, or test_batch.bin "
      "and data_batch_1.bin, or subfolders image and label of files N.png");
}

FoundDataset published_dataset(const std::string& kind, const std::string& place) {
  DatasetOptions test, calibration;
  test.kind = calibration.kind = kind;
  if (kind == "idx") {
    test.images = "t10k-images-idx3-ubyte.gz";
    calibration.images = "train-images-idx3-ubyte.gz";
    test.labels = labels_of(test.images.string());
    calibration.labels = labels_of(calibration.images.string());
  } else if (kind == "cifar10") {
    test.images = "test_batch.bin";
    calibration.images = "data_batch_1.bin";
  } else if (kind == "image_pairs") {
    test.images = calibration.images = "image";
    test.labels = calibration.labels = "label";
    test.slices = {24, 25, 26, 27, 28, 29};
    for (int n = 0; n < test.slices.front(); ++n) calibration.slices.push_back(n);
  } else {
    reject(place,
           in_quotes(kind),
           "is neither a folder nor a kind of data set",
           std::string("give a folder that is there, or ") + kKinds);
  }
  return {.test = test, .calibration = calibration};
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
