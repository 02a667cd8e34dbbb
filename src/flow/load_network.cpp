#include "flow/load_network.hpp"

#include "spectral/lower.hpp"

namespace memspice::flow {

LoadedNetwork load_network(const std::filesystem::path& file,
                           const network::ImportOptions& options) {
  if (!spectral::is_spectral_file(file)) return {network::load_onnx(file, options), std::nullopt};
  spectral::SpectralNetwork network = spectral::load_spectral(file);
  network::Graph graph = spectral::lower(network);
  return {std::move(graph), std::move(network)};
}

}  // namespace memspice::flow
