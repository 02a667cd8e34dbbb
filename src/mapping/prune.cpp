#include "mapping/prune.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/error.hpp"
#include "base/text.hpp"

namespace memspice::mapping {
namespace {

using network::DepthwiseLayer;
using network::PrunableNetwork;

void require_known_names(const PrunableNetwork& network, const std::vector<std::string>& keep) {
  std::vector<std::string> names;
  for (const DepthwiseLayer& layer : network.layers()) names.push_back(layer.name);
  for (const std::string& name : keep) {
    if (std::ranges::find(names, name) != names.end()) continue;
    throw InputError({.place = "prune.keep",
                      .value = '"' + name + '"',
                      .rule = "is no depthwise layer of the network",
                      .remedy = suggest(name, names)});
  }
}

/// By group: the layer in `keep` that holds it, itself or through layers that hang together.
std::map<int, std::string> kept_groups(const PrunableNetwork& network,
                                       const std::vector<std::string>& keep) {
  std::map<int, std::string> groups;
  for (const DepthwiseLayer& layer : network.layers()) {
    if (std::ranges::find(keep, layer.name) != keep.end()) groups[layer.group] = layer.name;
  }
  return groups;
}

/// Empty: the layer can be pruned.
std::string reason_to_skip(const PrunableNetwork& network,
                           const std::map<int, std::string>& kept,
                           const DepthwiseLayer& layer) {
  const std::string& obstacle = network.group(layer.group).obstacle;
  if (!obstacle.empty()) return obstacle;
  const auto holder = kept.find(layer.group);
  if (holder == kept.end()) return {};
  if (holder->second == layer.name) return "prune.keep names it";
  return "its channels hang together with those of " + holder->second + ", which prune.keep names";
}

const std::vector<double>& saliency_of(const DepthwiseLayer& layer, Saliency saliency) {
  if (saliency == Saliency::L1) return layer.kernel_norm;
  if (!layer.scale.empty()) return layer.scale;
  throw InputError({.place = "prune.saliency",
                    .value = "\"scale\"",
                    .rule = "layer " + layer.name + " has no batch normalization right behind it",
                    .remedy = "choose saliency = \"l1\", or name the layer in prune.keep"});
}

void add_shares(const std::vector<double>& saliency, std::vector<double>& sum) {
  const double total = std::accumulate(saliency.begin(), saliency.end(), 0.0);
  sum.resize(saliency.size(), 0.0);
  for (std::size_t c = 0; c < sum.size(); ++c) sum[c] += total > 0.0 ? saliency[c] / total : 0.0;
}

/// The `count` channels of the least saliency, ascending; of equal ones the later go.
std::vector<int> least_salient(const std::vector<double>& saliency, int count) {
  std::vector<int> channels(saliency.size());
  std::iota(channels.begin(), channels.end(), 0);
  std::ranges::sort(channels, [&](int a, int b) {
    const double of_a = saliency[static_cast<std::size_t>(a)];
    const double of_b = saliency[static_cast<std::size_t>(b)];
    return of_a != of_b ? of_a < of_b : a > b;
  });
  channels.resize(static_cast<std::size_t>(count));
  std::ranges::sort(channels);
  return channels;
}

int removed_count(double rate, int channels) {
  return std::min(static_cast<int>(std::lround(rate * channels)), channels - 1);
}

/// What a network says when nothing of it goes.
void require_something(const PrunableNetwork& network,
                       const PruneChoice& choice,
                       const std::string& file) {
  if (network.layers().empty()) {
    throw InputError({.place = file,
                      .value = {},
                      .rule = "has no depthwise layers to prune",
                      .remedy = "prune a network with depthwise convolutions"});
  }
  if (!choice.removed.empty()) return;
  std::vector<std::string> reasons;
  for (const SkippedLayer& layer : choice.skipped)
    reasons.push_back(layer.name + ": " + layer.reason);
  if (reasons.empty()) reasons.push_back("the rate takes no whole channel of any");
  throw InputError(
      {.place = file,
       .value = {},
       .rule = "none of its depthwise layers can be pruned (" + join(reasons, "; ") + ')',
       .remedy = "raise prune.rate, shorten prune.keep, or choose another network"});
}

}  // namespace

void PruneOptions::validate(std::string_view place) const {
  if (rate > 0.0 && rate < 1.0) return;
  throw InputError({.place = std::string(place) + ".rate",
                    .value = memspice::to_text(rate),
                    .rule = "must lie between 0 and 1, both excluded",
                    .remedy = "0.5 removes half of each depthwise layer's channels"});
}

PruneChoice choose_channels(const PrunableNetwork& network,
                            const PruneOptions& options,
                            const std::string& file) {
  options.validate("prune");
  require_known_names(network, options.keep);
  const auto kept = kept_groups(network, options.keep);
  PruneChoice choice;
  std::map<int, std::vector<double>> saliency;
  for (const DepthwiseLayer& layer : network.layers()) {
    const int channels = network.group(layer.group).channels;
    const std::string reason = reason_to_skip(network, kept, layer);
    if (!reason.empty()) {
      choice.skipped.push_back({layer.name, channels, reason});
      continue;
    }
    add_shares(saliency_of(layer, options.saliency), saliency[layer.group]);
    const int after = channels - removed_count(options.rate, channels);
    choice.pruned.push_back({layer.name, channels, after});
  }
  for (const auto& [group, values] : saliency) {
    const int count = removed_count(options.rate, static_cast<int>(values.size()));
    if (count > 0) choice.removed[group] = least_salient(values, count);
  }
  require_something(network, choice, file);
  return choice;
}

}  // namespace memspice::mapping
