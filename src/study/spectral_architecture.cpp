#include "study/spectral_architecture.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "network/graph.hpp"
#include "spectral/network.hpp"

namespace memspice::study {
namespace {

using spectral::Architecture;

[[noreturn]] void reject_architecture(const std::string& place,
                                      const std::string& rule,
                                      const std::string& remedy) {
  throw InputError({.place = place, .value = {}, .rule = rule, .remedy = remedy});
}

Architecture of_spectral_file(const SpectralSearch& search) {
  if (search.options.activation || search.options.storage) {
    reject_architecture(
        search.file.string() + ": [spectral]",
        "gives an activation or storage, which " + search.network_file.string() + " holds already",
        "leave them out, or describe a network by depths");
  }
  return spectral::load_spectral(search.network_file).architecture;
}

Architecture of_ordinary_file(const SpectralSearch& search) {
  Architecture twin =
      spectral::architecture_of(network::load_onnx(search.network_file, search.network_options));
  twin.name = search.network_file.stem().string();
  twin.activation = search.options.activation.value_or(twin.activation);
  twin.storage = search.options.storage.value_or(twin.storage);
  twin.validate(search.file.string() + ": [spectral]");
  return twin;
}

}  // namespace

Architecture spectral_architecture(const SpectralSearch& search) {
  if (search.options.shape) {
    Architecture shape = *search.options.shape;
    shape.name = search.name;
    return shape;
  }
  if (search.network_file.empty()) {
    reject_architecture(search.file.string(),
                        "has neither [network] nor depths in [spectral]",
                        "name a network file or describe one");
  }
  return spectral::is_spectral_file(search.network_file) ? of_spectral_file(search)
                                                         : of_ordinary_file(search);
}

Architecture with_fusion(const Architecture& architecture, bool fused) {
  if (fused) return spectral::fuse(architecture);
  const bool is_fused = std::ranges::all_of(
      architecture.layers, [](const auto& layer) { return layer.size == layer.pooled; });
  return is_fused ? spectral::unfuse(architecture) : architecture;
}

}  // namespace memspice::study
