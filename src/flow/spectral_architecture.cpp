#include "flow/spectral_architecture.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "network/graph.hpp"

namespace memspice::flow {
namespace {

using spectral::Architecture;

[[noreturn]] void reject_architecture(const std::string& place,
                                      const std::string& rule,
                                      const std::string& remedy) {
  throw InputError({.place = place, .value = {}, .rule = rule, .remedy = remedy});
}

Architecture of_spectral_file(const config::FlowOptions& options) {
  if (options.spectral.activation || options.spectral.storage) {
    reject_architecture(
        options.file.string() + ": [spectral]",
        "gives an activation or storage, which " + options.network_file.string() + " holds already",
        "leave them out, or describe a network by depths");
  }
  return spectral::load_spectral(options.network_file).architecture;
}

Architecture of_ordinary_file(const config::FlowOptions& options) {
  Architecture twin =
      spectral::architecture_of(network::load_onnx(options.network_file, options.input_shape));
  twin.name = options.network_file.stem().string();
  twin.activation = options.spectral.activation.value_or(twin.activation);
  twin.storage = options.spectral.storage.value_or(twin.storage);
  twin.validate(options.file.string() + ": [spectral]");
  return twin;
}

}  // namespace

Architecture spectral_architecture(const config::FlowOptions& options) {
  if (options.spectral.shape) {
    Architecture shape = *options.spectral.shape;
    shape.name = options.name;
    return shape;
  }
  if (options.network_file.empty()) {
    reject_architecture(options.file.string(),
                        "has neither [network] nor depths in [spectral]",
                        "name a network file or describe one");
  }
  return spectral::is_spectral_file(options.network_file) ? of_spectral_file(options)
                                                          : of_ordinary_file(options);
}

Architecture with_fusion(const Architecture& architecture, bool fused) {
  if (fused) return spectral::fuse(architecture);
  const bool is_fused = std::ranges::all_of(
      architecture.layers, [](const auto& layer) { return layer.size == layer.pooled; });
  return is_fused ? spectral::unfuse(architecture) : architecture;
}

}  // namespace memspice::flow
