#pragma once
// Which of a file's inputs the data feed, what the others are, and which of its tensors is the
// network's output.

#include <string>

#include "network/import_options.hpp"
#include "network/onnx_node.hpp"

namespace onnx {
class GraphProto;
}

namespace memspice::network {

/// The tensor that `options` name, else the file's only output. Throws InputError listing those
/// there are.
std::string choose_output(const onnx::GraphProto& graph,
                          const ImportOptions& options,
                          const std::string& file);

/// Sets input shape, batch and values of `state` from the inputs that `output` needs. Throws
/// InputError listing them where it stays open which of them the data feed.
void read_inputs(const onnx::GraphProto& graph,
                 const std::string& output,
                 const ImportOptions& options,
                 ImportState& state);

}  // namespace memspice::network
