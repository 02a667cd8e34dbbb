#pragma once
// Weights that a network keeps in files of their own beside it, as exporters do with large ones.

#include <filesystem>

namespace onnx {
class ModelProto;
}

namespace memspice::network {

/// Reads every weight that `model`, the file at `path`, keeps elsewhere into `model`, which is then
/// whole. A weight's file lies in the network's folder, links included, and the weight's bytes lie
/// in the file, apart from those of others. Throws InputError naming weight and file otherwise.
void take_in_external_data(const std::filesystem::path& path, onnx::ModelProto& model);

}  // namespace memspice::network
