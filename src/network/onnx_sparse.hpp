#pragma once
// Sparse weights: crossbars hold a cell for each, zero or not.

#include <string>

namespace onnx {
class ModelProto;
}

namespace memspice::network {

/// Replaces sparse initializers and sparse values of Constant nodes by dense ones. Throws
/// InputError naming `file` for indices outside the shape and shapes that the file's size does not
/// warrant.
void fill_sparse_weights(const std::string& file, onnx::ModelProto& model);

}  // namespace memspice::network
