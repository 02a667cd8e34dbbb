#pragma once

#include <optional>

#include "network/graph.hpp"
#include "spectral/network.hpp"

namespace memspice::flow {

/// A network file as layers; where it holds a spectral network, that one too.
struct LoadedNetwork {
  network::Graph graph;
  std::optional<spectral::SpectralNetwork> spectral;
};

/// Throws InputError naming the file and what is wrong.
LoadedNetwork load_network(const std::filesystem::path& file,
                           const network::ImportOptions& options);

}  // namespace memspice::flow
