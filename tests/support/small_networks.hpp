#pragma once
// Small networks with weights drawn from a seed, laid onto crossbars and planned as circuits.

#include <memory>
#include <string>

#include "mapping/tile_plan.hpp"
#include "network/graph.hpp"
#include "network/ranges.hpp"
#include "synthesis/network_circuit.hpp"

namespace memspice::test {

/// n x n -> convolution 3x3 stride 2 (4 channels) -> ReLU -> squeeze-and-excitation (4 -> 2 -> 4)
/// -> maximum pooling 2x2 -> transposed convolution 3x3 stride 2 (2 channels) -> ReLU -> 3 classes.
/// `size`: n, a multiple of 4.
network::Graph small_cnn(int size = 8);

/// 6 -> 5 -> ReLU -> 3.
network::Graph small_mlp();

/// Values in [0, 1], N x the graph's input.
network::Tensor random_images(const network::Graph& graph, int count, std::uint64_t seed = 3);

/// A network on crossbars, cells of 1 to 50 uS.
struct PlannedNetwork {
  network::ActivationRanges ranges;
  std::unique_ptr<mapping::TilePlan> plan;  ///< stages point into it
  synthesis::NetworkStages stages;
};
PlannedNetwork plan_network(const network::Graph& graph,
                            const network::Tensor& calibration,
                            synthesis::Realisation realisation,
                            const mapping::Options& mapping = {},
                            int levels = 32);

/// Values as voltages, elements x images, at `scale` [V].
Eigen::MatrixXd voltages_of(const network::Tensor& values, double scale);

}  // namespace memspice::test
