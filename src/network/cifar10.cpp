// CIFAR-10, binary version (https://www.cs.toronto.edu/~kriz/cifar.html).

#include <algorithm>

#include "network/byte_stream.hpp"
#include "network/dataset_formats.hpp"

namespace memspice::network {
namespace {

constexpr std::size_t kImageBytes = 3 * 32 * 32;
constexpr std::size_t kRecord = 1 + kImageBytes;
constexpr std::size_t kMostRecords = 100'000;
constexpr int kClasses = 10;

std::filesystem::path batch_path(const DatasetOptions& options) {
  const auto name =
      options.images.empty() ? std::filesystem::path("test_batch.bin") : options.images;
  const auto in_archive_folder = options.folder / "cifar-10-batches-bin" / name;
  std::error_code ec;
  return std::filesystem::exists(in_archive_folder, ec) ? in_archive_folder : options.folder / name;
}

}  // namespace

Dataset load_cifar10(const DatasetOptions& options) {
  ByteStream stream(batch_path(options), kCifar10Remedy);
  const auto limit = options.limit == 0 ? kMostRecords : static_cast<std::size_t>(options.limit);
  const auto bytes = stream.read(std::min(limit, kMostRecords) * kRecord);
  if (bytes.empty() || bytes.size() % kRecord != 0) {
    stream.reject(std::to_string(bytes.size()) + " bytes",
                  "the file is truncated: records have " + std::to_string(kRecord) + " bytes");
  }
  if (limit >= kMostRecords && !stream.at_end()) stream.reject({}, "holds too many records");
  std::vector<unsigned char> pixels;
  Dataset dataset;
  for (std::size_t at = 0; at < bytes.size(); at += kRecord) {
    if (bytes[at] >= kClasses) {
      stream.reject("label " + std::to_string(bytes[at]), "CIFAR-10 has the classes 0 to 9");
    }
    dataset.labels.push_back(bytes[at]);
    const auto first = bytes.begin() + static_cast<std::ptrdiff_t>(at) + 1;
    pixels.insert(pixels.end(), first, first + kImageBytes);
  }
  const auto count = static_cast<std::int64_t>(dataset.labels.size());
  dataset.images = Tensor({count, 3, 32, 32}, to_unit_range(pixels));
  return dataset;
}

}  // namespace memspice::network
