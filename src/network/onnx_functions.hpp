#pragma once
// Functions that a model defines for itself: exporters write modules or fused operators so.

#include <string>

namespace onnx {
class ModelProto;
}

namespace memspice::network {

/// Replaces each call of a function of `model` by the function's nodes, and drops the functions.
/// Throws InputError naming `file` for functions that call themselves, two of one name, and more
/// nodes than the file's size warrants.
void expand_functions(const std::string& file, onnx::ModelProto& model);

}  // namespace memspice::network
