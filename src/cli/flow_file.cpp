#include "cli/flow_file.hpp"

#include <algorithm>
#include <vector>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/text.hpp"

namespace memspice::cli {
namespace fs = std::filesystem;
namespace {

std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code ec;
  for (const auto& entry : fs::directory_iterator(folder, ec)) {
    if (entry.path().extension() == ".toml") names.push_back(entry.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

/// A bare name, or one below flows/, as the documentation writes it.
bool may_be_shipped(const fs::path& typed) {
  return !typed.has_parent_path() || typed.parent_path() == "flows";
}

}  // namespace

std::string shipped_flows_folder() {
  try {
    return shipped_file("flows").string();
  } catch (const RunError&) {
    return {};
  }
}

fs::path find_flow(const std::string& typed) {
  std::error_code ec;
  const fs::path path = typed;
  if (fs::exists(path, ec)) return path;
  const fs::path folder = shipped_flows_folder();
  std::string name = path.filename().string();
  if (name.ends_with(".toml")) name.resize(name.size() - 5);
  const std::vector<std::string> names =
      folder.empty() ? std::vector<std::string>{} : names_in(folder);
  const bool is_shipped = std::find(names.begin(), names.end(), name) != names.end();
  if (is_shipped && may_be_shipped(path)) return folder / (name + ".toml");
  throw InputError({.place = typed,
                    .value = {},
                    .rule = "no such file",
                    .remedy = names.empty()
                                  ? "check the path"
                                  : "check the path, or name a shipped flow (they lie in " +
                                        folder.string() + "): " + suggest(name, names)});
}

}  // namespace memspice::cli
