// CIFAR-10 and CIFAR-100, binary versions (https://www.cs.toronto.edu/~kriz/cifar.html).

#include <algorithm>

#include "network/byte_stream.hpp"
#include "network/dataset_formats.hpp"

namespace memspice::network {
namespace {

constexpr std::size_t kImageBytes = 3 * 32 * 32;
constexpr std::size_t kMostRecords = 100'000;

/// How a record begins: the class is the last of its label bytes.
struct CifarLayout {
  const char *file, *folder, *remedy;
  std::size_t labels;
  int classes;
  std::size_t record() const { return labels + kImageBytes; }
};

std::filesystem::path batch_path(const DatasetOptions& options, const CifarLayout& layout) {
  const auto name = options.images.empty() ? std::filesystem::path(layout.file) : options.images;
  const auto in_archive_folder = options.folder / layout.folder / name;
  std::error_code ec;
  return std::filesystem::exists(in_archive_folder, ec) ? in_archive_folder : options.folder / name;
}

Dataset load_records(const DatasetOptions& options, const CifarLayout& layout) {
  ByteStream stream(batch_path(options, layout), layout.remedy);
  const std::size_t record = layout.record();
  const auto limit = options.limit == 0 ? kMostRecords : static_cast<std::size_t>(options.limit);
  const auto bytes = stream.read(std::min(limit, kMostRecords) * record);
  if (bytes.empty() || bytes.size() % record != 0) {
    stream.reject(std::to_string(bytes.size()) + " bytes",
                  "the file is truncated: records have " + std::to_string(record) + " bytes");
  }
  if (limit >= kMostRecords && !stream.at_end()) stream.reject({}, "holds too many records");
  std::vector<unsigned char> pixels;
  Dataset dataset;
  for (std::size_t at = layout.labels; at < bytes.size(); at += record) {
    const int label = bytes[at - 1];
    if (label >= layout.classes) {
      stream.reject("label " + std::to_string(label),
                    "the classes are 0 to " + std::to_string(layout.classes - 1));
    }
    dataset.labels.push_back(label);
    const auto first = bytes.begin() + static_cast<std::ptrdiff_t>(at);
    pixels.insert(pixels.end(), first, first + kImageBytes);
  }
  const auto count = static_cast<std::int64_t>(dataset.labels.size());
  dataset.images = Tensor({count, 3, 32, 32}, to_unit_range(pixels));
  return dataset;
}

}  // namespace

Dataset load_cifar10(const DatasetOptions& options) {
  return load_records(options, {"test_batch.bin", "cifar-10-batches-bin", kCifar10Remedy, 1, 10});
}

Dataset load_cifar100(const DatasetOptions& options) {
  return load_records(options, {"test.bin", "cifar-100-binary", kCifar100Remedy, 2, 100});
}

}  // namespace memspice::network
