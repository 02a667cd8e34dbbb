#include "cli/result_folder.hpp"

#include <algorithm>
#include <cctype>
#include <map>
#include <nlohmann/json.hpp>
#include <system_error>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/hash.hpp"
#include "base/text.hpp"
#include "cli/flow_file.hpp"

namespace memspice::cli {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr const char* kRecord = "run.json";
constexpr std::size_t kLongestName = 120;  ///< file systems allow 255 bytes

/// The last value of each key, --seed being one: what the run is computed with.
std::map<std::string, std::string> settings_of(const CommonOptions& common) {
  std::map<std::string, std::string> settings;
  for (const std::string& entry : common.overrides) {
    const std::size_t at = entry.find('=');
    if (at == std::string::npos) continue;  // refused where overrides are read
    settings[std::string(trim(entry.substr(0, at)))] = trim(entry.substr(at + 1));
  }
  if (!common.seed.empty()) settings["seed"] = common.seed;
  return settings;
}

std::string written(const std::map<std::string, std::string>& settings) {
  std::string text;
  for (const auto& [key, value] : settings) text += key + '=' + value + '\n';
  return text;
}

/// A value as part of a folder's name. `lossy`: another value may read the same.
std::string name_part(std::string value, bool& lossy) {
  std::erase(value, '"');
  const std::size_t slash = value.find_last_of('/');
  if (slash != std::string::npos) lossy = true;
  std::string part;
  for (const char c : slash == std::string::npos ? value : value.substr(slash + 1)) {
    const bool plain =
        std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' || c == '-' || c == '_';
    lossy = lossy || (!plain && c != ' ');
    part += plain ? c : '_';
  }
  return part;
}

/// "+array.wire=5_Ohm+data.limit=1000"; empty without settings.
std::string name_suffix(const std::map<std::string, std::string>& settings) {
  std::string suffix;
  bool lossy = false;
  for (const auto& [key, value] : settings) {
    suffix += '+' + name_part(key, lossy) + '=' + name_part(value, lossy);
  }
  if (suffix.size() > kLongestName) {
    suffix.resize(kLongestName);
    lossy = true;
  }
  return lossy ? suffix + '-' + sha256(written(settings)).substr(0, 8) : suffix;
}

/// A file's JSON; null where there is none or it is something else.
Json read_json(const fs::path& path) {
  std::error_code ec;
  if (!fs::is_regular_file(path, ec)) return nullptr;
  try {
    return Json::parse(read_file(path), nullptr, false);
  } catch (const Error&) {
    return nullptr;
  }
}

/// Whose results a folder holds; empty where nothing says so.
std::string identity_in(const fs::path& folder) {
  const Json record = read_json(folder / kRecord);
  if (!record.is_object() || !record.contains("identity")) return {};
  return record["identity"].is_string() ? record["identity"].get<std::string>() : std::string();
}

/// What runs write: the files of one, and of a study each variant's folder. Nothing else in the
/// folder is touched, and the store of tiles stays where it is.
std::vector<std::string> result_names(const fs::path& folder) {
  std::vector<std::string> names{"results.json",
                                 "report.html",
                                 "characterization.json",
                                 "characterization.html",
                                 "periphery.json",
                                 "predictions.csv",
                                 "predictions.npz",
                                 "activations.npz",
                                 kRecord};
  const Json results = read_json(folder / "results.json");
  if (!results.is_object() || !results.contains("variants")) return names;
  for (const Json& variant : results["variants"]) {
    if (!variant.is_object() || !variant.contains("folder") || !variant["folder"].is_string()) {
      continue;
    }
    const auto name = variant["folder"].get<std::string>();
    if (fs::path(name).filename() == name && name != "." && name != "..") names.push_back(name);
  }
  return names;
}

void move_results(const fs::path& from, const fs::path& to) {
  fs::create_directories(to);
  std::error_code ec;
  for (const std::string& name : result_names(from)) {
    if (fs::exists(from / name, ec)) fs::rename(from / name, to / name);
  }
}

fs::path free_folder(const fs::path& folder) {
  std::error_code ec;
  for (int k = 1;; ++k) {
    const fs::path candidate = folder / ("earlier-" + std::to_string(k));
    if (!fs::exists(candidate, ec)) return candidate;
  }
}

/// Where the results of another run go; empty where the folder holds none.
fs::path move_earlier(const fs::path& folder, const std::string& identity) {
  std::error_code ec;
  if (!fs::exists(folder / "results.json", ec) || identity_in(folder) == identity) return {};
  const fs::path earlier = free_folder(folder);
  try {
    move_results(folder, earlier);
  } catch (const fs::filesystem_error& error) {
    throw RunError({.place = folder.string(),
                    .value = {},
                    .rule = "holds the results of another run, which cannot be moved aside: " +
                            error.code().message(),
                    .remedy = "give another folder with --out"});
  }
  return earlier;
}

}  // namespace

fs::path base_folder(const fs::path& flow_file) {
  return fs::path("results") / flow_file.stem();
}

fs::path default_folder(const fs::path& flow_file, const CommonOptions& common) {
  fs::path folder = base_folder(flow_file);
  folder += name_suffix(settings_of(common));
  return folder;
}

std::string run_identity(const fs::path& flow_file, const CommonOptions& common) {
  return sha256(sha256(read_file(find_flow(flow_file.string()))) + '\n' + common.variant + '\n' +
                written(settings_of(common)));
}

ResultFolder::ResultFolder(fs::path folder, std::string identity, const CommonOptions& common)
    : folder_(std::move(folder)), earlier_(move_earlier(folder_, identity)) {
  Json record{{"identity", std::move(identity)}, {"set", settings_of(common)}};
  if (!common.variant.empty()) record["variant"] = common.variant;
  record_ = record.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

ResultFolder::~ResultFolder() {
  if (is_kept_ || earlier_.empty()) return;
  std::error_code ec;
  if (fs::exists(folder_ / "results.json", ec)) return;  // whole results of the new run
  try {
    move_results(earlier_, folder_);
    fs::remove(earlier_, ec);
  } catch (const std::exception&) {
    return;  // they stay in earlier-N, whole
  }
}

void ResultFolder::keep() {
  is_kept_ = true;
  write_file(folder_ / kRecord, record_);
}

std::string ResultFolder::notice() const {
  if (earlier_.empty()) return {};
  return "the results of another run in " + folder_.string() + " are kept in " + earlier_.string();
}

}  // namespace memspice::cli
