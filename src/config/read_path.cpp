#include "config/read_path.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "config/section.hpp"

namespace memspice::config {

void read_path(TomlDocument& flow, FlowOptions& options) {
  const std::vector<std::string> paths{"crossbar", "spectral", "fastest", "bitstream", "float"};
  Section section(flow, "path");
  options.path["default"] = "crossbar";
  const std::string words = join(paths, ", ");
  const auto choose = [&](const Key& key, std::string& path) {
    section.choose(key, path, path, [](const std::string& word, const auto&) { return word; });
  };
  choose({"default", "how layers with weights are computed", {.range = words}},
         options.path["default"]);
  for (const std::string& layer : section.unread_keys()) {
    choose({layer, "of one layer", {.range = words, .standard = "as default"}},
           options.path[layer]);
  }
  for (const auto& [layer, path] : options.path) {
    if (std::find(paths.begin(), paths.end(), path) != paths.end()) continue;
    section.reject(layer, "is not known here", suggest(path, paths));
  }
}

}  // namespace memspice::config
