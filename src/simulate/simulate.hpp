#pragma once
// A whole network on its tiles: batches of images through layer kernels.

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "network/dataset.hpp"
#include "network/decision.hpp"
#include "network/graph.hpp"
#include "simulate/layer_kernel.hpp"
#include "simulate/share.hpp"

namespace memspice::simulate {

/// A network ready to run: one kernel per layer that does not use the float reference.
struct Machine {
  const network::Graph* graph = nullptr;
  std::map<int, std::shared_ptr<const LayerKernel>> kernels;  ///< by LayerId
};

/// The network's outputs for a batch N x ...; safe to call from many threads. first_image: number
/// of the batch's first image in its data set.
network::Tensor run_batch(const Machine& machine,
                          const network::Tensor& batch,
                          std::uint64_t first_image = 0);

/// What a layer gave for a batch, digital layers too.
using LayerWatch = std::function<void(network::LayerId layer, const network::Tensor& output)>;
/// The same, telling `watch` of each layer that the output needs.
network::Tensor run_batch(const Machine& machine,
                          const network::Tensor& batch,
                          std::uint64_t first_image,
                          const LayerWatch& watch);

/// What is measured over a data set.
struct Outcome {
  double accuracy = 0.0;         ///< share of images, or of pixels, whose label is right, 0 .. 1
  std::optional<double> dice;    ///< of the foreground, where pixels are labelled, 0 .. 1
  std::vector<int> predictions;  ///< one label per image; empty where pixels are labelled
  std::vector<float> scores;     ///< of each image: 1 right, 0 wrong, or the share of right pixels
  network::Tensor outputs;       ///< the network's, images x ..., where they are kept
  double seconds = 0.0;          ///< wall time
};
/// The outcome's accuracy with its interval.
Share share_of(const Outcome& outcome);
/// Of two networks on the same images.
PairedChange paired_change(const Outcome& before, const Outcome& after);

struct SimulateOptions {
  int jobs = 0;                     ///< threads; 0: all cores
  int batch = 100;                  ///< most images that one thread carries; fewer large ones
  std::string title = "simulate";   ///< of the progress bar; empty: none is shown
  network::Decision decision = {};  ///< of `Scores`; a machine's follows from its graph
  bool keep_outputs = false;
};

/// A network's outputs for a batch, as run_batch gives them; called from many threads.
using Scores = std::function<network::Tensor(const network::Tensor& batch, std::uint64_t first)>;

/// Runs all images in batches; the same result for any number of jobs. Images stream through:
/// memory does not grow with their number. Where pixels are labelled, the network's output is the
/// probability of the foreground or its logit, one value per pixel; else the network's decision
/// judges it. Throws InputError for labels that are no class of the network, RunError for scores
/// that are not finite.
Outcome simulate(const Machine& machine,
                 const network::Dataset& images,
                 const SimulateOptions& options);
Outcome simulate(const Scores& scores,
                 const network::Dataset& images,
                 const SimulateOptions& options);

}  // namespace memspice::simulate
