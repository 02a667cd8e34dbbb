#include "flow/provenance.hpp"

#include <algorithm>
#include <array>
#include <ctime>

#include "base/files.hpp"
#include "base/hash.hpp"
#include "config/named_card.hpp"

namespace memspice::flow {
namespace {

namespace fs = std::filesystem;

std::string utc_now() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  std::array<char, 32> text{};
  const std::size_t size = std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M:%S UTC", &parts);
  return {text.data(), size};
}

/// Of a folder: of the names and bytes of all files below it, in the order of their names.
std::string hash_of_folder(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) files.push_back(entry.path());
  }
  std::ranges::sort(files);
  std::string hashes;
  for (const fs::path& file : files) {
    hashes += file.lexically_relative(folder).string() + ' ' + sha256(read_file(file)) + '\n';
  }
  return sha256(hashes);
}

class SourceFiles {
 public:
  /// Each file once, under the role it has first.
  void add(const std::string& role, const fs::path& path) {
    const bool is_known = std::ranges::any_of(
        files_, [&](const report::SourceFile& file) { return file.path == path.string(); });
    if (path.empty() || is_known) return;
    std::error_code ec;
    const bool is_folder = fs::is_directory(path, ec);
    if (!is_folder && !fs::is_regular_file(path, ec)) return;
    files_.push_back(
        {role, path.string(), is_folder ? hash_of_folder(path) : sha256(read_file(path))});
  }

  std::vector<report::SourceFile> files() && { return std::move(files_); }

 private:
  std::vector<report::SourceFile> files_;
};

/// The file behind FILE.npz:ARRAY.
fs::path without_array(const fs::path& path) {
  const std::string text = path.string();
  const auto array = text.rfind(".npz:");
  return array == std::string::npos ? path : fs::path(text.substr(0, array + 4));
}

void add_data(const std::string& purpose, const network::DatasetOptions& data, SourceFiles& files) {
  if (!data.images.empty()) files.add(purpose + "images", without_array(data.folder / data.images));
  if (!data.labels.empty()) files.add(purpose + "labels", without_array(data.folder / data.labels));
}

}  // namespace

report::Provenance provenance_of(const config::FlowOptions& options) {
  SourceFiles files;
  files.add("flow", options.file);
  files.add("network", options.network_file);
  add_data("", options.data.test, files);
  add_data("calibration ", options.data.calibration, files);
  files.add("device card", config::named_card_file(options.device.model, options.device.card));
  files.add("technology card", config::named_card_file("technology", options.array.technology));
  std::error_code ec;
  return {.origin = options.origin,
          .date = utc_now(),
          .folder = fs::current_path(ec).string(),
          .files = std::move(files).files()};
}

}  // namespace memspice::flow
