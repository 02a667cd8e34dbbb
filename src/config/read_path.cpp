#include "config/read_path.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "config/section.hpp"

namespace memspice::config {

void read_path(TomlDocument& flow, FlowOptions& options) {
  const std::vector<std::string> paths{"crossbar", "spectral", "fastest", "bitstream", "float"};
  Section section(flow, "path");
  options.path["default"] = "crossbar";
  section.read("default", options.path["default"]);
  for (const std::string& layer : section.unread_keys()) section.read(layer, options.path[layer]);
  for (const auto& [layer, path] : options.path) {
    if (std::find(paths.begin(), paths.end(), path) != paths.end()) continue;
    section.reject(layer, "is not known here", suggest(path, paths));
  }
}

}  // namespace memspice::config
