// ONNX file -> layer graph: read the file, take its constants and its input, read the nodes in the
// order of their data, then merge and name the layers.

#include <onnx/onnx_pb.h>

#include "base/error.hpp"
#include "network/onnx_blocked.hpp"
#include "network/onnx_input.hpp"
#include "network/onnx_read_nodes.hpp"

namespace memspice::network {
namespace {

constexpr std::int64_t kOldestOpset = 1;
constexpr std::int64_t kNewestOpset = 25;

std::int64_t read_opset(const onnx::ModelProto& model, const std::string& file) {
  constexpr int kFirstWithOpsets = 3;  // IR version
  std::int64_t opset =
      model.ir_version() < kFirstWithOpsets && model.has_ir_version() ? kOldestOpset : 0;
  for (const auto& import : model.opset_import()) {
    if (import.domain().empty() || import.domain() == "ai.onnx") opset = import.version();
  }
  if (opset < kOldestOpset || opset > kNewestOpset) {
    reject(file,
           "opset " + std::to_string(opset),
           "opsets " + std::to_string(kOldestOpset) + " to " + std::to_string(kNewestOpset) +
               " can be imported",
           "export with opset 13");
  }
  return opset;
}

/// One image's tensor whose first axis is the batch of 1 ends as a batch of images.
int output_layer(const Value& output, ImportState& state) {
  Shape shape = state.draft.shape_of(output.layer);
  if (!output.is_whole || shape.size() < 3 || shape[1] != 1) return output.layer;
  shape.erase(shape.begin());
  shape[0] = 0;
  return state.draft.add({.name = "output",
                          .place = state.file,
                          .operation = Reshape{std::move(shape), {}},
                          .inputs = {output.layer},
                          .shape = {}});
}

void end_draft(const std::string& output, ImportState& state) {
  const auto found = state.values.find(output);
  if (found == state.values.end() || found->second.constant != nullptr) {
    reject(state.file, "\"" + output + "\"", "the output does not depend on the input", {});
  }
  if (found->second.padding != std::array<int, 4>{}) {
    reject(state.file, "\"" + output + "\"", "a padded image is no output", "drop the last Pad");
  }
  state.draft.output = output_layer(found->second, state);
}

}  // namespace

ImportedGraph import_model(const onnx::ModelProto& model,
                           const std::string& file,
                           const ImportOptions& options) {
  ImportState state;
  state.file = file;
  return name_place(state.file, [&] {
    require_no_loop(model.graph(), state.file);
    state.opset = read_opset(model, state.file);
    state.room = room_of(model);
    read_initializers(model.graph(), state);
    const std::string output = choose_output(model.graph(), options, state.file);
    read_inputs(model.graph(), output, options, state);
    read_nodes(model.graph(), {output}, state);
    end_draft(output, state);
    fold_layout(state.draft);
    recognise_activations(state.draft);
    fold_into_weights(state.draft);
    return to_graph(std::move(state.draft));
  });
}

Graph load_onnx(const std::filesystem::path& path, const ImportOptions& options) {
  onnx::ModelProto model;
  load_model(path, model);
  return import_model(model, path.string(), options).graph;
}

}  // namespace memspice::network
