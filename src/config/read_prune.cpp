#include "config/read_prune.hpp"

#include "config/section.hpp"

namespace memspice::config {

void read_prune(TomlDocument& flow, FlowOptions& options) {
  mapping::PruneOptions& prune = options.prune;
  Section section(flow, "prune");
  section.read("rate", prune.rate, Unit::None);
  std::string saliency;
  if (section.read("saliency", saliency)) {
    prune.saliency =
        section.at("saliency", [&] { return mapping::parse_saliency(saliency, "saliency"); });
  }
  section.read("keep", prune.keep);
  section.validate([&](const std::string& place) { prune.validate(place); });
}

}  // namespace memspice::config
