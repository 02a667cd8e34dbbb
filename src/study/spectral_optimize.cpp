#include "study/spectral_optimize.hpp"

#include <algorithm>
#include <ctime>
#include <limits>

#include "base/blas.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "network/dataset.hpp"
#include "simulate/simulate.hpp"
#include "spectral/run.hpp"
#include "study/spectral_architecture.hpp"

namespace memspice::study {
namespace {

namespace fs = std::filesystem;
using report::SpectralCandidate;
using report::SpectralOptimum;
using report::Throughput;
using spectral::Architecture;
using spectral::Runner;
using spectral::SpectralNetwork;

constexpr int kBatch = 256;  ///< images at a time in throughput for batches

/// Processor time of this thread [s]: other programs on the machine do not count.
double processor_seconds() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

/// Images per second, the best of several measurements of some 0.05 s.
double images_per_second(const Runner& runner, const network::Tensor& batch) {
  constexpr int measurements = 7;
  constexpr double span = 0.05;
  runner.run(batch);
  double best = 0.0;
  for (int k = 0; k < measurements; ++k) {
    const double start = processor_seconds();
    double now = start;
    long images = 0;
    while (now - start < span) {
      runner.run(batch);
      images += static_cast<long>(batch.shape.front());
      now = processor_seconds();
    }
    best = std::max(best, static_cast<double>(images) / (now - start));
  }
  return best;
}

Throughput measure(const SpectralNetwork& network, const network::Dataset& images) {
  pin_blas_to_one_thread();
  const Runner runner(network);
  return {.batch = images_per_second(runner, images.batch(0, std::min(kBatch, images.count()))),
          .single = images_per_second(runner, images.batch(0, 1))};
}

/// What a run needs: without unused bins where the activation allows it.
SpectralNetwork as_run(const SpectralNetwork& network) {
  const bool binwise = spectral::is_binwise(network.architecture.activation.kind);
  return binwise ? spectral::drop_unused_bins(network) : spectral::fuse(network);
}

double accuracy_of(const SpectralSearch& search,
                   const SpectralNetwork& network,
                   const network::Dataset& images) {
  const Runner runner(as_run(network));
  const auto decision = network::decision_of_logits(network.architecture.classifier.back());
  return simulate::simulate(
             [&](const network::Tensor& batch, std::uint64_t) { return runner.run(batch); },
             images,
             {.jobs = search.jobs,
              .title = "score " + network.architecture.name,
              .decision = decision})
      .accuracy;
}

fs::path file_of(const SpectralSearch& search, const Architecture& architecture) {
  if (search.options.trained.empty()) return {};
  std::string file = search.options.trained;
  return file.replace(file.find('*'), 1, architecture.name);
}

/// The trained network, whose shape must be what the candidate says.
SpectralNetwork load_candidate(const fs::path& file, const Architecture& wanted) {
  const SpectralNetwork network = spectral::load_spectral(file);
  const Architecture found = spectral::fuse(network.architecture);
  if (found.layers == wanted.layers && found.classifier == wanted.classifier) return network;
  throw InputError({.place = file.string(),
                    .value = {},
                    .rule = "holds a network of another shape than " + wanted.name,
                    .remedy = "rename the file, or train it with the command that is shown"});
}

std::string list_of(const std::vector<int>& numbers) {
  std::vector<std::string> words;
  for (const int number : numbers) words.push_back(std::to_string(number));
  return join(words, ",");
}

std::string quoted(const std::string& text) {
  const bool plain = text.find_first_not_of(
                         "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./-+=,") ==
                     std::string::npos;
  if (plain && !text.empty()) return text;
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

/// What trains a candidate; from the original where that one is trained already.
std::string training_command(const SpectralSearch& search,
                             const Architecture& architecture,
                             const fs::path& file,
                             const fs::path& original) {
  std::vector<int> sizes, depths;
  for (const spectral::LayerShape& layer : architecture.layers) {
    sizes.push_back(layer.pooled);
    depths.push_back(layer.channels_out);
  }
  std::error_code ec;
  const bool from = !original.empty() && fs::exists(original, ec);
  return "flows/train/spectral.py --data " + quoted(search.test.folder.string()) +
         (from ? " --from " + quoted(original.string()) + " --epochs 8 --rate 2e-3" : "") +
         " --sizes " + list_of(sizes) + " --depths " + list_of(depths) + " --classifier " +
         list_of(architecture.classifier) + " --out " +
         (file.empty() ? architecture.name + ".onnx" : quoted(file.string()));
}

double energy_of(const SpectralSearch& search,
                 const Architecture& architecture,
                 const spectral::DigitalCard& card) {
  return report::spectral_energy(
      report::spectral_cost(architecture, true, card, search.options.lanes));
}

void score(const SpectralSearch& search,
           const network::Dataset& images,
           SpectralOptimum& optimum,
           std::size_t k) {
  SpectralCandidate& candidate = optimum.candidates[k];
  const SpectralNetwork network = load_candidate(candidate.file, candidate.candidate.architecture);
  candidate.command.clear();
  candidate.accuracy = accuracy_of(search, network, images);
  candidate.throughput = measure(as_run(network), images);
  if (k > 0) return;
  optimum.original_fused = measure(spectral::fuse(network), images);
  optimum.original_unfused = measure(spectral::unfuse(network), images);
}

SpectralOptimum enumerate(const SpectralSearch& search) {
  const Architecture original = spectral_architecture(search);
  const spectral::DigitalCard& card = search.card;
  SpectralOptimum optimum{.flow = search.name,
                          .max_accuracy_loss = search.options.max_accuracy_loss,
                          .unfused = report::spectral_cost(
                              with_fusion(original, false), false, card, search.options.lanes)};
  for (auto& candidate : spectral::enumerate_candidates(original, search.options.candidates)) {
    const Architecture shape = candidate.architecture;
    const fs::path file = file_of(search, shape);
    const fs::path first =
        optimum.candidates.empty() ? fs::path() : fs::path(optimum.candidates[0].file);
    optimum.candidates.push_back({.candidate = std::move(candidate),
                                  .energy = energy_of(search, shape, card),
                                  .file = file.string(),
                                  .command = training_command(search, shape, file, first)});
  }
  return optimum;
}

}  // namespace

SpectralOptimum optimize_spectral(const SpectralSearch& search) {
  SpectralOptimum optimum = enumerate(search);
  std::optional<network::Dataset> images;  // not needed where nothing is trained yet
  for (std::size_t k = 0; k < optimum.candidates.size(); ++k) {
    std::error_code ec;
    if (optimum.candidates[k].file.empty() || !fs::exists(optimum.candidates[k].file, ec)) continue;
    if (!images) images = network::load_dataset(search.test);
    score(search, *images, optimum, k);
  }
  if (images) optimum.images = images->count();
  optimum.batch = images ? std::min(kBatch, images->count()) : kBatch;
  report::rank(optimum);
  return optimum;
}

}  // namespace memspice::study
