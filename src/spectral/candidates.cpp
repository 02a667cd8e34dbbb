#include "spectral/candidates.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "base/error.hpp"
#include "base/text.hpp"

namespace memspice::spectral {
namespace {

int shrink(int value, double factor) {
  return std::max(1, static_cast<int>(std::lround(value * factor)));
}

std::string name_of(const Architecture& architecture) {
  std::vector<std::string> sizes, depths;
  for (const LayerShape& layer : architecture.layers) {
    sizes.push_back(std::to_string(layer.pooled));
    depths.push_back(std::to_string(layer.channels_out));
  }
  return "s" + join(sizes, "-") + "_d" + join(depths, "-");
}

Candidate make_candidate(const Architecture& original,
                         Strategy strategy,
                         double size_factor,
                         double depth_factor) {
  Architecture small = original;
  int maps = original.channels;
  for (LayerShape& layer : small.layers) {
    layer.pooled = shrink(layer.pooled, size_factor);
    layer.channels_in = maps;
    layer.channels_out = shrink(layer.channels_out, depth_factor);
    maps = layer.channels_out;
  }
  small = fuse(small);
  small.name = name_of(small);
  small.validate(small.name);
  return {.architecture = small, .strategy = strategy, .cost = count_cost(small)};
}

}  // namespace

std::string_view to_text(Strategy strategy) {
  switch (strategy) {
    case Strategy::Original:
      return "original";
    case Strategy::Size:
      return "size";
    case Strategy::Depth:
      return "depth";
    case Strategy::Both:
      return "both";
  }
  return {};
}

void CandidateOptions::validate(const std::string& place) const {
  for (const double factor : factors) {
    if (factor > 0.0 && factor <= 1.0) continue;
    throw InputError({.place = place,
                      .value = memspice::to_text(factor),
                      .rule = "a factor shrinks a network: above 0, at most 1",
                      .remedy = "for example 0.5"});
  }
}

std::vector<Candidate> enumerate_candidates(const Architecture& original,
                                            const CandidateOptions& options) {
  options.validate("factors");
  std::vector<Candidate> candidates{make_candidate(original, Strategy::Original, 1.0, 1.0)};
  for (const double factor : options.factors) {
    candidates.push_back(make_candidate(original, Strategy::Size, factor, 1.0));
    candidates.push_back(make_candidate(original, Strategy::Depth, 1.0, factor));
    for (const double depth : options.factors) {
      candidates.push_back(make_candidate(original, Strategy::Both, factor, depth));
    }
  }
  std::ranges::stable_sort(candidates, std::ranges::greater{}, [](const Candidate& c) {
    return c.cost.computation_and_memory();
  });
  std::set<std::string> known;
  std::erase_if(candidates, [&](const Candidate& candidate) {
    return !known.insert(candidate.architecture.name).second;
  });
  return candidates;
}

}  // namespace memspice::spectral
