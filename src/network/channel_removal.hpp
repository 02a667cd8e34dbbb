#pragma once
// Takes channels out of the constants of an ONNX model.

#include <map>
#include <vector>

#include "network/channel_map.hpp"

namespace onnx {
class ModelProto;
}

namespace memspice::network {

/// `removed`: channels by group as ChannelGroups::find gives it, each once and below the group's
/// count. Every constant that holds one of these groups is cut; one that several nodes share, or
/// hold differently, is copied first. Shapes that the file states for intermediate tensors of these
/// groups are dropped.
void remove_channels(const ChannelMap& map,
                     const std::map<int, std::vector<int>>& removed,
                     onnx::ModelProto& model);

}  // namespace memspice::network
