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

/// Of these kinds labels are files of their own.
bool has_label_files(const std::string& kind) {
  return kind == "idx" || kind == "npy" || kind == "npz";
}

void read_labels(Section& data, network::DatasetOptions& test) {
  if (has_label_files(test.kind)) {
    return read_images(data, kLabelsKey, test.labels, "\"t10k-labels-idx1-ubyte.gz\"");
  }
  if (test.kind != "csv") return;
  std::string name;
  if (data.read(kLabelsKey, name)) test.labels = name;
  data.read({"label_column",
             "csv: of the labels, by name or by number from 1",
             {.standard = "called label, class or target"}},
            test.label_column);
}

void read_split(Section& data, double& share) {
  const Key key{
      "split",
      "share of the images, drawn at random, that is kept for calibration and not scored",
      {.range = "above 0, below 1", .standard = "calibration images have files of their own"}};
  if (!data.read(key, share, Unit::None) || (share > 0.0 && share < 1.0)) return;
  data.reject("split", "must be above 0 and below 1", "write 0.2 to keep a fifth");
}

/// The part of the same files that is not scored.
void take_split(Section& data, DataOptions& options) {
  if (data.has("calibration_images") || data.has("calibration_labels")) {
    data.reject("split",
                "takes the calibration images from those of data.images",
                "remove it, or calibration_images and calibration_labels");
  }
  options.calibration = options.test;
  options.calibration.split.takes_share = true;
  options.calibration.limit = 200;
  data.read(kCalibrationLimitKey, options.calibration.limit, {.low = 1, .high = 1'000'000'000});
}

void read_calibration_data(Section& data, FlowOptions& options) {
  if (options.data.test.split.share > 0.0) return take_split(data, options.data);
  network::DatasetOptions& calibration = options.data.calibration;
  calibration.kind = options.data.test.kind;
  calibration.label_column = options.data.test.label_column;
  calibration.folder = options.data.test.folder;
  calibration.normalization = options.data.test.normalization;
  calibration.limit = 200;
  std::string name;
  const Key images{"calibration_images",
                   "images that are not scored, for converter ranges and stimuli",
                   {.standard = "required unless every layer is float"}};
  if (data.read(images, name)) calibration.images = name;
  const Key labels{
      "calibration_labels", "their labels", {.standard = "required with them where labels is"}};
  const bool takes_labels = has_label_files(calibration.kind) || calibration.kind == "csv";
  if (takes_labels && data.read(labels, name)) calibration.labels = name;
  data.read(kCalibrationLimitKey, calibration.limit, {.low = 1, .high = 1'000'000'000});
  if (has_label_files(calibration.kind) &&
      calibration.images.empty() != calibration.labels.empty()) {
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
  const std::vector<std::string> kinds{
      "idx", "npy", "npz", "csv", "folder", "cifar10", "cifar100", "image_pairs"};
  std::size_t kind = 0;
  data.choose(
      {"kind",
       "MNIST's format, NumPy's, tables, images in a folder of each class, CIFAR's, or images "
       "with labels as images"},
      kind,
      kinds);
  test.kind = kinds[kind];
  test.folder = data_folder(flow);
  test.normalization = read_normalization(flow);
  if (test.kind == "image_pairs") return read_image_pairs(flow, options.data);
  read_images(data, kImagesKey, test.images, "\"t10k-images-idx3-ubyte.gz\"");
  read_labels(data, test);
  data.read(kLimitKey, test.limit, {.low = 0, .high = 1'000'000'000});
  read_split(data, test.split.share);
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
