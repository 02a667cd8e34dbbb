// A folder for each class, as torchvision's ImageFolder and others lay them out.

#include <algorithm>
#include <map>

#include "base/error.hpp"
#include "base/text.hpp"
#include "network/dataset_formats.hpp"
#include "network/jpeg_image.hpp"
#include "network/png_image.hpp"

namespace memspice::network {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void reject_folder(const fs::path& path,
                                const std::string& value,
                                const std::string& rule,
                                const std::string& remedy = kFolderRemedy) {
  throw InputError({.place = path.string(), .value = value, .rule = rule, .remedy = remedy});
}

/// What lies in a folder and is not hidden, by name.
std::vector<fs::path> entries_of(const fs::path& folder) {
  std::error_code ec;
  if (!fs::is_directory(folder, ec)) reject_folder(folder, {}, "no such folder");
  std::vector<fs::path> entries;
  for (const auto& entry : fs::directory_iterator(folder, ec)) {
    if (!entry.path().filename().string().starts_with('.')) entries.push_back(entry.path());
  }
  if (ec) reject_folder(folder, ec.message(), "cannot be listed");
  std::ranges::sort(entries);
  return entries;
}

std::string extension_of(const fs::path& file) {
  return to_lower(file.extension().string());
}

PixelImage read_image(const fs::path& file) {
  if (extension_of(file) == ".png") return read_png(file, {});
  return read_jpeg(file);
}

/// classes[label]: its files.
std::vector<std::vector<fs::path>> list_classes(const fs::path& folder) {
  std::vector<std::vector<fs::path>> classes;
  for (const fs::path& entry : entries_of(folder)) {
    std::error_code ec;
    if (!fs::is_directory(entry, ec)) continue;  // a list or a licence beside the classes
    classes.push_back(entries_of(entry));
    for (const fs::path& file : classes.back()) {
      const std::string kind = extension_of(file);
      if (kind == ".png" || kind == ".jpg" || kind == ".jpeg") continue;
      reject_folder(file, {}, "is no PNG or JPEG image", "convert it, or leave it out");
    }
  }
  if (classes.empty()) reject_folder(folder, {}, "holds no subfolder, and so no class");
  return classes;
}

struct LabelledFile {
  fs::path file;
  int label;
};

void require_room(const fs::path& folder, std::size_t count, const PixelImage& image) {
  const std::int64_t each = std::int64_t{image.height} * image.width * image.channels;
  if (static_cast<std::int64_t>(count) <= kMaxElements / each) return;
  reject_folder(folder,
                std::to_string(count) + " images of " + form_of(image),
                "are more than " + std::to_string(kMaxElements) + " values",
                "set data.limit to " + std::to_string(kMaxElements / each) + " or less");
}

/// The first of each class, then the second, and so on.
std::vector<LabelledFile> deal(const std::vector<std::vector<fs::path>>& classes) {
  std::vector<LabelledFile> files;
  std::size_t most = 0;
  for (const auto& names : classes) most = std::max(most, names.size());
  for (std::size_t k = 0; k < most; ++k) {
    for (std::size_t c = 0; c < classes.size(); ++c) {
      if (k < classes[c].size()) files.push_back({classes[c][k], static_cast<int>(c)});
    }
  }
  return files;
}

}  // namespace

Dataset load_folder(const DatasetOptions& options) {
  const fs::path folder = options.folder / options.images;
  const auto classes = list_classes(folder);
  std::vector<LabelledFile> files = deal(classes);
  if (files.empty()) reject_folder(folder, {}, "holds no images");
  if (options.limit > 0) files.resize(std::min<std::size_t>(files.size(), options.limit));
  Dataset dataset;
  PixelImage first;
  for (std::size_t k = 0; k < files.size(); ++k) {
    const PixelImage image = read_image(files[k].file);
    if (k == 0) {
      first = {image.height, image.width, image.channels, {}};
      require_room(folder, files.size(), image);
      dataset.images = Tensor(
          {static_cast<std::int64_t>(files.size()), image.channels, image.height, image.width});
    }
    if (form_of(image) != form_of(first)) {
      reject_folder(files[k].file,
                    form_of(image),
                    "the images before have " + form_of(first),
                    "bring all images to one size and mode");
    }
    copy_image(image, dataset.images.data.data() + k * image.pixels.size());
    dataset.labels.push_back(files[k].label);
  }
  dataset.largest_label = static_cast<int>(classes.size()) - 1;
  return dataset;
}

}  // namespace memspice::network
