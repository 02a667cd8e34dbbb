#pragma once
// What the nodes of an ONNX file have given so far while it is imported.

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "network/onnx_constant.hpp"
#include "network/onnx_draft.hpp"

namespace memspice::network {

/// What a name in the file stands for: a constant, or the output of a layer of the draft.
struct Value {
  std::shared_ptr<const Constant> constant;
  int layer = kDraftInput;
  std::array<int, 4> padding{};  ///< zeros still to be put around a computed image, by its reader
  bool is_class = false;  ///< of a layer's scores the number of the largest; for the network's end
  /// Where the file's tensor holds integers q: the layer gives scale (q - zero_point) in its place.
  std::shared_ptr<const Quantization> codes = nullptr;
  /// The file's tensor, its first axis included, is one image's: the layer has the axis of the
  /// images in front. Otherwise the file's first axis is the batch.
  bool is_whole = false;
};

/// What all nodes of one import share.
struct ImportState {
  std::string file;
  std::int64_t opset = 0;
  std::int64_t batch = 1;       ///< the batch that the file was exported with; 1 if it is free
  bool lacks_batch = false;     ///< the file's input is one image, without an axis for the batch
  bool is_whole_input = false;  ///< the file's input is steps x batch x values; see Value::is_whole
  Draft draft;
  std::map<std::string, Value> values;
  std::set<std::string> needed;  ///< names that a node reads which the output needs
  /// Bytes that constants made by nodes and the layers' weights may still take: a file of a few
  /// nodes can ask for any number.
  std::int64_t room = 0;
};

}  // namespace memspice::network
