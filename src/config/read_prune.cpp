#include "config/read_prune.hpp"

#include "config/section.hpp"

namespace memspice::config {

void read_prune(TomlDocument& flow, FlowOptions& options) {
  mapping::PruneOptions& prune = options.prune;
  Section section(flow, "prune");
  section.read({"rate",
                "memspice prune: share of each depthwise layer's channels",
                {.range = "above 0, below 1"}},
               prune.rate,
               Unit::None);
  section.choose(
      {"saliency", "what a channel is judged by: its kernel, or its normalization's scale"},
      prune.saliency,
      mapping::kSaliencyNames);
  section.read({"keep", "layers to leave alone, with what hangs on them"}, prune.keep);
  section.validate([&](const std::string& place) { prune.validate(place); });
}

}  // namespace memspice::config
