#include "mapping/prune.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <filesystem>

#include "base/error.hpp"
#include "base/files.hpp"

using namespace memspice;
using namespace memspice::mapping;
using Catch::Matchers::Contains;

namespace {

/// One depthwise layer, "depthwise", of 8 channels with normalization behind it.
network::PrunableNetwork compact() {
  return network::PrunableNetwork(std::filesystem::path(MEMSPICE_TEST_DIR) / "network" / "data" /
                                  "compact.onnx");
}

PruneChoice choose(const network::PrunableNetwork& network, const PruneOptions& options) {
  return choose_channels(network, options, "net.onnx");
}

/// True when no removed channel is more salient than one that stays.
bool takes_the_least(const std::vector<double>& saliency, const std::vector<int>& removed) {
  for (const int gone : removed) {
    for (int kept = 0; kept < static_cast<int>(saliency.size()); ++kept) {
      const bool stays = std::find(removed.begin(), removed.end(), kept) == removed.end();
      if (stays &&
          saliency[static_cast<std::size_t>(kept)] < saliency[static_cast<std::size_t>(gone)]) {
        return false;
      }
    }
  }
  return true;
}

}  // namespace

TEST_CASE("choose_channels takes the least salient share of each layer", "[mapping][prune]") {
  const auto network = compact();
  const network::DepthwiseLayer& layer = network.layers()[0];
  for (const double rate : {0.1, 0.25, 0.5, 0.75}) {
    const PruneChoice choice = choose(network, {.rate = rate});
    const auto& removed = choice.removed.at(layer.group);
    CHECK(removed.size() == static_cast<std::size_t>(std::lround(8 * rate)));
    CHECK(takes_the_least(layer.kernel_norm, removed));
    REQUIRE(choice.pruned.size() == 1);
    CHECK(choice.pruned[0].channels_before == 8);
    CHECK(choice.pruned[0].channels_after == 8 - static_cast<int>(removed.size()));
  }
}

TEST_CASE("choose_channels judges by the scale behind the layer where asked", "[mapping][prune]") {
  const auto network = compact();
  const network::DepthwiseLayer& layer = network.layers()[0];
  bool differs = false;
  for (int count = 1; count < 8; ++count) {
    const double rate = count / 8.0;
    const auto by_scale = choose(network, {.rate = rate, .saliency = Saliency::Scale}).removed;
    CHECK(takes_the_least(layer.scale, by_scale.at(layer.group)));
    differs = differs || by_scale != choose(network, {.rate = rate}).removed;
  }
  CHECK(differs);  // the two saliencies rank the channels of this network differently
}

TEST_CASE("one channel of a layer always stays", "[mapping][prune]") {
  const PruneChoice choice = choose(compact(), {.rate = 0.99});
  CHECK(choice.pruned[0].channels_after == 1);
}

TEST_CASE("a pruning rate outside its range is refused", "[mapping][prune]") {
  for (const double rate : {0.0, 1.0, -0.5, 1.5, std::nan("")}) {
    const PruneOptions options{.rate = rate};
    CHECK_THROWS_AS(options.validate("prune"), InputError);
    CHECK_THROWS_WITH(options.validate("prune"),
                      Contains("prune.rate") && Contains("between 0 and 1"));
  }
}

TEST_CASE("layers in keep are left alone and unknown names refused", "[mapping][prune]") {
  const auto network = compact();
  CHECK_THROWS_WITH(choose(network, {.keep = {"depthwise"}}),
                    Contains("none of its depthwise layers can be pruned") &&
                        Contains("depthwise: prune.keep names it"));
  CHECK_THROWS_WITH(choose(network, {.keep = {"depthwize"}}),
                    Contains("is no depthwise layer") && Contains("did you mean \"depthwise\"?"));
  CHECK_THROWS_WITH(choose(network, {.rate = 0.01}), Contains("takes no whole channel"));
}

TEST_CASE("networks with nothing to prune say why", "[mapping][prune]") {
  const auto data = std::filesystem::path(MEMSPICE_TEST_DIR) / "network" / "data";
  const network::PrunableNetwork lenet(data / "lenet5.onnx");
  CHECK_THROWS_WITH(choose(lenet, {}), Contains("net.onnx: has no depthwise layers to prune"));
}

TEST_CASE("saliencies have names", "[mapping][prune]") {
  CHECK(parse_choice<Saliency>(kSaliencyNames, "l1", "s") == Saliency::L1);
  CHECK(parse_choice<Saliency>(kSaliencyNames, "scale", "s") == Saliency::Scale);
  CHECK(to_text(Saliency::Scale) == "scale");
  CHECK_THROWS_WITH(parse_choice<Saliency>(kSaliencyNames, "l2", "s"), Contains("\"l2\""));
}
