#include "config/read_path.hpp"

#include "config/section.hpp"

namespace memspice::config {

void read_path(TomlDocument& flow, FlowOptions& options) {
  Section section(flow, "path");
  study::Paths& paths = options.path;
  section.choose(
      {"default", "how layers with weights are computed"}, paths.standard, study::path_words());
  for (const std::string& layer : section.unread_keys()) {
    section.choose({layer, "of one layer", {.standard = "as default"}},
                   paths.layers[layer],
                   study::path_words());
  }
}

}  // namespace memspice::config
