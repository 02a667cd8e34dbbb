#pragma once
// A network on a batch whose images have names, for those who tell a person about them.

#include <cstdint>
#include <string_view>

#include "network/graph.hpp"

namespace memspice::network {

/// What the images of a batch are called in messages: "image 12" of a data set.
struct ImageNames {
  std::string_view kind = "image";
  std::uint64_t first = 0;  ///< number of the batch's first
};

/// run_graph of graph.hpp; throws RunError naming layer and image where a number is not finite.
Tensor run_graph(const Graph& graph,
                 const Tensor& batch,
                 const LayerHook& hook,
                 const ImageNames& names);

}  // namespace memspice::network
