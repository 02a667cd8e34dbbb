#pragma once
// An ONNX network from which whole channels of depthwise layers can be taken.
//
// Channel c of a depthwise layer is kernel c, input channel c of whatever reads its output and
// output channel c of whatever writes its input; what acts on each channel by itself lies between
// and loses channel c too: batch normalization, activations, pooling, constants per channel. All
// that hangs together so is one group of channels. Sums and products of images join groups, and so
// does squeeze-and-excitation. Where channels leave this bookkeeping (the network's input and
// output, concatenations, reshapes to a stated size) a group has an obstacle.
//
// Removing channels gives what the network gives when every weight that reads them is zero, to the
// rounding of its sums.

#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "network/graph.hpp"

namespace memspice::network {

/// A depthwise convolution, transposed or not, one kernel per channel.
struct DepthwiseLayer {
  LayerId layer;
  std::string name;  ///< as in the graph
  int group = 0;     ///< of channels
  /// Sum of |weight| of each channel's kernel as crossbars hold it, with normalization folded in.
  std::vector<double> kernel_norm;
  /// |scale| of the batch normalization right behind; empty where there is none.
  std::vector<double> scale;
};

/// Channels that can only be removed together.
struct ChannelGroup {
  int channels = 0;
  std::string obstacle;  ///< why none can be removed, "its channels ..."; empty: they can
};

class PrunableNetwork {
 public:
  /// Throws InputError for a file that cannot be imported.
  explicit PrunableNetwork(const std::filesystem::path& path, const ImportOptions& options = {});
  ~PrunableNetwork();
  PrunableNetwork(PrunableNetwork&&) noexcept;
  PrunableNetwork& operator=(PrunableNetwork&&) noexcept;

  const Graph& graph() const noexcept;
  std::span<const DepthwiseLayer> layers() const noexcept;  ///< in topological order
  const ChannelGroup& group(int id) const;                  ///< DepthwiseLayer::group

  /// A network with channels removed.
  struct Pruned {
    std::string file;  ///< bytes of the ONNX file: same nodes, names and outputs, smaller weights
    Graph graph;       ///< imported from these bytes
  };
  /// `removed`: channels by group, each once; some of every group stay, and none goes of a group
  /// with an obstacle.
  Pruned without(const std::map<int, std::vector<int>>& removed) const;

 private:
  struct Impl;  // keeps ONNX out of this header
  std::unique_ptr<Impl> impl_;
};

}  // namespace memspice::network
