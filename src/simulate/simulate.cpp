#include "simulate/simulate.hpp"

#include <algorithm>
#include <chrono>
#include <optional>

#include "base/parallel.hpp"
#include "base/progress.hpp"

namespace memspice::simulate {
namespace {

/// The index of each image's largest score, the first of equals.
void predict(const network::Tensor& scores, int first, std::vector<int>& predictions) {
  const auto images = static_cast<int>(scores.shape.front());
  const std::int64_t classes = scores.size() / images;
  for (int n = 0; n < images; ++n) {
    const float* row = scores.data.data() + n * classes;
    predictions[static_cast<std::size_t>(first + n)] =
        static_cast<int>(std::max_element(row, row + classes) - row);
  }
}

double share_right(const std::vector<int>& predictions, const std::vector<int>& labels) {
  std::size_t right = 0;
  for (std::size_t n = 0; n < labels.size(); ++n) right += predictions[n] == labels[n] ? 1 : 0;
  return labels.empty() ? 0.0 : static_cast<double>(right) / static_cast<double>(labels.size());
}

}  // namespace

network::Tensor run_batch(const Machine& machine,
                          const network::Tensor& batch,
                          std::uint64_t first_image) {
  return network::run_float(
      *machine.graph,
      batch,
      [&](network::LayerId id, std::span<const network::Tensor* const> inputs) {
        const auto kernel = machine.kernels.find(id.value);
        return kernel == machine.kernels.end() ? network::Tensor{}
                                               : kernel->second->apply(inputs, first_image);
      });
}

Outcome simulate(const Machine& machine,
                 const network::Dataset& images,
                 const SimulateOptions& options) {
  const auto start = std::chrono::steady_clock::now();
  const int count = images.count();
  const int batches = (count + options.batch - 1) / options.batch;
  Outcome outcome;
  outcome.predictions.resize(static_cast<std::size_t>(count));
  std::optional<Progress> progress;
  if (!options.title.empty()) {
    progress.emplace(options.title, static_cast<std::size_t>(count), "images");
  }
  parallel_for(options.jobs, static_cast<std::size_t>(batches), [&](std::size_t k) {
    const int first = static_cast<int>(k) * options.batch;
    const int size = std::min(options.batch, count - first);
    const auto first_image = static_cast<std::uint64_t>(first);
    predict(run_batch(machine, images.batch(first, size), first_image), first, outcome.predictions);
    if (progress) progress->advance(static_cast<std::size_t>(size));
  });
  outcome.accuracy = share_right(outcome.predictions, images.labels);
  outcome.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return outcome;
}

std::map<int, network::Tensor> record_layer_inputs(const network::Graph& graph,
                                                   const network::Tensor& batch) {
  std::map<int, network::Tensor> inputs;
  network::run_float(
      graph, batch, [&](network::LayerId id, std::span<const network::Tensor* const> operands) {
        if (graph.layer(id).has_weights()) inputs[id.value] = *operands.front();
        return network::Tensor{};
      });
  return inputs;
}

}  // namespace memspice::simulate
