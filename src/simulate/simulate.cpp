#include "simulate/simulate.hpp"

#include <algorithm>
#include <cmath>
#include <mutex>
#include <optional>
#include <span>
#include <string>

#include "base/error.hpp"
#include "base/parallel.hpp"
#include "base/progress.hpp"
#include "base/stopwatch.hpp"
#include "network/run_graph.hpp"
#include "simulate/segmentation.hpp"

namespace memspice::simulate {
namespace {

/// Scores of a network that run_graph did not compute are looked at here.
void require_finite(std::span<const float> scores, int image) {
  const auto bad = std::ranges::find_if(scores, [](float v) { return !std::isfinite(v); });
  if (bad == scores.end()) return;
  throw RunError({.place = "network output",
                  .value = std::string(std::isnan(*bad) ? "NaN" : "inf") + " for image " +
                           std::to_string(image),
                  .rule = "scores are finite numbers",
                  .remedy = "check the network's weights, and the scale of its inputs ([data] "
                            "scale, mean, std)"});
}

/// The label that the decision gives each image.
void predict(const network::Decision& decision,
             const network::Tensor& scores,
             int first,
             std::vector<int>& predictions) {
  const auto images = static_cast<int>(scores.shape.front());
  const auto width = scores.data.size() / static_cast<std::size_t>(images);
  const std::span<const float> all(scores.data);
  for (int n = 0; n < images; ++n) {
    const auto row = all.subspan(static_cast<std::size_t>(n) * width, width);
    require_finite(row, first + n);
    predictions[static_cast<std::size_t>(first + n)] = decision.label_of(row);
  }
}

/// 1 for each right label, 0 for each wrong one.
std::vector<float> score_labels(const std::vector<int>& predictions,
                                const std::vector<int>& labels) {
  std::vector<float> scores;
  for (std::size_t n = 0; n < labels.size(); ++n) {
    scores.push_back(predictions[n] == labels[n] ? 1.0F : 0.0F);
  }
  return scores;
}

double share_right(const std::vector<float>& scores) {
  const auto right = static_cast<double>(std::ranges::count(scores, 1.0F));
  return scores.empty() ? 0.0 : right / static_cast<double>(scores.size());
}

/// Large images travel in smaller batches, so that activations stay within some hundred MiB.
int batch_size(const network::Dataset& images, const SimulateOptions& options) {
  constexpr std::int64_t most_pixels = 100 * 32 * 32;
  const network::Shape& shape = images.images.shape;
  if (shape.size() != 4) return options.batch;
  const std::int64_t room = most_pixels / std::max<std::int64_t>(1, shape[2] * shape[3]);
  return static_cast<int>(std::clamp<std::int64_t>(room, 1, options.batch));
}

/// What the batches of a data set add up to; each writes its own part.
class Score {
 public:
  Score(const network::Dataset& images, const SimulateOptions& options)
      : images_(images),
        decision_(options.decision),
        keeps_outputs_(options.keep_outputs),
        predictions_(images.labels_pixels() ? 0 : static_cast<std::size_t>(images.count())),
        counts_(images.labels_pixels() ? static_cast<std::size_t>(images.count()) : 0) {}

  void take(int first, const network::Tensor& output) {
    if (keeps_outputs_) keep(first, output);
    if (!images_.labels_pixels()) return predict(decision_, output, first, predictions_);
    const auto images = static_cast<std::size_t>(output.shape.front());
    const std::size_t plane = output.data.size() / images;
    const std::span<const float> pixels(output.data);
    const std::span<const std::uint8_t> labels(images_.label_planes);
    for (std::size_t n = 0; n < images; ++n) {
      const std::size_t image = static_cast<std::size_t>(first) + n;
      counts_[image] = count_pixels(pixels.subspan(n * plane, plane),
                                    labels.subspan(image * plane, plane),
                                    decision_.threshold.value_or(kForegroundThreshold));
    }
  }

