#pragma once
// An ONNX file in memory, and the graph imported from it with its ties to the file.

#include <cstddef>
#include <string>
#include <vector>

#include "network/graph.hpp"

namespace onnx {
class ModelProto;
}

namespace memspice::network {

/// The most bytes that protobuf reads: its sizes are 32-bit integers.
inline constexpr std::size_t kLargestModel = 2'147'483'647;

/// Reads the bytes of an ONNX file into `model`. Throws InputError naming `file` for bytes that
/// are none, or a truncated one.
void parse_model(const std::string& bytes, const std::string& file, onnx::ModelProto& model);

struct ImportedGraph {
  Graph graph;
  std::vector<std::string> tensors;  ///< by LayerId: what the layer's own node calls its output
};
/// `file` stands for the model in messages; `input_shape` as for load_onnx. Throws InputError.
ImportedGraph import_model(const onnx::ModelProto& model,
                           const std::string& file,
                           const Shape& input_shape);

}  // namespace memspice::network
