#pragma once
// What the nodes of an ONNX file have given so far while it is imported.

#include <array>
#include <cstdint>
#include <map>
#include <memory>
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
};

/// What all nodes of one import share.
struct ImportState {
  std::string file;
  std::int64_t opset = 0;
  std::int64_t batch = 1;    ///< the batch that the file was exported with; 1 if it is free
  bool lacks_batch = false;  ///< the file's input is one image, without an axis for the batch
  Draft draft;
  std::map<std::string, Value> values;
  /// Bytes that constants made by nodes and the layers' weights may still take: a file of a few
  /// nodes can ask for any number.
  std::int64_t room = 0;
};

}  // namespace memspice::network
