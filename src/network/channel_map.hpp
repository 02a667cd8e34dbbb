#pragma once
// Which channels of an ONNX graph hang together, and which of its constants hold them.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace onnx {
class GraphProto;
class TensorProto;
}  // namespace onnx

namespace memspice::network {

/// How a computed tensor carries its channels.
struct Channels {
  enum class Layout {
    Image,  ///< N x C x H x W
    Flat,   ///< N x (C values), each channel's pixels as neighbours
    Other,  ///< none that is followed; the group then has an obstacle
  };
  int group = 0;
  Layout layout = Layout::Other;
  bool is_single = false;  ///< known to have one value per channel
};

/// An axis of a node's constant operand that holds a group's channels, `repeat` values for each.
struct ChannelCut {
  int node = 0, operand = 0, axis = 0;
  std::int64_t repeat = 1;
  int group = 0;
};

/// A node that is a depthwise convolution.
struct DepthwiseNode {
  int node = 0;
  int group = 0;
  int normalization = -1;  ///< the BatchNormalization right behind; -1: none
};

/// Groups of channels; joined ones count as one.
class ChannelGroups {
 public:
  int add(std::int64_t channels);  ///< 0: not known yet
  int find(int group) const;       ///< the one that stands for all it was joined with
  std::int64_t channels(int group) const { return at(group).channels; }
  const std::string& obstacle(int group) const { return at(group).obstacle; }

  void block(int group, const std::string& obstacle);  ///< the first obstacle stays
  void join(int a, int b);
  /// `place` holds so many of the group's channels; a number that differs is an obstacle.
  void require(int group, std::int64_t channels, const std::string& place);

 private:
  struct Group {
    int joined_to = -1;
    std::int64_t channels = 0;
    std::string obstacle = {};
  };
  const Group& at(int group) const { return groups_[static_cast<std::size_t>(find(group))]; }
  Group& at(int group) { return groups_[static_cast<std::size_t>(find(group))]; }

  std::vector<Group> groups_;
};

/// The stored constant that a name stands for, through Identity nodes; null: there is none.
const onnx::TensorProto* find_constant(const onnx::GraphProto& graph, const std::string& name);

struct ChannelMap {
  ChannelGroups groups;
  std::vector<ChannelCut> cuts;
  std::vector<DepthwiseNode> depthwise;
  std::map<std::string, Channels> tensors;  ///< what depends on the network's input, by name
};
/// Walks a graph that the importer has accepted. Throws InputError naming `file` where a node
/// stands before one that it takes data from.
ChannelMap map_channels(const onnx::GraphProto& graph, const std::string& file);

}  // namespace memspice::network
