#pragma once
// Which channels of a network's depthwise layers to remove (MSCCNN; Wen et al. 2020, METHODS
// section 5): with a channel goes its depthwise crossbar, its row pair of the crossbar behind it
// and its column pair of the one before it.
//
// The channels of the least saliency go. Layers whose channels hang together lose the same ones:
// by the sum of their saliencies, each divided by its layer's total.

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/names.hpp"
#include "network/prunable_network.hpp"

namespace memspice::mapping {

/// What a channel is judged by.
enum class Saliency {
  L1,     ///< sum of |w| of its depthwise kernel, normalization folded in
  Scale,  ///< |scale| of the batch normalization right behind the depthwise layer
};
inline constexpr Names<2> kSaliencyNames{"l1", "scale"};
constexpr std::string_view to_text(Saliency saliency) {
  return name_of(kSaliencyNames, saliency);
}

struct PruneOptions {
  double rate =
      0.5;  ///< share of each depthwise layer's channels, 0 < rate < 1; at least one stays
  Saliency saliency = Saliency::L1;
  std::vector<std::string> keep = {};           ///< layers to leave alone, with what hangs on them
  void validate(std::string_view place) const;  ///< throws InputError
};

struct PrunedLayer {
  std::string name;
  int channels_before = 0, channels_after = 0;
};
struct SkippedLayer {
  std::string name;
  int channels = 0;
  std::string reason;
};

/// What to remove of a network, and what was left alone.
struct PruneChoice {
  std::map<int, std::vector<int>> removed;  ///< channels by group, ascending; for `without`
  std::vector<PrunedLayer> pruned;          ///< in topological order
  std::vector<SkippedLayer> skipped;
};
/// round(rate x channels) of each layer. Throws InputError naming `file` for a network without
/// depthwise layers, one in which none can be pruned, a name in `keep` that is no depthwise layer,
/// or Saliency::Scale where a layer has no scale.
PruneChoice choose_channels(const network::PrunableNetwork& network,
                            const PruneOptions& options,
                            const std::string& file);

}  // namespace memspice::mapping
