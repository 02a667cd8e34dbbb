#include "config/read_data.hpp"

#include <algorithm>
#include <cstdlib>

#include "base/text.hpp"
#include "config/data_keys.hpp"
#include "config/read_image_pairs.hpp"
#include "config/read_normalization.hpp"
#include "config/section.hpp"

namespace memspice::config {
namespace {

namespace fs = std::filesystem;

/// --set beats the environment, which beats the flow file: the file cannot know every machine.
fs::path data_folder(TomlDocument& flow) {
  std::string folder;
  Section(flow, "data")
      .read({"folder",
             "where the files lie; --set and MEMSPICE_DATA go before it",
             {.standard = "the flow's folder"}},
            folder);
  const Entry* entry = flow.peek("data", "folder");
  if (entry != nullptr && entry->is_override) return folder;
  const char* environment = std::getenv("MEMSPICE_DATA");
  if (environment != nullptr && *environment != '\0') return environment;
  if (folder.empty()) return flow.file().parent_path();
  return resolve(flow, entry, folder);
}

void read_images(Section& data, const Key& key, fs::path& path, const char* example) {
  std::string name;
  data.require(key, name, example);
  path = name;
}

/// However the two are written: links and "./" name the same file. Same bytes under two names are
/// found where the images are opened.
bool is_same_file(const network::DatasetOptions& a, const network::DatasetOptions& b) {
  if (a.images.empty() || b.images.empty()) return false;
  std::error_code ec;
  return a.images.lexically_normal() == b.images.lexically_normal() ||
         fs::equivalent(a.folder / a.images, b.folder / b.images, ec);
}

void read_calibration_data(Section& data, FlowOptions& options) {
  network::DatasetOptions& calibration = options.data.calibration;
  calibration.kind = options.data.test.kind;
  calibration.folder = options.data.test.folder;
  calibration.normalization = options.data.test.normalization;
  calibration.limit = 200;
  std::string name;
  const Key images{"calibration_images",
                   "images that are not scored, for converter ranges and stimuli",
                   {.standard = "required unless every layer is float"}};
  if (data.read(images, name)) calibration.images = name;
  const Key labels{"calibration_labels", "their labels", {.standard = "required of idx with them"}};
  if (calibration.kind == "idx" && data.read(labels, name)) calibration.labels = name;
  data.read(kCalibrationLimitKey, calibration.limit, {.low = 1, .high = 1'000'000'000});
  if (calibration.kind == "idx" && calibration.images.empty() != calibration.labels.empty()) {
    data.reject(calibration.images.empty() ? "calibration_labels" : "calibration_images",
                "calibration_images and calibration_labels go together",
                "give both or neither");
  }
  if (is_same_file(calibration, options.data.test)) {
    data.reject(
        "calibration_images", "must not be the images that are scored", "name the training images");
  }
}

}  // namespace

void read_data(TomlDocument& flow, FlowOptions& options) {
  network::DatasetOptions& test = options.data.test;
  Section data(flow, "data");
  const std::vector<std::string> kinds{"idx", "cifar10", "image_pairs"};
  std::size_t kind = 0;
  data.choose({"kind", "MNIST's format, CIFAR-10's, or images with labels as images"}, kind, kinds);
  test.kind = kinds[kind];
  test.folder = data_folder(flow);
  test.normalization = read_normalization(flow);
  if (test.kind == "image_pairs") return read_image_pairs(flow, options.data);
  read_images(data, kImagesKey, test.images, "\"t10k-images-idx3-ubyte.gz\"");
  // The CIFAR-10 format keeps labels beside the images, in one file.
  if (test.kind == "idx") {
    read_images(data, kLabelsKey, test.labels, "\"t10k-labels-idx1-ubyte.gz\"");
  }
  data.read(kLimitKey, test.limit, {.low = 0, .high = 1'000'000'000});
  read_calibration_data(data, options);
}

fs::path resolve(const TomlDocument& flow, const Entry* entry, const std::string& written) {
  const fs::path path(written);
  if (path.is_absolute()) return path;
  const fs::path beside = flow.file().parent_path() / path;
  std::error_code ec;
  const bool typed = entry != nullptr && entry->is_override;
  return typed && !fs::exists(beside, ec) && fs::exists(path, ec) ? path : beside;
}

}  // namespace memspice::config
