#include "config/named_card.hpp"

#include <algorithm>
#include <vector>

#include "base/files.hpp"
#include "base/text.hpp"
#include "config/model_catalog.hpp"

namespace memspice::config {
namespace {

std::vector<std::string> cards_in(const std::string& folder) {
  std::vector<std::string> names;
  std::error_code ec;
  const auto path = shipped_file(std::filesystem::path("device_models") / folder);
  for (const auto& entry : std::filesystem::directory_iterator(path, ec)) {
    if (entry.path().extension() == ".toml") names.push_back(entry.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

/// Cards and subcircuits are files; anything else is a key or a parameter.
bool names_a_file(const std::string& place) {
  return place.find(".toml") != std::string::npos || place.find(".sub") != std::string::npos;
}

}  // namespace

std::filesystem::path named_card_file(const std::string& folder, const std::string& name) {
  if (is_card_path(name)) return name;
  const std::vector<std::string> names = cards_in(folder);
  if (std::find(names.begin(), names.end(), name) != names.end()) {
    return shipped_file(std::filesystem::path("device_models") / folder / (name + ".toml"));
  }
  throw InputError({.place = folder,
                    .value = '"' + name + '"',
                    .rule = "is no shipped card of device_models/" + folder,
                    .remedy = "one of " + join(names, ", ") + ", or a path that ends in .toml"});
}

void reject_through(const Fault& fault, const Fault& reader) {
  if (!names_a_file(fault.place) || fault.place == reader.place) throw InputError(reader);
  throw InputError({.place = fault.place,
                    .value = fault.value,
                    .rule = fault.rule,
                    .remedy = fault.remedy + " (read because of " + reader.place + ")"});
}

}  // namespace memspice::config