  Outcome outcome() && {
    Outcome outcome;
    outcome.outputs = std::move(outputs_);
    if (!images_.labels_pixels()) {
      outcome.scores = score_labels(predictions_, images_.labels);
      outcome.accuracy = share_right(outcome.scores);
      outcome.predictions = std::move(predictions_);
      return outcome;
    }
    PixelCounts all;
    for (const PixelCounts& counts : counts_) {
      all += counts;
      outcome.scores.push_back(static_cast<float>(counts.accuracy()));
    }
    outcome.accuracy = all.accuracy();
    outcome.dice = all.dice();
    return outcome;
  }

 private:
  /// Batches come in any order, from many threads.
  void keep(int first, const network::Tensor& output) {
    const std::size_t width = output.data.size() / static_cast<std::size_t>(output.shape.front());
    std::call_once(sized_, [&] {
      network::Shape shape = output.shape;
      shape.front() = images_.count();
      outputs_ = network::Tensor(std::move(shape));
    });
    std::ranges::copy(output.data,
                      outputs_.data.begin() + static_cast<std::ptrdiff_t>(first * width));
  }

  const network::Dataset& images_;
  const network::Decision& decision_;
  bool keeps_outputs_;
  std::once_flag sized_;
  network::Tensor outputs_;
  std::vector<int> predictions_;
  std::vector<PixelCounts> counts_;  ///< by image
};

}  // namespace

network::Tensor run_batch(const Machine& machine,
                          const network::Tensor& batch,
                          std::uint64_t first_image) {
  return run_batch(machine, batch, first_image, {});
}

network::Tensor run_batch(const Machine& machine,
                          const network::Tensor& batch,
                          std::uint64_t first_image,
                          const LayerWatch& watch) {
  return network::run_graph(
      *machine.graph,
      batch,
      [&](network::LayerId id, std::span<const network::Tensor* const> inputs) {
        const auto kernel = machine.kernels.find(id.value);
        const bool has_kernel = kernel != machine.kernels.end();
        network::Tensor output =
            has_kernel ? kernel->second->apply(inputs, first_image) : network::Tensor{};
        if (!watch) return output;
        if (!has_kernel) output = network::apply_layer(machine.graph->layer(id), inputs);
        watch(id, output);
        return output;
      },
      {.first = first_image});
}

Share share_of(const Outcome& outcome) {
  Share share = share_of(outcome.scores);
  share.value = outcome.accuracy;  // pixels are counted, not averaged by image
  return share;
}

PairedChange paired_change(const Outcome& before, const Outcome& after) {
  return paired_change(before.scores, after.scores);
}

Outcome simulate(const Machine& machine,
                 const network::Dataset& images,
                 const SimulateOptions& options) {
  SimulateOptions judged = options;
  judged.decision = images.labels_pixels() ? network::decision_of_pixels(*machine.graph)
                                           : network::decision_of(*machine.graph);
  return simulate([&](const network::Tensor& batch,
                      std::uint64_t first) { return run_batch(machine, batch, first); },
                  images,
                  judged);
}

Outcome simulate(const Scores& scores,
                 const network::Dataset& images,
                 const SimulateOptions& options) {
  const Stopwatch stopwatch;
  network::require_labels(options.decision, images, "labels");
  const int count = images.count();
  const int step = batch_size(images, options);
  const int batches = (count + step - 1) / step;
  Score score(images, options);
  std::optional<Progress> progress;
  if (!options.title.empty()) {
    progress.emplace(options.title, static_cast<std::size_t>(count), "images");
  }
  parallel_for(options.jobs, static_cast<std::size_t>(batches), [&](std::size_t k) {
    const int first = static_cast<int>(k) * step;
    const int size = std::min(step, count - first);
    const auto first_image = static_cast<std::uint64_t>(first);
    score.take(first, scores(images.batch(first, size), first_image));
    if (progress) progress->advance(static_cast<std::size_t>(size));
  });
  Outcome outcome = std::move(score).outcome();
  outcome.seconds = stopwatch.seconds();
  return outcome;
}

}  // namespace memspice::simulate
