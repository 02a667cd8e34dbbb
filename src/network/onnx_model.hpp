#pragma once
// An ONNX file in memory, and the graph imported from it with its ties to the file.

#include <cstddef>
#include <cstdint>
#include <filesystem>
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

/// Reads an ONNX file whole: weights that it keeps in other files, sparse ones and the model's own
/// functions become dense weights and nodes of `model`. Throws InputError naming `path`.
void load_model(const std::filesystem::path& path, onnx::ModelProto& model);

/// Bytes of memory that may be made of what a model of this size holds: a file of a few nodes can
/// ask for any number.
std::int64_t room_of(const onnx::ModelProto& model);

struct ImportedGraph {
  Graph graph;
  std::vector<std::string> tensors;  ///< by LayerId: what the layer's own node calls its output
};
/// `file` stands for the model in messages. Throws InputError.
ImportedGraph import_model(const onnx::ModelProto& model,
                           const std::string& file,
                           const ImportOptions& options);

}  // namespace memspice::network
