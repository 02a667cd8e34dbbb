// An ONNX file as one whole model of plain nodes: weights in other files read, sparse ones filled,
// the model's own functions written out.

#include <google/protobuf/stubs/logging.h>
#include <onnx/onnx_pb.h>

#include "base/error.hpp"
#include "base/files.hpp"
#include "network/onnx_external.hpp"
#include "network/onnx_functions.hpp"
#include "network/onnx_model.hpp"
#include "network/onnx_sparse.hpp"

namespace memspice::network {

std::int64_t room_of(const onnx::ModelProto& model) {
  // Room for small networks whole, and for each byte of a file that holds weights several copies,
  // of 8-bit integers as 64.
  constexpr std::int64_t kRoom = std::int64_t{64} << 20;
  constexpr std::int64_t kRoomPerByte = 32;
  return kRoom + kRoomPerByte * static_cast<std::int64_t>(model.ByteSizeLong());
}

void parse_model(const std::string& bytes, const std::string& file, onnx::ModelProto& model) {
  if (bytes.empty()) reject(file, {}, "is empty", "export the network again");
  // Protobuf would write its own message about a damaged file to stderr.
  const google::protobuf::LogSilencer silence;
  const bool parsed = model.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
  if (!parsed || !model.has_graph() || model.graph().node_size() == 0) {
    reject(file,
           {},
           "is no ONNX network, or a truncated one",
           "name a file that was exported as ONNX");
  }
}

void load_model(const std::filesystem::path& path, onnx::ModelProto& model) {
  parse_model(read_file(path, kLargestModel), path.string(), model);
  take_in_external_data(path, model);
  fill_sparse_weights(path.string(), model);
  expand_functions(path.string(), model);
}

}  // namespace memspice::network
